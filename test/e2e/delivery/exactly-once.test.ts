/** Sources with exactly-once: whatever happens to the worker, readers of committed records find each line once, in order. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../../src/testing/data/random';
import { inRepository } from '../../helpers/paths';
import { runCommand } from '../../helpers/processes/child';
import { judge, LineFeeder, savedLines, type Verdict } from '../../helpers/processes/line-feeder';
import {
  ourBinary,
  propertiesText,
  type Settings,
  STRING_CONVERTERS,
  startWorker,
  type WorkerProcess,
} from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { dumpValues, endOffset, listTopics, produceValues, readTopic } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const SLOW = { timeoutMs: 60_000, everyMs: 200 };
const PERFECT: Verdict = { lost: 0, duplicates: 0, backTo: [], odd: 0 };

let broker: Broker;
let dir: TempDir;
let feeder: LineFeeder;
let topic: string;
const workers: WorkerProcess[] = [];
let number = 0;

beforeAll(async () => {
  broker = await Broker.start({ settings: { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500' } });
}, 120_000);
afterAll(() => broker?.stop());
beforeEach(() => {
  dir = new TempDir('exactly-once');
  topic = `lines-${++number}`;
  feeder = new LineFeeder(dir.file('lines'));
});
afterEach(async () => {
  feeder.stop();
  const run = workers.splice(0);
  await Promise.all(run.map(worker => worker.kill9()));
  dir.remove();
  // The counters of a task have to add up, whatever was given up and read again.
  for (const { output } of run) expect(output).not.toContain('This is a bug');
});

const sourceSettings = (): Settings => ({ name: 'lines', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: feeder.file, topic });

const start = async (folder = dir, connector: Settings = {}, settings: Settings = {}): Promise<WorkerProcess> => {
  const worker = await startWorker({
    bootstrap: broker.bootstrap,
    dir: folder,
    worker: { 'exactly.once.source.support': 'enabled', 'offset.flush.interval.ms': 500, ...settings },
    connectors: [{ ...sourceSettings(), ...connector }],
  });
  workers.push(worker);
  return worker;
};

const committed = async (): Promise<string> => {
  await dumpValues(broker.bootstrap, topic, dir.file('topic'));
  return dir.read('topic');
};

/** Lets the source come to the end of its file; what committed records there are then. */
const finish = async (): Promise<Verdict> => {
  feeder.stop();
  await waitFor('all lines', async () => (await committed()).split('\n').length - 1 >= feeder.count, SLOW);
  return judge(await committed(), feeder.count);
};

const grown = (by: number, before: number): Promise<unknown> =>
  waitFor(`${by} more records`, async () => (await endOffset(broker.bootstrap, topic)) >= before + by, SLOW);

test('kill -9 at random moments under load: every line once, in order', async () => {
  const random = seeded(7);
  feeder.start();
  for (let life = 0; life < 6; life++) {
    const before = await endOffset(broker.bootstrap, topic);
    const worker = await start();
    await grown(1, before);
    await sleep(random(700));
    await worker.kill9();
  }
  await start();
  expect(await finish()).toEqual(PERFECT);
}, 180_000);

test('an offset file that is lost changes nothing: the topic decides', async () => {
  feeder.append(5000);
  const first = await start();
  await waitFor('the copy of the offset', () => savedLines(dir.file('offsets')) === 5000, SLOW);
  await first.stop();
  for (const name of ['offsets', 'offsets.previous', 'offsets.sha256']) rmSync(dir.file(name), { force: true });
  feeder.append(5000);
  await start();
  expect(await finish()).toEqual(PERFECT);
}, 120_000);

test('a worker whose files are all lost is the same one again by worker.uuid, as its log said it', async () => {
  feeder.append(5000);
  const first = await start();
  await waitFor('the copy of the offset', () => savedLines(dir.file('offsets')) === 5000, SLOW);
  await first.kill9();
  const [, uuid = ''] = /offsets in topic connect-offsets-(\S+)/.exec(first.output) ?? [];
  expect(uuid).toBe(dir.read('offsets.worker-uuid').trim());
  for (const name of readdirSync(dir.path).filter(each => each.startsWith('offsets'))) rmSync(dir.file(name));
  feeder.append(5000);
  await start(dir, {}, { 'worker.uuid': uuid });
  expect(await finish()).toEqual(PERFECT);
}, 120_000);

