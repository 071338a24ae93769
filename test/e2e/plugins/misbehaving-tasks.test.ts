import fs from 'node:fs';
import type { Behaviour } from '../../helpers/fakes/test-plugins';
import { startPluginWorker, testSink, testSource } from '../../helpers/processes/plugin-worker';
import type { WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { endOffset, produceValues } from '../../helpers/servers/kafka-io';
import { waitFor } from '../../helpers/wait-for';

const GRACE_MS = 1500;

/** What the status of the task says in the end; null where it has to be RUNNING until it is stopped. */
const OUTCOMES: readonly (readonly [Behaviour, RegExp | null])[] = [
  ['throw', /the task has thrown/],
  ['throw later', /a timer has thrown/],
  ['reject later', /a promise was rejected/],
  ['exit', /ended unexpectedly \(exit code 7\)/],
  ['leave handles', /left handles behind/],
  ['block', null],
  ['hang', null],
];

describe('a task that misbehaves', () => {
  const bootstrap = sharedBootstrap();
  const run = Date.now().toString(36);
  const goodTopic = `good-${run}`;
  let worker: WorkerProcess;

  beforeAll(async () => {
    worker = await startPluginWorker({
      bootstrap,
      worker: { 'task.shutdown.graceful.timeout.ms': GRACE_MS },
      connectors: [testSource('good', goodTopic, { pad: 100, 'poll.ms': 5 })],
    });
    await produceValues(bootstrap, `in-${run}`, ['one', 'two']);
  });
  afterAll(() => worker.stop());

  const latency = async (): Promise<number> => {
    const started = performance.now();
    expect((await worker.get('/connectors')).status).toBe(200);
    return performance.now() - started;
  };

  /** The median of some calls, since others use the machine too. */
  const restLatency = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 9; i++) times.push(await latency());
    return times.sort((a, b) => a - b)[4] ?? Number.POSITIVE_INFINITY;
  };

  const taskOf = async (name: string): Promise<{ state: string; trace?: string }> => {
    const { json } = await worker.get(`/connectors/${name}/status`);
    const [task] = (json as { tasks: { state: string; trace?: string }[] }).tasks;
    if (!task) throw new Error('no task yet');
    return task;
  };

  describe.each(['source', 'sink'] as const)('a %s', kind => {
    test.each(OUTCOMES)('that does "%s": its own failure, and nobody else notices', async (behaviour, trace) => {
      const name = `${kind}-${behaviour.replaceAll(' ', '-')}`;
      const settings = kind === 'source' ? testSource(name, `bad-${run}`) : testSink(name, `in-${run}`, worker.dir.file(name));
      await worker.create({ ...settings, behaviour });
      if (trace) {
        await waitFor(`${name} to fail`, async () => (await taskOf(name)).state === 'FAILED', { timeoutMs: 20_000 });
        expect((await taskOf(name)).trace).toMatch(trace);
      } else {
        await worker.waitState(name, 'RUNNING');
        await new Promise(resolve => setTimeout(resolve, 300));
      }
      expect(await restLatency()).toBeLessThan(50);
      const before = await endOffset(bootstrap, goodTopic);
      const stopping = performance.now();
      expect((await worker.rest('DELETE', `/connectors/${name}`)).status).toBe(204);
      expect(performance.now() - stopping).toBeLessThan(GRACE_MS + 3000);
      await waitFor('the good source to go on', async () => (await endOffset(bootstrap, goodTopic)) > before);
      expect(await taskOf('good')).toMatchObject({ state: 'RUNNING' });
    });
  });

  test('threads and descriptors of all of them are gone', async () => {
    const count = (what: string): number => fs.readdirSync(`/proc/${worker.pid}/${what}`).length;
    const [fds, threads] = [count('fd'), count('task')];
    for (const behaviour of ['throw', 'exit', 'hang', 'throw', 'exit', 'hang']) {
      const name = `again-${behaviour}`;
      await worker.create({ ...testSource(name, `bad-${run}`), behaviour });
      await worker.waitState(name, 'RUNNING', behaviour === 'hang' ? 'RUNNING' : 'FAILED');
      await worker.rest('DELETE', `/connectors/${name}`);
    }
    await waitFor('descriptors', () => count('fd') <= fds + 2);
    await waitFor('threads', () => count('task') <= threads + 2);
  }, 60_000);

  test('the worker ends in order', async () => {
    const started = performance.now();
    expect(await worker.stop()).toEqual({ code: 143, signal: null });
    expect(performance.now() - started).toBeLessThan(GRACE_MS + 3000);
  });
});

describe('a flush that fails', () => {
  let worker: WorkerProcess;
  afterAll(() => worker.stop());

  test('has everything since the last commit delivered again, in order, before what waits to be put', async () => {
    const bootstrap = sharedBootstrap();
    const topic = `losing-${Date.now().toString(36)}`;
    await produceValues(bootstrap, topic, ['a', 'b', 'c']);
    worker = await startPluginWorker({ bootstrap, worker: { 'offset.flush.interval.ms': 1500 } });
    const file = worker.dir.file('flushed');
    await worker.create({
      ...testSink('losing', topic, file, { 'consumer.override.max.poll.records': 1 }),
      'connector.class': 'test.LosingSinkConnector',
    });
    const lines = (): string[] => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : []);
    await waitFor('the last record', () => lines().includes('2'), { timeoutMs: 20_000 });
    expect(lines()).toEqual(['0', '1', '2']);
  }, 40_000);
});

describe('a source whose thread is busy for longer than offset.flush.timeout.ms', () => {
  let worker: WorkerProcess;
  afterAll(() => worker.stop());

  test('is left out of that commit, which is said, keeps running, and is committed with the next one', async () => {
    const bootstrap = sharedBootstrap();
    const times = { 'offset.flush.interval.ms': 200, 'offset.flush.timeout.ms': 300 };
    worker = await startPluginWorker({ bootstrap, worker: times });
    const busy = { behaviour: 'block', after: 100, 'block.ms': 3000, count: 200 };
    await worker.create(testSource('busy', `busy-${Date.now().toString(36)}`, busy));
    await worker.waitLog(/Failed to commit offsets: the task did not answer within 300 ms; the next interval tries again/, {
      timeoutMs: 20_000,
    });
    await waitFor('the last offset', async () => (await worker.get('/connectors/busy/offsets')).text.includes('"next":200'), {
      timeoutMs: 20_000,
    });
    await worker.waitState('busy', 'RUNNING');
  }, 60_000);
});
