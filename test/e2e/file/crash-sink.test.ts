/** A file sink whose broker, topic or worker goes away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../helpers/processes/child';
import { judge, numberedLine } from '../../helpers/processes/line-feeder';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { produceFile } from '../../helpers/servers/kafka-io';
import { javaArguments } from '../../helpers/servers/kafka-jars';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

describe('a sink', () => {
  let broker: Broker;
  let dir: TempDir;
  let topic: string;
  let worker: WorkerProcess | undefined;
  let number = 0;

  beforeAll(async () => {
    broker = await Broker.start({ settings: { 'group.min.session.timeout.ms': '1000' } });
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    dir = new TempDir('sink');
    topic = `topic-${++number}`;
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  const fill = (from: number, count: number): Promise<void> =>
    produceFile(broker.bootstrap, topic, dir.write('more', Array.from({ length: count }, (_, i) => numberedLine(from + i)).join('')));

  const start = async (): Promise<WorkerProcess> => {
    worker = await startWorker({
      bootstrap: broker.bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': 200, 'consumer.session.timeout.ms': 1500, 'consumer.heartbeat.interval.ms': 300 },
      connectors: [{ name: 'out', 'connector.class': 'FileStreamSink', 'tasks.max': 1, topics: topic, file: dir.file('out') }],
    });
    return worker;
  };

  const wrote = (count: number): Promise<unknown> =>
    waitFor(`${count} lines`, () => judge(dir.read('out'), count).lost === 0, { timeoutMs: 25_000, everyMs: 200 });

  test('a broker that stops and comes back: the sink goes on by itself, nothing lost, nothing twice', async () => {
    await fill(0, 5000);
    const running = await start();
    await wrote(5000);
    await sleep(600);
    await broker.shutDown();
    await sleep(3000);
    await broker.restart();
    await fill(5000, 5000);
    await wrote(10_000);
    expect(judge(dir.read('out'), 10_000)).toEqual({ lost: 0, duplicates: 0, backTo: [], odd: 0 });
    await running.waitState('out', 'RUNNING');
  }, 60_000);

  test('kill -9 in the middle: nothing lost, order kept', async () => {
    await fill(0, 300_000);
    for (const lifeMs of [50, 400]) {
      const running = await start();
      const before = dir.read('out').length;
      await waitFor('some lines', () => dir.read('out').length > before, { timeoutMs: 20_000 });
      await sleep(lifeMs);
      await running.kill9();
      // A torn last line would be finished by the next life with the rest of another.
      expect(dir.read('out')).toMatch(/\n$/);
    }
    await start();
    await wrote(300_000);
    expect(judge(dir.read('out'), 300_000)).toMatchObject({ lost: 0, odd: 0 });
  }, 90_000);

  test('a topic that is deleted and made anew is read from its beginning, without a restart', async () => {
    await fill(0, 1000);
    await start();
    await wrote(1000);
    const args = ['--bootstrap-server', broker.bootstrap, '--delete', '--topic', topic];
    expect(await runCommand('java', javaArguments('org.apache.kafka.tools.TopicCommand', args, ['-XX:TieredStopAtLevel=1']))).toMatchObject(
      {
        code: 0,
      },
    );
    await sleep(1000);
    await fill(1000, 100);
    await wrote(1100);
  }, 60_000);

  test('SIGTERM while the broker is down: ends within its deadline; then nothing is lost', async () => {
    await fill(0, 5000);
    const running = await start();
    await wrote(5000);
    await broker.kill();
    await sleep(500);
    const asked = Date.now();
    const exit = await running.stop(20_000);
    const tookMs = Date.now() - asked;
    await broker.restart();
    expect(exit).toEqual({ code: 143, signal: null });
    expect(tookMs).toBeLessThan(9000);
    await fill(5000, 1000);
    await start();
    await wrote(6000);
  }, 90_000);
});
