/** A source whose client breaks in mid-run: the task stays RUNNING and goes on by itself once what was wrong is put right. */
import { runCommand } from '../../helpers/processes/child';
import { judge, LINE_BYTES, LineFeeder, savedLines } from '../../helpers/processes/line-feeder';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { consumeValues, listTopics, readTopic } from '../../helpers/servers/kafka-io';
import { javaArguments } from '../../helpers/servers/kafka-jars';
import { jaas, SecureBroker, USER_PASSWORD } from '../../helpers/servers/secure-broker';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const SLOW = { timeoutMs: 60_000, everyMs: 200 };

let broker: SecureBroker;
let worker: WorkerProcess | undefined;
let dir: TempDir;
let feeder: LineFeeder;

beforeAll(async () => {
  broker = await SecureBroker.start(['ann']);
}, 120_000);
afterAll(() => broker?.stop());
beforeEach(() => {
  dir = new TempDir('healing');
  feeder = new LineFeeder(dir.file('lines'), 2000);
});
afterEach(async () => {
  feeder.stop();
  await worker?.kill9();
  dir.remove();
});

const start = async (topic: string, client: Settings = {}): Promise<WorkerProcess> => {
  worker = await startWorker({
    bootstrap: broker.broker.bootstrap,
    dir,
    worker: { 'offset.flush.interval.ms': 200 },
    connectors: [{ name: 'src', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: feeder.file, topic, ...client }],
  });
  return worker;
};

/** What a topic holds, as the text of a file. */
const textOf = async (topic: string): Promise<string> =>
  (await readTopic(broker.broker.bootstrap, topic)).map(({ value }) => `${value?.toString()}\n`).join('');

const topicCommand = async (...args: string[]): Promise<void> => {
  const all = ['--bootstrap-server', broker.broker.bootstrap, ...args];
  const command = javaArguments('org.apache.kafka.tools.TopicCommand', all, ['-XX:TieredStopAtLevel=1']);
  expect(await runCommand('java', command)).toMatchObject({ code: 0 });
};

const saved = (lines: number) => waitFor(`offset of line ${lines}`, () => savedLines(dir.file('offsets')) >= lines, SLOW);

test('a right that is taken away is waited for; then nothing is lost, and order is kept', async () => {
  const rights = ['--operation', 'Write', '--operation', 'Describe', '--topic', 'acl'];
  await broker.allow(['ann'], rights);
  await topicCommand('--create', '--topic', 'acl', '--partitions', '1');
  const running = await start('acl', {
    'producer.override.bootstrap.servers': broker.bootstrap.SASL_PLAINTEXT,
    'producer.override.security.protocol': 'SASL_PLAINTEXT',
    'producer.override.sasl.mechanism': 'PLAIN',
    'producer.override.sasl.jaas.config': jaas('plain', { username: 'ann', password: USER_PASSWORD }),
  });
  feeder.start();
  await saved(500);
  await broker.revoke(['ann'], rights);
  await running.waitLog(/The producer has failed: .*\[acl\].*Give the user of the producer back its rights on the topic/, SLOW);
  await running.waitLog(/goes on after the last acknowledged record in 2 s/, SLOW);
  await running.waitState('src', 'RUNNING');
  await broker.allow(['ann'], rights);
  const before = feeder.count;
  await saved(before);
  feeder.stop();
  await saved(feeder.count);
  expect(judge(await textOf('acl'), feeder.count)).toMatchObject({ lost: 0, odd: 0 });
  await running.waitState('src', 'RUNNING');
}, 180_000);

test('a topic that is deleted and made again under load: the source goes on with every line after the last acknowledged one', async () => {
  const running = await start('again');
  feeder.start();
  await saved(500);
  await topicCommand('--delete', '--topic', 'again');
  const goneBy = feeder.count;
  await saved(goneBy + 4000);
  feeder.stop();
  await saved(feeder.count);
  expect(await listTopics(broker.broker.bootstrap)).toContainEqual(['again', 1]);
  const lines = (await consumeValues(broker.broker.bootstrap, 'again', 1)).map(line => Number(line?.slice(0, 9)));
  const first = Math.min(...lines);
  // All that went to the first topic was acknowledged before it was deleted; from there on nothing is missing.
  expect(first).toBeLessThanOrEqual(goneBy);
  expect(new Set(lines).size).toBe(feeder.count - first);
  expect(feeder.count * LINE_BYTES).toBe(savedLines(dir.file('offsets')) * LINE_BYTES);
  await running.waitState('src', 'RUNNING');
}, 180_000);
