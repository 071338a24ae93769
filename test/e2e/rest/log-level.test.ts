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

test('DEBUG shows the life of tasks and what the Kafka client of a new task does; probes show at DEBUG only', async () => {
  const dir = new TempDir('log-debug');
  dir.write('in.txt', 'line\n');
  const worker = await startWorker({ bootstrap: sharedBootstrap(), dir });
  expect(await worker.rest('GET', '/health')).toMatchObject({ status: 200 });
  await worker.rest('GET', '/connectors');
  await worker.waitLog(/INFO .*"GET \/connectors HTTP/);
  expect(worker.output).not.toMatch(/"GET \/health HTTP/);
  expect(await worker.rest('PUT', '/admin/loggers/org.apache.kafka', { level: 'DEBUG' })).toMatchObject({ status: 200 });
  const topic = `log-debug-${Date.now().toString(36)}`;
  await worker.create({ name: 'd', 'connector.class': 'FileStreamSource', file: dir.file('in.txt'), topic });
  await worker.waitLog(/DEBUG Task d-0 says state RUNNING.*WorkerTask/);
  await worker.waitLog(/DEBUG .*(?:BROKER|CONNECT|CONNECTED|APIVERSION|STATE)[\s\S]*clients\.NetworkClient/);
  await worker.rest('GET', '/health');
  await worker.waitLog(/DEBUG .*"GET \/health HTTP/);
  expect(worker.output.match(/ DEBUG /g)?.length).toBeGreaterThan(50);
  await worker.stop();
  dir.remove();
});