test('--drain moves all there is, and ends', async () => {
  feeder.append(50_000);
  const source = dir.write('source.properties', propertiesText(sourceSettings()));
  const settings = { 'bootstrap.servers': broker.bootstrap, 'offset.storage.file.filename': dir.file('offsets'), ...STRING_CONVERTERS };
  const file = dir.write(
    'drain.properties',
    propertiesText({ ...settings, 'exactly.once.source.support': 'enabled', listeners: 'http://127.0.0.1:0' }),
  );
  expect(await runCommand(ourBinary, ['--drain', file, source], { timeoutMs: 60_000 })).toMatchObject({ code: 0 });
  expect(judge(await committed(), feeder.count)).toEqual(PERFECT);
}, 90_000);

test('SIGTERM commits what is in flight, and says so in the topic and in the file', async () => {
  feeder.start();
  const worker = await start();
  await grown(3000, 0);
  expect(await worker.stop()).toEqual({ code: 143, signal: null });
  const lines = (await committed()).split('\n').length - 1;
  expect(savedLines(dir.file('offsets'))).toBe(lines);
  const topics = [...(await listTopics(broker.bootstrap)).keys()];
  const offsetsTopic = `connect-offsets-${dir.read('offsets.worker-uuid').trim()}`;
  expect(topics).toContain(offsetsTopic);
  const last = (await readTopic(broker.bootstrap, offsetsTopic)).at(-1);
  expect(last?.key?.toString()).toBe(`["lines",{"filename":${JSON.stringify(feeder.file)}}]`);
  expect(last?.value?.toString()).toBe(`{"position":${lines * 64}}`);
  expect(last?.headers).toEqual([['connect.position.hash', expect.stringMatching(/^[0-9a-f]{32} \d+:\d+:\d+$/)]]);
  await start();
  expect(await finish()).toEqual(PERFECT);
}, 120_000);

test('a worker that is frozen for longer than its transactions may last goes on, every line once', async () => {
  feeder.start();
  const worker = await start(dir, {
    'producer.override.transaction.timeout.ms': 2000,
    'transaction.boundary': 'interval',
    'transaction.boundary.interval.ms': 700,
  });
  await grown(3000, 0);
  for (let i = 0; i < 2; i++) {
    worker.child.signal('SIGSTOP');
    await sleep(5000);
    worker.child.signal('SIGCONT');
    const before = await endOffset(broker.bootstrap, topic);
    await grown(3000, before);
  }
  await worker.waitState('lines', 'RUNNING');
  expect(await finish()).toEqual(PERFECT);
  await worker.waitLog(/open for longer than transaction.timeout.ms|goes on after/);
  // What was in the transactions that the brokers have aborted counts once, when it has come again.
  await worker.stop();
  await worker.waitLog(`read ${feeder.count} = acknowledged ${feeder.count} + filtered 0`);
}, 180_000);

test('a broker that is killed under load: every line once', async () => {
  feeder.start();
  const worker = await start();
  await grown(3000, 0);
  await broker.kill();
  await sleep(1500);
  await broker.restart();
  const before = await endOffset(broker.bootstrap, topic);
  await grown(3000, before);
  await worker.waitState('lines', 'RUNNING');
  expect(await finish()).toEqual(PERFECT);
}, 180_000);

test('workers with equally named connectors leave each other alone; with the same uuid the older one is fenced', async () => {
  const others = [new TempDir('other'), new TempDir('copy')];
  try {
    const [other, copy] = others as [TempDir, TempDir];
    feeder.start();
    const first = await start();
    const second = await start(other);
    await grown(4000, 0);
    await Promise.all([first, second].map(worker => worker.waitState('lines', 'RUNNING')));
    cpSync(dir.file('offsets.worker-uuid'), copy.file('offsets.worker-uuid'));
    const third = await start(copy);
    await first.waitState('lines', 'RUNNING', 'FAILED', SLOW);
    const { text } = await first.get('/connectors/lines/status');
    expect(text).toMatch(/ProducerFencedException.*give the copy its own worker.uuid/);
    await Promise.all([second, third].map(worker => worker.waitState('lines', 'RUNNING')));
    await third.stop();
    feeder.stop();
  } finally {
    await Promise.all(workers.splice(0).map(worker => worker.kill9()));
    for (const other of others) other.remove();
  }
}, 180_000);

test('offsets that are set or removed by REST count for the next start, whatever the file says', async () => {
  feeder.append(100);
  const worker = await start();
  await waitFor('the copy of the offset', () => savedLines(dir.file('offsets')) === 100, SLOW);
  const offsets = '/connectors/lines/offsets';
  const partition = { filename: feeder.file };
  expect((await worker.rest('PUT', '/connectors/lines/stop')).status).toBe(204);
  const patched = await worker.rest('PATCH', offsets, { offsets: [{ partition, offset: { position: 64 * 90 } }] });
  expect([patched.status, patched.text]).toEqual([200, expect.stringContaining('altered successfully')]);
  await worker.stop();
  for (const name of ['offsets', 'offsets.previous', 'offsets.sha256']) rmSync(dir.file(name), { force: true });
  const again = await start();
  await waitFor('the last ten lines once more', async () => (await committed()).split('\n').length - 1 === 110, SLOW);
  expect((await again.rest('PUT', '/connectors/lines/stop')).status).toBe(204);
  expect((await again.rest('DELETE', offsets)).status).toBe(200);
  expect((await again.rest('PUT', '/connectors/lines/resume')).status).toBe(202);
  await waitFor('all lines once more', async () => (await committed()).split('\n').length - 1 === 210, SLOW);
}, 180_000);

