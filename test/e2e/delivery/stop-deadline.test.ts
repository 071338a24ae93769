/** A stop under load has one deadline, `task.shutdown.graceful.timeout.ms`, whatever a flush may take. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LINE_BYTES, LineFeeder, savedLines } from '../../helpers/processes/line-feeder';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { endOffset } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const LATE = 'records were not acknowledged in time';
const CUT_OFF = 'Graceful stop of task';

let broker: Broker;
let dir: TempDir;
let feeder: LineFeeder;
let worker: WorkerProcess | undefined;

beforeAll(async () => {
  broker = await Broker.start();
}, 120_000);
afterAll(() => broker?.stop());
beforeEach(() => {
  dir = new TempDir('deadline');
  feeder = new LineFeeder(dir.file('lines'), 2000);
});
afterEach(async () => {
  broker.resume();
  feeder.stop();
  await worker?.kill9();
  dir.remove();
});

/** A worker whose source and sink are busy. */
async function startBusy(topic: string, gracefulTimeoutMs: number, flushTimeoutMs: number): Promise<WorkerProcess> {
  const running = await startWorker({
    bootstrap: broker.bootstrap,
    dir,
    worker: { 'task.shutdown.graceful.timeout.ms': gracefulTimeoutMs, 'offset.flush.timeout.ms': flushTimeoutMs },
    connectors: [
      { name: `src-${topic}`, 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: feeder.file, topic },
      { name: `snk-${topic}`, 'connector.class': 'FileStreamSink', 'tasks.max': 1, file: dir.file('out'), topics: topic },
    ],
  });
  worker = running;
  feeder.start();
  await waitFor('lines at the sink', () => dir.read('out').length > 2000 * LINE_BYTES, { timeoutMs: 60_000 });
  return running;
}

test('a broker that does not answer: both tasks end by it in order, though a flush may take a minute', async () => {
  const running = await startBusy('frozen', 8000, 60_000);
  broker.pause();
  await sleep(200);
  const startedMs = performance.now();
  const stopped = running.stop();
  await running.waitLog('Herder stopped');
  expect(performance.now() - startedMs).toBeLessThan(11_000);
  // Clients of librdkafka are still being freed.
  expect((await stopped).code).toBe(143);
  expect(running.output).toContain(LATE);
  expect(running.output).not.toContain(CUT_OFF);
});

test('a broker that answers late is waited for until then, though a flush may take no half second', async () => {
  const running = await startBusy('late', 30_000, 300);
  broker.pause();
  await sleep(200);
  const stopped = running.stop();
  await sleep(1500);
  broker.resume();
  expect((await stopped).code).toBe(143);
  expect(running.output).not.toContain(LATE);
  expect(running.output).not.toContain(CUT_OFF);
  expect(savedLines(dir.file('offsets'))).toBe(await endOffset(broker.bootstrap, 'late'));
});
