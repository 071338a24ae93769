/** What a sink task may ask for, and what it may count on, on a real broker: every promise of `SinkTask` and `SinkTaskContext`. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledTest } from '../../helpers/paths';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { produce } from '../../helpers/servers/kafka-io';
import { waitFor } from '../../helpers/wait-for';

const LONG = { timeoutMs: 40_000 };

describe('a sink task', () => {
  let broker: Broker;
  let worker: WorkerProcess;
  let number = 0;
  let topic = '';
  let name = '';

  const start = (settings: Settings = {}): Promise<WorkerProcess> =>
    startWorker({
      bootstrap: broker.bootstrap,
      worker: { 'plugin.path': compiledTest('helpers/fakes/scripted-sink.js'), 'offset.flush.interval.ms': 60_000, ...settings },
    });

  beforeAll(async () => {
    broker = await Broker.start({ settings: { 'num.partitions': '2', 'group.min.session.timeout.ms': '1000' } });
    worker = await start();
  });
  afterAll(async () => {
    await worker?.stop();
    await broker?.stop();
  });
  beforeEach(() => {
    number++;
    topic = `d${number}`;
    name = `sink${number}`;
  });
  afterEach(() => worker.rest('DELETE', `/connectors/${name}`));

  const send = (partition: number, ...values: string[]): Promise<void> =>
    produce(
      broker.bootstrap,
      topic,
      values.map(value => ({ partition, value })),
    );
  const settings = (more: Settings = {}): Settings => ({
    name,
    'connector.class': 'test.ScriptedSinkConnector',
    'tasks.max': 1,
    topics: topic,
    file: worker.dir.file(name),
    'consumer.override.max.poll.records': 1,
    ...more,
  });
  /** What a task has noted, with times in ms. */
  const timed = (task = 0): { atMs: number; line: string }[] =>
    worker.dir
      .read(`${name}.${task}`)
      .split('\n')
      .slice(0, -1)
      .map(text => ({ atMs: Number(text.split(' ')[0]), line: text.slice(text.indexOf(' ') + 1) }));
  const notes = (task = 0): string[] => timed(task).map(({ line }) => line);
  const records = (...tasks: number[]): string[] =>
    (tasks.length === 0 ? [0] : tasks).flatMap(task => notes(task).filter(line => line.startsWith('record ')));
  const seen = (what: string, times = 1, task = 0): Promise<unknown> =>
    waitFor(`${what} in the notes`, () => notes(task).filter(line => line === what).length >= times, LONG);
  /** Committed offsets, by partition. */
  const committed = async (): Promise<Record<string, number>> => {
    const { json } = await worker.get(`/connectors/${name}/offsets`);
    type Offset = { partition: { kafka_partition: number }; offset: { kafka_offset: number } };
    const { offsets } = json as { offsets: Offset[] };
    return Object.fromEntries(offsets.map(({ partition, offset }) => [partition.kafka_partition, offset.kafka_offset]));
  };
  const waitCommitted = (expected: Record<string, number>): Promise<unknown> =>
    waitFor(`commits of ${JSON.stringify(expected)}`, async () => JSON.stringify(await committed()) === JSON.stringify(expected), LONG);

  test('that throws a RetriableException gets the batch again after its timeout, and nothing else meanwhile', async () => {
    await send(0, 'a', 'retry 3000', 'b');
    await worker.create(settings());
    await seen('record 0 2 b');
    expect(records()).toEqual(['record 0 0 a', 'record 0 1 retry 3000', 'record 0 2 b']);
    const puts = timed().filter(({ line }) => line === 'put 1');
    expect(puts).toHaveLength(4);
    expect((puts[2]?.atMs ?? 0) - (puts[1]?.atMs ?? 0)).toBeGreaterThanOrEqual(2990);
    expect(await committed()).toEqual({});
  });

  test('is called without records when its timeout is over, once for each time it asks', async () => {
    await send(0, 'timeout 300');
    await worker.create(settings());
    await seen('put 0');
    await sleep(1000);
    expect(notes().filter(line => line === 'put 0')).toHaveLength(1);
  });

  test('may ask for a commit at any time', async () => {
    await send(0, 'a', 'commit');
    await worker.create(settings());
    await waitCommitted({ 0: 2 });
  });

  test('may pause a partition, and resume it; a pause of the connector changes nothing of that', async () => {
    await send(0, 'pause 1');
    await worker.create(settings());
    await seen('record 0 0 pause 1');
    await send(1, 'later');
    await worker.rest('PUT', `/connectors/${name}/pause`);
    await worker.waitState(name, 'PAUSED');
    await worker.rest('PUT', `/connectors/${name}/resume`);
    await worker.waitState(name, 'RUNNING');
    await send(0, 'on');
    await seen('record 0 1 on');
    await sleep(1000);
    expect(records().filter(line => line.startsWith('record 1'))).toEqual([]);
    await send(0, 'resume 1');
    await seen('record 1 0 later');
  });

  test('fails where records are damaged on the disk of the broker, as in Java: they are not passed over, nor what is before them repeated', async () => {
    for (const value of ['a', 'damaged', 'c']) await send(0, value);
    const log = broker.dataFile(`${topic}-0/00000000000000000000.log`);
    const content = fs.readFileSync(log);
    content.write('D', content.indexOf('damaged'));
    fs.writeFileSync(log, content);
    await worker.create(settings({ 'consumer.override.max.poll.records': 500 }));
    await worker.waitState(name, 'RUNNING', 'FAILED');
    const { json } = await worker.get(`/connectors/${name}/status`);
    expect(JSON.stringify(json)).toContain('CRC');
    expect(['', 'record 0 0 a']).toContain(records().join());
    expect(Object.values(await committed()).every(offset => offset <= 1)).toBe(true);
  });

  test('may go back, and gets what lies there again; a later failure of its flush does not take it past that place', async () => {
    await send(0, 'a', 'b', 'commit', 'c');
    await worker.create(settings());
    await waitCommitted({ 0: 3 });
    await seen('record 0 3 c');
    await send(0, 'rewind 0 1', 'flush-fails');
    // The flush that fails comes with the next request, when b has come again: from there it goes on.
    await seen('record 0 1 b', 2);
    await seen('record 0 5 flush-fails');
    await send(0, 'commit');
    await waitFor('the flush to fail', () => worker.output.includes('Offset commit failed, rewinding to last committed offsets'), LONG);
    await seen('record 0 1 b', 3);
    await seen('record 0 6 commit', 2);
    const offsets = records().map(line => Number(line.split(' ')[2]));
    for (let i = 1; i < offsets.length; i++) expect(offsets[i]).toBeLessThanOrEqual((offsets[i - 1] ?? 0) + 1);
  });

  test('may go elsewhere as soon as it has its partitions, while their offsets are still being asked for', async () => {
    await send(0, 'a', 'b', 'commit', 'c');
    await worker.create(settings());
    await waitCommitted({ 0: 3 });
    await worker.rest('DELETE', `/connectors/${name}`);
    for (const [round, offset] of [1, 2, 1].entries()) {
      await worker.create(settings({ 'after.open': offset, file: worker.dir.file(`${name}-${round}`) }));
      const read = (): string[] =>
        worker.dir
          .read(`${name}-${round}.0`)
          .split('\n')
          .filter(line => line.includes(' record '));
      await waitFor('the last record', () => read().some(line => line.endsWith('record 0 3 c')), LONG);
      expect(read().map(line => Number(line.split(' ')[3]))).toEqual([1, 2, 3].slice(offset - 1));
      await worker.rest('DELETE', `/connectors/${name}`);
    }
  });

  test.each([
    ['rewind 7 0', 'java.lang.IllegalStateException: No current assignment for partition'],
    ['rewind 0 -1', 'java.lang.IllegalArgumentException: seek offset must be'],
    ['pause 7', 'IllegalWorkerStateException: SinkTasks may not pause partitions that are not currently assigned to them.'],
    ['resume 7', 'IllegalWorkerStateException: SinkTasks may not resume partitions'],
  ])('that asks for what it cannot have (%s) fails', async (value, trace) => {
    await send(0, value);
    await worker.create(settings());
    await worker.waitState(name, 'RUNNING', 'FAILED', LONG);
    expect((await worker.get(`/connectors/${name}/status`)).text).toContain(trace);
  });

  test.each([
    ['half', { 0: 2 }],
    ['none', {}],
    ['beyond', {}],
    ['foreign', {}],
  ])('whose preCommit answers %s has that committed, and no more', async (answer, expected) => {
    await send(0, 'a', 'b', `answer ${answer}`, 'c');
    await worker.create(settings());
    await seen('record 0 3 c');
    await worker.rest('PUT', `/connectors/${name}/stop`);
    await seen('stop');
    expect(notes().filter(line => line.startsWith('preCommit'))).toEqual(['preCommit 0:4']);
    expect(notes().slice(-3)).toEqual(['preCommit 0:4', 'close 0,1', 'stop']);
    expect(await committed()).toEqual(expected);
  });

  test('is told of all its partitions at a commit, also of those that have not moved', async () => {
    await send(0, 'a');
    await worker.create(settings());
    await seen('record 0 0 a');
    await send(1, 'commit');
    await seen('preCommit 0:1,1:1');
    await send(1, 'commit');
    await seen('preCommit 0:1,1:2');
  });

  test('whose put outlives max.poll.interval.ms loses its partitions without a commit, and gets all of it again; what it had paused is not', async () => {
    await send(0, 'pause 1', 'slow 6000', 'b');
    await send(1, 'not paused any more');
    const group = { 'consumer.override.max.poll.interval.ms': 2000, 'consumer.override.session.timeout.ms': 1500 };
    await worker.create(settings({ ...group, 'consumer.override.heartbeat.interval.ms': 300, 'consumer.override.max.poll.records': 10 }));
    await seen('record 0 2 b', 2);
    await seen('record 1 0 not paused any more');
    await worker.waitState(name, 'RUNNING');
    const [first = '', second = ''] = [notes().indexOf('close 0,1'), notes().lastIndexOf('open 0,1')];
    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(
      notes()
        .slice(0, Number(first))
        .filter(line => line.startsWith('preCommit')),
    ).toEqual([]);
    await worker.waitLog(/max\.poll\.interval\.ms/);
  });

  /** Partitions that a task has, by its notes. */
  const owned = (task: number): string => {
    const has = new Set<string>();
    for (const line of notes(task)) {
      const [what, places = ''] = line.split(' ');
      for (const place of places.split(',')) {
        if (what === 'open') has.add(place);
        if (what === 'close') has.delete(place);
      }
    }
    return [...has].sort().join();
  };

  test.each(['RangeAssignor', 'RoundRobinAssignor', 'CooperativeStickyAssignor'])(
    'shares partitions with the others of its connector by %s, and commits at a rebalance',
    async assignor => {
      await send(0, 'a0', 'a0');
      await send(1, 'a1', 'a1');
      const strategy = { 'consumer.override.partition.assignment.strategy': `org.apache.kafka.clients.consumer.${assignor}` };
      const create = (tasks: number): Promise<unknown> =>
        worker.rest('PUT', `/connectors/${name}/config`, {
          ...settings({ ...strategy, 'tasks.max': tasks, 'consumer.override.max.poll.records': 10 }),
        });
      await create(2);
      await waitFor('one partition each', () => [owned(0), owned(1)].sort().join(' ') === '0 1', LONG);
      await waitFor('all of the first', () => new Set(records(0, 1)).size === 4, LONG);
      await create(1);
      await send(0, 'b0');
      await send(1, 'b1');
      await waitFor('all that came later', () => records(0, 1).filter(line => / b\d/.test(line)).length === 2, LONG);
      expect(new Set(records(0, 1)).size).toBe(6);
      await worker.rest('PUT', `/connectors/${name}/stop`);
      await waitCommitted({ 0: 3, 1: 3 });
    },
  );

  test('of topics.regex gets topics that come later', async () => {
    await send(0, 'early');
    const { topics: _, ...others } = settings({ 'topics.regex': `${topic}.*`, 'consumer.override.metadata.max.age.ms': 1000 });
    await worker.create(others);
    await seen('record 0 0 early');
    await produce(broker.bootstrap, `${topic}-late`, [{ partition: 1, value: 'late' }]);
    await seen('record 1 0 late');
    expect(records().filter(line => line.endsWith('early'))).toHaveLength(1);
  });

  test('without an offset, or with one that is gone, begins as auto.offset.reset says; none fails it', async () => {
    await send(0, 'a');
    await worker.create(settings({ 'consumer.override.auto.offset.reset': 'none' }));
    await worker.waitState(name, 'RUNNING', 'FAILED', LONG);
    expect((await worker.get(`/connectors/${name}/status`)).text).toContain('NoOffsetForPartitionException');
    await worker.rest('PUT', `/connectors/${name}/stop`);
    const beyond = { partition: { kafka_topic: topic, kafka_partition: 0 }, offset: { kafka_offset: 99 } };
    expect((await worker.rest('PATCH', `/connectors/${name}/offsets`, { offsets: [beyond] })).status).toBe(200);
    await worker.rest('PUT', `/connectors/${name}/config`, settings());
    await worker.rest('PUT', `/connectors/${name}/resume`);
    await seen('record 0 0 a');
  });

  test('frozen beyond its session: another one takes over; thawed, it commits nothing over the other and reads on', async () => {
    const group = { 'consumer.override.session.timeout.ms': 1500, 'consumer.override.heartbeat.interval.ms': 300 };
    const other = await start();
    try {
      await other.create(settings(group));
      await send(0, 'a', 'b', 'slow 1000', 'c');
      await seen('record 0 1 b');
      process.kill(other.pid, 'SIGSTOP');
      await worker.create(settings({ ...group, file: worker.dir.file(`${name}-heir`) }));
      const heir = (): string[] =>
        worker.dir
          .read(`${name}-heir.0`)
          .split('\n')
          .filter(line => line.includes('record'));
      await waitFor('the heir to have read all', () => heir().length >= 4, LONG);
      await send(0, 'commit');
      await waitCommitted({ 0: 5 });
      process.kill(other.pid, 'SIGCONT');
      await waitFor('the first to be back', () => notes().some(line => line.startsWith('close')), LONG);
      await worker.rest('DELETE', `/connectors/${name}`);
      await send(0, 'after');
      await seen('record 0 5 after');
    } finally {
      process.kill(other.pid, 'SIGCONT');
      await other.stop();
    }
  });

  test('a broker that is killed while a put is under way costs nothing', async () => {
    await send(0, 'a', 'slow 2000', 'commit', 'b');
    await worker.create(settings());
    await seen('record 0 0 a');
    await broker.kill();
    await broker.restart();
    await seen('record 0 3 b');
    await send(0, 'c');
    await seen('record 0 4 c');
    expect(records()).toHaveLength(5);
    await worker.rest('PUT', `/connectors/${name}/stop`);
    await worker.rest('PUT', `/connectors/${name}/resume`);
    await send(0, 'd');
    await seen('record 0 5 d');
    expect(new Set(records()).size).toBe(6);
  });
});
