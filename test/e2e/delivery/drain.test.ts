/** `--drain` with a sink whose topic comes only with the source: nothing is left behind, and nothing is waited for that is not needed. */
import { runCommand } from '../../helpers/processes/child';
import { ourBinary, propertiesText, type Settings, workerFileText } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { consumeValues, produceValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';

const bootstrap = sharedBootstrap();
const LINES = 2000;
let dir: TempDir;
let counter = 0;

beforeEach(() => {
  dir = new TempDir('drain');
  dir.write('in.txt', Array.from({ length: LINES }, (_, i) => `line ${i}\n`).join(''));
});
afterEach(() => dir.remove());

/** The sink is created first. @returns how many lines it has written */
async function drain(topic: string, sink: Settings, source: Settings | null = {}): Promise<number> {
  const worker = dir.write('worker.properties', workerFileText(dir, bootstrap, await freePort()));
  const files = [
    { name: `sink-${topic}`, 'connector.class': 'FileStreamSink', file: dir.file('out.txt'), ...sink },
    ...(source ? [{ name: `source-${topic}`, 'connector.class': 'FileStreamSource', file: dir.file('in.txt'), topic, ...source }] : []),
  ].map(settings => dir.write(`${settings.name}.properties`, propertiesText(settings)));
  const result = await runCommand(ourBinary, ['--drain', worker, ...files], { cwd: dir.path, timeoutMs: 60_000 });
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
  return dir.read('out.txt').split('\n').length - 1;
}

const topicName = (): string => `drain-${Date.now().toString(36)}-${counter++}`;

test.each<[string, (topic: string) => Settings]>([
  ['a list', topic => ({ topics: topic })],
  ['a pattern', topic => ({ 'topics.regex': `${topic}.*` })],
  ['a pattern, two tasks and one partition', topic => ({ 'topics.regex': `${topic}.*`, 'tasks.max': 2 })],
])(
  'the topic is not there when the sink joins: %s',
  async (_, sink) => {
    const topic = topicName();
    expect(await drain(topic, sink(topic))).toBe(LINES);
  },
  90_000,
);

test('six partitions, with records and without', async () => {
  const topic = topicName();
  const partitions = { 'topic.creation.default.partitions': 6, 'topic.creation.default.replication.factor': 1 };
  expect(await drain(topic, { topics: topic }, partitions)).toBe(LINES);
  expect(await drain(topic, { topics: topic }, null)).toBe(LINES);
}, 90_000);

test('a pattern that another topic matches from the beginning', async () => {
  const topic = topicName();
  await produceValues(bootstrap, `${topic}-before`, ['one', 'two']);
  expect(await drain(topic, { 'topics.regex': `${topic}.*`, 'consumer.override.auto.offset.reset': 'earliest' })).toBe(LINES + 2);
}, 90_000);

test('a pattern that nothing matches: there is nothing to do', async () => {
  dir.write('out.txt', '');
  expect(await drain(topicName(), { 'topics.regex': 'no-such-topic-[0-9]+x' })).toBe(0);
}, 90_000);

test('offsets that cannot be saved: all is delivered, and the exit code says that it will come again', async () => {
  const topic = topicName();
  const worker = dir.write('worker.properties', workerFileText(dir, bootstrap, await freePort()));
  const source = { name: `source-${topic}`, 'connector.class': 'FileStreamSource', file: dir.file('in.txt'), topic };
  dir.write('offsets.sha256.tmp/in-the-way', '');
  const args = ['--drain', worker, dir.write('source.properties', propertiesText(source))];
  const { code, stderr } = await runCommand(ourBinary, args, { cwd: dir.path, timeoutMs: 60_000 });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('offsets could not be saved') });
  expect(await consumeValues(bootstrap, topic, LINES)).toHaveLength(LINES);
}, 90_000);
