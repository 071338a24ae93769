import { startWorker } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { TempDir } from '../../helpers/temp-dir';

const IN_THREAD = 'org.apache.kafka.connect.file.FileStreamSourceTask';

test('a level set over REST counts in tasks that run already', async () => {
  const dir = new TempDir('log-level');
  const file = dir.file('later.txt');
  const source = { name: 'late', 'connector.class': 'FileStreamSource', file, topic: `log-level-${Date.now().toString(36)}` };
  const worker = await startWorker({ bootstrap: sharedBootstrap(), dir, connectors: [source] });
  await worker.waitLog("Couldn't find file");
  expect((await worker.rest('GET', '/admin/loggers')).json).toHaveProperty([IN_THREAD, 'level'], 'INFO');
  expect(await worker.rest('PUT', '/admin/loggers/root', { level: 'DEBUG' })).toMatchObject({ status: 200 });
  dir.write('later.txt', 'line\n');
  await worker.waitLog(/DEBUG \[late\|task-0\] Opened .*later\.txt for reading/);
  await worker.stop();
  dir.remove();
});
