/** A file source under load whose worker or broker goes away: no line is lost, and the file of offsets never says too much. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Broker } from '../helpers/broker';
import { dumpValues, endOffset } from '../helpers/kafka-io';
import { judge, LineFeeder, savedLines, type Verdict } from '../helpers/line-feeder';
import { TempDir } from '../helpers/temp-dir';
import { waitFor } from '../helpers/wait-for';
import { type Settings, startWorker, type WorkerProcess } from '../helpers/worker-process';

describe('a source under load', () => {
  let broker: Broker;
  let dir: TempDir;
  let topic: string;
  let feeder: LineFeeder;
  let worker: WorkerProcess | undefined;
  let number = 0;

  beforeAll(async () => {
    broker = await Broker.start();
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    dir = new TempDir('crash');
    topic = `lines-${++number}`;
    feeder = new LineFeeder(dir.file('lines'));
  });
  afterEach(async () => {
    feeder.stop();
    await worker?.kill9();
    dir.remove();
  });

  const start = async (settings: Settings = {}): Promise<WorkerProcess> => {
    const source = { name: 'lines', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: feeder.file, topic };
    worker = await startWorker({
      bootstrap: broker.bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': 200, ...settings },
      connectors: [source],
    });
    return worker;
  };

  /** Waits until the topic holds at least so many records. */
  const arrived = (count: number): Promise<unknown> =>
    waitFor(`${count} records`, async () => (await endOffset(broker.bootstrap, topic)) >= count, { timeoutMs: 30_000, everyMs: 100 });

  const readTopic = async (count = feeder.count): Promise<Verdict & { readonly highest: number }> => {
    await dumpValues(broker.bootstrap, topic, dir.file('topic'));
    const text = dir.read('topic');
    const highest = text.split('\n').reduce((most, line) => Math.max(most, Number.parseInt(line || '-1', 10)), -1);
    return { ...judge(text, count), highest };
  };

  /** Lets the source come to the end of its file; what the topic holds then. */
  const finish = async (): Promise<Verdict> => {
    feeder.stop();
    await waitFor('the last line', async () => (await readTopic()).highest === feeder.count - 1, { timeoutMs: 30_000, everyMs: 300 });
    return readTopic();
  };

  test('kill -9, several times: nothing lost, order kept, repeated only what came after the last commit', async () => {
    feeder.start();
    const resumedFrom: number[] = [];
    for (const lifeMs of [900, 350, 600, 150]) {
      const before = await endOffset(broker.bootstrap, topic);
      const running = await start();
      await arrived(before + 1);
      await sleep(lifeMs);
      await running.kill9();
      const saved = savedLines(dir.file('offsets'));
      expect(saved).toBeLessThanOrEqual((await readTopic()).highest + 1);
      resumedFrom.push(saved);
    }
    await start();
    const verdict = await finish();
    expect(verdict).toMatchObject({ lost: 0, odd: 0 });
    // Each life begins where the file of offsets said, and nowhere else; two of them may begin at the same line, or at the next new one.
    expect(resumedFrom).toEqual(expect.arrayContaining([...verdict.backTo]));
    expect(Math.max(...resumedFrom)).toBeGreaterThan(0);
  });

  test('a frozen broker and then kill -9: nothing lost', async () => {
    feeder.start();
    const running = await start();
    await arrived(1000);
    broker.pause();
    try {
      await sleep(3000);
      await running.kill9();
    } finally {
      broker.resume();
    }
    expect(savedLines(dir.file('offsets'))).toBeLessThanOrEqual((await readTopic()).highest + 1);
    await start();
    expect(await finish()).toMatchObject({ lost: 0, odd: 0 });
  });

  test('SIGTERM: exit 143 within 5 s, and the next start goes on at the very next line', async () => {
    feeder.start();
    for (let i = 0; i < 2; i++) {
      const before = await endOffset(broker.bootstrap, topic);
      const running = await start({ 'offset.flush.interval.ms': 60_000 });
      await arrived(before + 2000);
      const asked = Date.now();
      expect(await running.stop()).toEqual({ code: 143, signal: null });
      expect(Date.now() - asked).toBeLessThan(5000);
    }
    await start();
    expect(await finish()).toEqual(expect.objectContaining({ lost: 0, duplicates: 0, odd: 0 }));
  });

  test('SIGTERM while the broker is down: ends within its deadline; then nothing is lost', async () => {
    feeder.start();
    const running = await start();
    await arrived(1000);
    await broker.kill();
    await sleep(500);
    const asked = Date.now();
    const exit = await running.stop(20_000);
    const tookMs = Date.now() - asked;
    feeder.stop();
    await broker.restart();
    expect(exit).toEqual({ code: 143, signal: null });
    expect(tookMs).toBeLessThan(9000);
    expect(savedLines(dir.file('offsets'))).toBeLessThanOrEqual((await readTopic()).highest + 1);
    await start();
    expect(await finish()).toMatchObject({ lost: 0, odd: 0 });
  }, 90_000);

  test('a broker that stops and comes back: the source goes on by itself and says little of it', async () => {
    feeder.start();
    const running = await start();
    await arrived(1000);
    await broker.shutDown();
    await sleep(4000);
    expect((await running.get('/connectors/lines/status')).text).toMatch(/RUNNING/);
    await broker.restart();
    const before = await endOffset(broker.bootstrap, topic);
    await arrived(before + 1000);
    expect(await finish()).toMatchObject({ lost: 0, duplicates: 0, odd: 0 });
    await running.waitState('lines', 'RUNNING');
    const lines = running.output.split('\n').filter(line => / (WARN|ERROR) /.test(line));
    expect(lines.length).toBeLessThan(12);
  }, 90_000);
});
