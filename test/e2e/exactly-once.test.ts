/** Sources with exactly-once: whatever happens to the worker, readers of committed records find each line once, in order. */
import { cpSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Broker } from '../helpers/broker';
import { dumpValues, endOffset, listTopics, readTopic } from '../helpers/kafka-io';
import { judge, LineFeeder, savedLines, type Verdict } from '../helpers/line-feeder';
import { seeded } from '../helpers/random';
import { TempDir } from '../helpers/temp-dir';
import { waitFor } from '../helpers/wait-for';
import { type Settings, startWorker, type WorkerProcess } from '../helpers/worker-process';

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
  await Promise.all(workers.splice(0).map(worker => worker.kill9()));
  dir.remove();
});

const start = async (folder = dir, connector: Settings = {}, settings: Settings = {}): Promise<WorkerProcess> => {
  const source = { name: 'lines', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: feeder.file, topic, ...connector };
  const worker = await startWorker({
    bootstrap: broker.bootstrap,
    dir: folder,
    worker: { 'exactly.once.source.support': 'enabled', 'offset.flush.interval.ms': 500, ...settings },
    connectors: [source],
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
  expect(worker.output).toMatch(/open for longer than transaction.timeout.ms|goes on behind/);
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