/** A source of batches of ten numbers. It commits behind every second batch; the numbers from 20 to 24 are in an aborted transaction. */
const COUNTING_PLUGIN = `
const record = (topic, n) => ({
  sourcePartition: { counter: 'a' }, sourceOffset: { n }, topic, kafkaPartition: null, keySchema: null, key: null,
  valueSchema: null, value: String(n), timestamp: null, headers: [],
});
class Task {
  start(props, context) {
    this.topic = props.topic;
    this.context = context;
    this.next = Number(context.offsetStorageReader.offset({ counter: 'a' })?.n ?? -1) + 1;
  }
  async poll() {
    if (this.next >= 60) return new Promise(resolve => setTimeout(resolve, 100, null));
    const { transactionContext } = this.context;
    const records = Array.from({ length: 10 }, (_, i) => record(this.topic, this.next + i));
    if (this.next === 20) transactionContext.abortTransaction(records[4]);
    if (this.next % 20 === 10) transactionContext.commitTransaction();
    this.next += 10;
    return records;
  }
  stop() {}
}
class Connector {
  version() { return '1'; }
  config() { const { ConfigDef } = require(${JSON.stringify(inRepository('dist/src/api/index.js'))}); return new ConfigDef(); }
  start(props) { this.props = props; }
  taskConfigs() { return [this.props]; }
  stop() {}
  exactlyOnceSupport() { return 'SUPPORTED'; }
  canDefineTransactionBoundaries() { return 'SUPPORTED'; }
}
exports.plugin = {
  type: 'source', className: 'test.CountingConnector', taskClassName: 'test.CountingTask', version: '1',
  createConnector: () => new Connector(), createTask: () => new Task(),
};
`;

test('a topic of offsets that is not compacted would forget them: the task is FAILED with the text of Java, and has sent nothing', async () => {
  // Made by the broker, with its cleanup.policy=delete.
  await produceValues(broker.bootstrap, 'forgetful', ['x']);
  feeder.append(10);
  const worker = await start(dir, { 'offsets.storage.topic': 'forgetful' });
  await worker.waitState('lines', 'RUNNING', 'FAILED');
  const { text } = await worker.rest('GET', '/connectors/lines/status');
  expect(text).toContain("is required to have 'cleanup.policy=compact'");
  expect(text).toContain("found the topic currently has 'cleanup.policy=delete'");
  expect([...(await listTopics(broker.bootstrap)).keys()]).not.toContain(topic);
}, 60_000);

test('a task that says where its transactions end: aborted records are never seen, and do not come again', async () => {
  const folder = dir.file('plugins');
  mkdirSync(folder);
  writeFileSync(`${folder}/counting.js`, COUNTING_PLUGIN);
  const connector = {
    'connector.class': 'test.CountingConnector',
    'transaction.boundary': 'connector',
    'exactly.once.support': 'required',
  };
  const worker = await start(dir, connector, { 'plugin.path': folder });
  await waitFor('the last number', async () => (await committed()).includes('59\n'), SLOW);
  const expected = Array.from({ length: 60 }, (_, n) => n).filter(n => n < 20 || n > 24);
  expect((await committed()).trim().split('\n').map(Number)).toEqual(expected);
  await worker.stop();
  await worker.waitLog('= acknowledged 55 + filtered 5 + dead-lettered 0 + skipped 0 + pending 0');
  const again = await start(dir, connector, { 'plugin.path': folder });
  await again.waitState('lines', 'RUNNING');
  await sleep(1000);
  expect((await committed()).trim().split('\n')).toHaveLength(expected.length);
  const refused = await again.rest('PUT', '/connector-plugins/FileStreamSource/config/validate', {
    name: 'x',
    'connector.class': 'FileStreamSource',
    topic: 't',
    'exactly.once.support': 'required',
    'transaction.boundary': 'connector',
  });
  expect(refused.text).toContain('The connector does not support exactly-once semantics with the provided configuration.');
  expect(refused.text).toContain('The connector does not support connector-defined transaction boundaries');
}, 120_000);
