/** Sinks in their consumer group: who reads what, what is read again, and what is never left out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startPluginWorker, testSink } from '../../helpers/processes/plugin-worker';
import type { Settings, WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { produce, produceValues } from '../../helpers/servers/kafka-io';
import { waitFor } from '../../helpers/wait-for';

const QUICK_GROUP = { 'consumer.override.session.timeout.ms': 1500, 'consumer.override.heartbeat.interval.ms': 300 };

describe('a sink', () => {
  let broker: Broker;
  let worker: WorkerProcess;
  let number = 0;
  let topic = '';
  let name = '';

  beforeAll(async () => {
    broker = await Broker.start({ settings: { 'num.partitions': '2', 'group.min.session.timeout.ms': '1000' } });
    worker = await startPluginWorker({ bootstrap: broker.bootstrap, worker: { 'offset.flush.interval.ms': 300 } });
  });
  afterAll(async () => {
    await worker.stop();
    await broker.stop();
  });
  beforeEach(() => {
    number++;
    topic = `t${number}`;
    name = `sink${number}`;
  });
  afterEach(() => worker.rest('DELETE', `/connectors/${name}`));

  /** Writes `count` values to each of the two partitions: `p/i`. */
  const fill = async (from: number, count: number): Promise<void> => {
    for (const partition of [0, 1]) {
      const values = Array.from({ length: count }, (_, i) => ({ value: `${partition}/${from + i}`, partition }));
      await produce(broker.bootstrap, topic, values);
    }
  };

  const create = (settings: Settings = {}): Promise<void> => worker.create(testSink(name, topic, worker.dir.file(name), settings));

  const notes = (task: number): string[] => worker.dir.read(`${name}.${task}`).split('\n').slice(0, -1);
  const records = (...tasks: number[]): string[] =>
    tasks.flatMap(task => notes(task).flatMap(line => (/^[01] \d+ /.test(line) ? [line.split(' ')[2] ?? ''] : [])));
  const distinct = (...tasks: number[]): number => new Set(records(...tasks)).size;
  const allCame = (count: number, ...tasks: number[]): Promise<unknown> =>
    waitFor(`${count} records`, () => distinct(...tasks) >= count, { timeoutMs: 25_000 });

  test('two tasks share the partitions; when one dies the other takes over, and nothing is lost', async () => {
    await fill(0, 100);
    // Task 1 may have all of the first 200 before the other has come, but not 250 of them.
    await create({ ...QUICK_GROUP, 'tasks.max': 2, behaviour: 'exit', after: 250, 'only.task': '1' });
    const lastOpens = (): string[] => [0, 1].map(task => notes(task).findLast(line => line.startsWith('open')) ?? '');
    await waitFor('one partition each', () => lastOpens().sort().join() === 'open 0,open 1', { timeoutMs: 20_000 });
    await allCame(200, 0, 1);
    await fill(100, 300);
    await allCame(800, 0, 1);
    const { json } = await worker.get(`/connectors/${name}/status`);
    expect((json as { tasks: { state: string }[] }).tasks.map(({ state }) => state)).toEqual(['RUNNING', 'FAILED']);
    expect(lastOpens()[0]).toBe('open 0,1');
  });

  test('a task that is idle, or paused, stays in its group beyond max.poll.interval.ms', async () => {
    await fill(0, 1);
    await create({ ...QUICK_GROUP, 'consumer.override.max.poll.interval.ms': 2000 });
    await allCame(2, 0);
    await sleep(3000);
    expect((await worker.rest('PUT', `/connectors/${name}/pause`)).status).toBe(202);
    await sleep(3000);
    await worker.rest('PUT', `/connectors/${name}/resume`);
    await fill(1, 1);
    await allCame(4, 0);
    expect(notes(0).filter(line => /^(open|close)/.test(line))).toEqual(['open 0,1']);
  });

  test('a put that takes longer than max.poll.interval.ms costs a rebalance, not the task', async () => {
    await fill(0, 5);
    await create({ ...QUICK_GROUP, 'consumer.override.max.poll.interval.ms': 2000, behaviour: 'block', 'block.ms': 3500 });
    await allCame(10, 0);
    await fill(5, 5);
    await allCame(20, 0);
    await worker.waitState(name, 'RUNNING');
    expect(notes(0).filter(line => line === 'open 0,1').length).toBeGreaterThan(1);
  });

  test('a RetriableException has the same records delivered again, none twice, none left out', async () => {
    await fill(0, 50);
    await create({ behaviour: 'retry' });
    await allCame(100, 0);
    expect(records(0)).toHaveLength(100);
    await worker.waitLog('RetriableException from SinkTask');
  });

  test('a task that goes back within put gets the records again, and they are committed only then', async () => {
    await fill(0, 20);
    await create({ behaviour: 'rewind', after: 39, 'consumer.override.max.poll.records': 10 });
    await waitFor('some records again', () => records(0).length > distinct(0), { timeoutMs: 20_000 });
    await allCame(40, 0);
    await worker.rest('POST', `/connectors/${name}/restart?includeTasks=true`);
    await fill(20, 1);
    await allCame(42, 0);
  });

  test('a task that asks for an offset while it opens begins there', async () => {
    await fill(0, 20);
    await create({ 'open.offset': 15 });
    await allCame(10, 0);
    await sleep(500);
    expect([...new Set(records(0))].map(value => Number(value.split('/')[1])).sort((a, b) => a - b)[0]).toBe(15);
  });

  test('kill -9 midway: nothing lost, and no more repeated than came after the last commit', async () => {
    await produceValues(
      broker.bootstrap,
      topic,
      Array.from({ length: 400 }, (_, i) => `${i % 2}/${i}`),
    );
    const own = await startPluginWorker({
      bootstrap: broker.bootstrap,
      worker: {
        'offset.flush.interval.ms': 200,
        ...Object.fromEntries(Object.entries(QUICK_GROUP).map(([k, v]) => [k.replace('.override', ''), v])),
      },
      connectors: [testSink(name, topic, worker.dir.file(name), { 'put.ms': 100, 'consumer.override.max.poll.records': 20 })],
    });
    await allCame(100, 0);
    await own.kill9();
    await create({ ...QUICK_GROUP });
    await allCame(400, 0);
    // 200 ms between commits, 100 ms for 20 records, and a commit under way.
    expect(records(0).length - 400).toBeLessThanOrEqual(120);
  });
});
