/** FileStreamSink with `file.exactly.once` on a real broker: every record in the file once, whatever happens to the worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../../src/testing/data/random';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { produce } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const RECORDS = 30_000;
const KILLS = 6;
const FLUSH_MS = 600;
const LONG = { timeoutMs: 45_000 };

describe('a file that is written exactly once', () => {
  let broker: Broker;
  let dir: TempDir;
  let worker: WorkerProcess | null = null;
  let number = 0;
  let topic = '';

  beforeAll(async () => {
    broker = await Broker.start({ settings: { 'num.partitions': '2', 'group.min.session.timeout.ms': '1000' } });
  });
  afterAll(() => broker?.stop());
  beforeEach(() => {
    dir = new TempDir('exactly-once');
    topic = `once${number++}`;
  });
  afterEach(async () => {
    await worker?.kill9();
    worker = null;
    dir.remove();
  });

  const start = async (more: Settings = {}): Promise<WorkerProcess> => {
    worker = await startWorker({
      bootstrap: broker.bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': FLUSH_MS, 'consumer.session.timeout.ms': 1500, 'consumer.heartbeat.interval.ms': 300 },
      connectors: [
        {
          name: `sink-${topic}`,
          'connector.class': 'FileStreamSink',
          'tasks.max': 2,
          topics: topic,
          file: dir.file('out'),
          'file.exactly.once': true,
          ...more,
        },
      ],
    });
    return worker;
  };
  const fill = async (from: number, count: number): Promise<void> => {
    for (const partition of [0, 1]) {
      await produce(
        broker.bootstrap,
        topic,
        Array.from({ length: count }, (_, i) => ({ partition, value: `${partition} ${from + i} ${'x'.repeat(50)}` })),
      );
    }
  };
  const read = (): string[] => dir.read('out').split('\n').slice(0, -1);
  const size = (): number => dir.read('out').length;
  const allThere = (count: number): Promise<unknown> => waitFor(`${count} lines`, () => read().length >= count, LONG);
  /** Every number of both partitions, once, in order. */
  const expectWhole = (each: number): void => {
    const ofPartition = (partition: string): number[] =>
      read()
        .filter(line => line.startsWith(partition))
        .map(line => Number(line.split(' ')[1]));
    const all = Array.from({ length: each }, (_, i) => i);
    expect([ofPartition('0'), ofPartition('1')].map(seen => seen.length)).toEqual([each, each]);
    expect(ofPartition('0')).toEqual(all);
    expect(ofPartition('1')).toEqual(all);
    expect(read().every(line => line.endsWith('x'.repeat(50)))).toBe(true);
  };

  test('and killed at random: each record is there once, in order, none torn', async () => {
    const random = seeded(Date.now() % 1000);
    let output = '';
    await fill(0, RECORDS / 2);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = kill === 0 ? 0 : (JSON.parse(dir.read('out.journal').split('\n')[0] ?? '') as { length: number }).length;
      const running = await start({ 'consumer.override.max.partition.fetch.bytes': 100_000 });
      await fill(RECORDS / 2 + kill * 10, 10);
      await waitFor('the file to grow', () => size() > before, LONG);
      await sleep(random(FLUSH_MS));
      await running.kill9();
      output += running.output;
    }
    await start();
    const each = RECORDS / 2 + KILLS * 10;
    await allThere(2 * each);
    await worker?.stop();
    expectWhole(each);
    output += worker?.output;
    expect(output).not.toContain('was changed by others');
    // Otherwise nothing was tried.
    expect(output).toContain('are taken back, and their records come again');
  });

  test('and frozen beyond its session loses its partitions: what was not committed is taken back and comes again', async () => {
    await fill(0, 100);
    const running = await start({ 'consumer.override.max.poll.interval.ms': 2000 });
    await allThere(200);
    await fill(100, 50);
    await sleep(50);
    process.kill(running.pid, 'SIGSTOP');
    await sleep(4000);
    await fill(150, 50);
    process.kill(running.pid, 'SIGCONT');
    await fill(200, 50);
    await allThere(500);
    await running.stop();
    expectWhole(250);
  });

  test('goes on from the file, whatever the group has committed; offsets that are changed over REST count', async () => {
    await fill(0, 10);
    const running = await start();
    await allThere(20);
    await running.stop();
    const again = await start({ topics: `${topic},${topic}-unused` });
    await fill(10, 5);
    await allThere(30);
    expectWhole(15);
    const name = `sink-${topic}`;
    await again.rest('PUT', `/connectors/${name}/stop`);
    const to = (kafka_partition: number, kafka_offset: number): object => ({
      partition: { kafka_topic: topic, kafka_partition },
      offset: { kafka_offset },
    });
    expect((await again.rest('PATCH', `/connectors/${name}/offsets`, { offsets: [to(0, 12), to(1, 15)] })).status).toBe(200);
    await again.rest('PUT', `/connectors/${name}/resume`);
    await allThere(33);
    expect(
      read()
        .slice(30)
        .map(line => line.slice(0, 4)),
    ).toEqual(['0 12', '0 13', '0 14']);
  });

  test('and was changed by others since it was killed: refused, with the remedy, and untouched', async () => {
    await fill(0, 10);
    const running = await start({ 'consumer.override.max.poll.records': 1 });
    await allThere(20);
    await running.kill9();
    // As if it had been killed while it was ahead.
    const journal = dir.read('out.journal');
    dir.write('out.journal', `${journal}${size()} 10 1\n`);
    dir.write('out', `${dir.read('out')}others\n`);
    const changed = dir.read('out');
    const refused = await start();
    await refused.waitState(`sink-${topic}`, 'RUNNING', 'FAILED', LONG);
    const { text } = await refused.get(`/connectors/sink-${topic}/status`);
    expect(text).toContain('Nothing was touched.');
    expect(text).toContain('out.journal');
    expect(dir.read('out')).toBe(changed);
  });

  test('needs a file', async () => {
    const running = await start();
    const config = { name: 'n', 'connector.class': 'FileStreamSink', topics: topic, 'file.exactly.once': true };
    const { status, text } = await running.rest('POST', '/connectors', { name: 'n', config });
    expect([status, text]).toEqual([400, expect.stringContaining('file.exactly.once needs a file')]);
  });
});
