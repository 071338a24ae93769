/** What Java's worker does not do, through the real command: what is kept, what is restarted, what is watched, what is told. */
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { propertiesText, type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues, partitionCount, produceValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const run = Date.now().toString(36);
let dir: TempDir;
let worker: WorkerProcess | undefined;
let topic: string;
let counter = 0;

beforeEach(() => {
  dir = new TempDir('beyond');
  topic = `beyond-${run}-${counter++}`;
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  dir.remove();
});

const source = (name: string, more: Settings = {}): Settings => ({
  name,
  'connector.class': 'FileStreamSource',
  topic,
  file: dir.file('in.txt'),
  ...more,
});

const configOf = async (name: string): Promise<Record<string, string>> =>
  (await worker?.get(`/connectors/${name}/config`))?.json as Record<string, string>;

const stateOf = async (name: string): Promise<string> => {
  const status = (await worker?.get(`/connectors/${name}/status`))?.json as { connector: { state: string } };
  return status.connector.state;
};

test('a topic is made as topic.creation says, before the first record; a name in the settings that is close to a known one is told', async () => {
  dir.write('in.txt', 'a line\n');
  const creation = { 'topic.creation.default.partitions': 4, 'topic.creation.default.replication.factor': -1 };
  const started = await startWorker({
    bootstrap,
    dir,
    worker: { 'ofset.flush.interval.ms': 1 },
    connectors: [source('c', { ...creation, 'task.max': 1 })],
  });
  worker = started;
  expect(await consumeValues(bootstrap, topic, 1)).toEqual(['a line']);
  expect(await partitionCount(bootstrap, topic)).toBe(4);
  await started.waitLog('ofset.flush.interval.ms (did you mean offset.flush.interval.ms?)');
  await started.waitLog(
    'In the settings of connector c, these settings are not known and have no effect: task.max (did you mean tasks.max?) at ',
  );
  await started.create(source('d', { ...creation, topic: `${topic}-d`, 'topic.creation.default.replication.factor': 3 }));
  await started.waitState('d', 'RUNNING', 'FAILED');
  const { text } = await started.get('/connectors/d/status');
  expect(text).toContain(`ConnectException: Unable to create topic(s) '${topic}-d': `);
  expect(text).toContain('Caused by: org.apache.kafka.common.errors.InvalidReplicationFactorException');
  const incomplete = { ...source('e'), 'topic.creation.default.partitions': '1' };
  const answer = await started.rest('POST', '/connectors', { name: 'e', config: incomplete });
  const missing = 'Missing required configuration "topic.creation.default.replication.factor" which has no default value.';
  expect(answer).toMatchObject({ status: 400, json: { message: expect.stringContaining(missing) } });
  expect((await started.get('/connectors/e/status')).status).toBe(404);
});

test('connectors and changes over REST outlive a killed worker; an edited file wins', async () => {
  const stateFile = dir.file('connectors.json');
  const start = (x: string): Promise<WorkerProcess> =>
    startWorker({
      bootstrap,
      dir,
      worker: { 'connectors.state.file': stateFile },
      connectors: [source('f', { 'batch.size': x }), source('g')],
    });
  worker = await start('10');
  await worker.create(source('r', { 'batch.size': 7 }));
  await worker.rest('PATCH', '/connectors/f/config', { 'batch.size': '11' });
  await worker.rest('PUT', '/connectors/f/pause');
  await worker.rest('DELETE', '/connectors/g');
  await worker.kill9();
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);

  worker = await start('10');
  expect(await stateOf('f')).toBe('PAUSED');
  await worker.waitState('r', 'RUNNING');
  expect([(await configOf('f'))['batch.size'], (await configOf('r'))['batch.size']]).toEqual(['11', '7']);
  expect((await worker.get('/connectors')).json).toEqual(['f', 'r']);
  await worker.stop();

  worker = await start('12');
  expect(await stateOf('f')).toBe('PAUSED');
  expect((await configOf('f'))['batch.size']).toBe('12');
  await worker.stop();

  writeFileSync(stateFile, 'something else');
  worker = await startWorker({ bootstrap, dir, worker: { 'connectors.state.file': stateFile }, until: 'started' });
  expect((await worker.waitExit()).code).toBe(3);
  await worker.waitLog(`${stateFile} was not written by this worker and is left as it is`);
  expect(readFileSync(stateFile, 'utf8')).toBe('something else');
});

test('restart.policy=on-failure brings a task back once what it needs is there', async () => {
  await produceValues(bootstrap, topic, ['one', 'two']);
  const file = dir.file('later/out.txt');
  worker = await startWorker({ bootstrap, dir, worker: { 'restart.policy': 'on-failure', 'restart.policy.delay.ms': 200 } });
  await worker.create({
    name: 's',
    'connector.class': 'FileStreamSink',
    topics: topic,
    file,
    'consumer.override.auto.offset.reset': 'earliest',
  });
  await worker.waitState('s', 'RUNNING', 'FAILED');
  expect((await worker.get('/connectors/s/tasks/0/status')).text).toMatch(/Automatic restart \d+ of 10 at /);
  mkdirSync(dir.file('later'));
  await waitFor('the lines', () => dir.read('later/out.txt') === 'one\ntwo\n', { timeoutMs: 30_000 });
  await worker.waitState('s', 'RUNNING');
  await worker.waitLog('Restarting Task s-0 after its failure, attempt 1');
  const refused = await worker.rest('PATCH', '/connectors/s/config', { 'restart.policy': 'always' });
  expect(refused).toMatchObject({ status: 400, json: { message: expect.stringContaining('for configuration restart.policy: ') } });
});

test('a connector file that changes is applied; a bad one is refused, and the connector goes on', async () => {
  dir.write('in.txt', 'one\n');
  worker = await startWorker({ bootstrap, dir, worker: { 'connectors.files.watch': true }, connectors: [source('w')] });
  await consumeValues(bootstrap, topic, 1);
  dir.write('connector-0.properties', propertiesText(source('w', { 'tasks.max': 'many' })));
  await worker.waitLog('connector-0.properties was not applied, connector w goes on as it is: Connector configuration is invalid');
  expect((await configOf('w'))['tasks.max']).toBeUndefined();
  dir.write('connector-0.properties', propertiesText(source('w', { topic: `${topic}-new` })));
  await worker.waitLog('Connector w now has the settings of its file');
  appendFileSync(dir.file('in.txt'), 'two\n');
  expect(await consumeValues(bootstrap, `${topic}-new`, 1)).toEqual(['two']);
  await worker.waitState('w', 'RUNNING');
});
