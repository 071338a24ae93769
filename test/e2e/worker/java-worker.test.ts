import { startJavaWorker } from '../../helpers/processes/java-worker';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';

// The original, which compatibility tests and the benchmark compare with.
test('the original worker runs with the arguments that ours takes', async () => {
  const bootstrap = sharedBootstrap();
  const topic = `java-${Date.now().toString(36)}`;
  const dir = new TempDir('java');
  const source = { name: 'in', 'connector.class': 'FileStreamSource', file: dir.write('in.txt', 'eins\nzwei\n'), topic };
  const worker = await startJavaWorker({ bootstrap, dir, connectors: [source] });
  await worker.waitState('in', 'RUNNING');
  expect(await consumeValues(bootstrap, topic, 2)).toEqual(['eins', 'zwei']);
  expect(await worker.get('/')).toMatchObject({ status: 200, json: { version: '4.3.0' } });
  expect(worker.rssKiB).toBeGreaterThan(100_000);
  expect(await worker.stop()).toEqual({ code: 143, signal: null });
  dir.remove();
});
