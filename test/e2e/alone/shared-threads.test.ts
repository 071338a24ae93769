import fs from 'node:fs';
import type { Behaviour } from '../../helpers/fakes/test-plugins';
import { compiledTest } from '../../helpers/paths';
import { runCommand } from '../../helpers/processes/child';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const SCRIPT = compiledTest('helpers/processes/shared-thread.js');

interface Report {
  readonly before: { readonly fds: number; readonly threads: number };
  readonly after: { readonly fds: number; readonly threads: number };
  readonly freed: boolean;
}

const bootstrap = sharedBootstrap();
const topic = `shared-${Date.now().toString(36)}`;

/** Plays a scene, and sees that it leaves nothing behind. */
async function play<T>(...scene: string[]): Promise<T> {
  const result = await runCommand(process.execPath, [SCRIPT, bootstrap, topic, ...scene], { timeoutMs: 60_000 });
  expect({ ...result, stdout: '' }).toMatchObject({ code: 0, signal: null, stderr: '' });
  const { before, after, freed, ...seen } = JSON.parse(result.stdout.toString()) as Report & T;
  expect(freed).toBe(true);
  expect(after.fds).toBeLessThanOrEqual(before.fds);
  expect(after.threads).toBeLessThanOrEqual(before.threads);
  return seen as T;
}

/** What the descriptors of a process stand for. */
function openFiles(pid: number): string[] {
  return fs.readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    try {
      return [fs.readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
}

interface Pulses {
  readonly pulses: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

describe('tasks that share a thread', () => {
  test.each<[Behaviour, RegExp]>([
    ['throw', /the task has thrown/],
    ['throw later', /a timer has thrown/],
    ['reject later', /a promise was rejected/],
  ])('one that does "%s" fails alone, and the others go on', async (behaviour, reason) => {
    expect(await play('misbehave', behaviour, 'fails')).toEqual({
      moreThreads: 0,
      stoppedInOrder: true,
      failures: [expect.stringMatching(reason), null, null],
      goOn: true,
      othersInOrder: [true, true],
      nextRuns: true,
    });
  });

  test('one that never ends is left behind until the others have gone', async () => {
    expect(await play('misbehave', 'hang')).toEqual({
      moreThreads: 0,
      stoppedInOrder: false,
      failures: [null, null, null],
      goOn: true,
      othersInOrder: [true, true],
      nextRuns: true,
    });
  });

  test('one that blocks them all and cannot be stopped takes the thread with it; the others say so', async () => {
    const ended = expect.stringMatching(
      /^The thread of task (good|other)-0 was ended: task bad-0, which ran in the same thread, blocked it and could not be stopped/,
    );
    expect(await play('misbehave', 'block')).toEqual({
      moreThreads: 0,
      stoppedInOrder: false,
      failures: [null, ended, ended],
      goOn: false,
      othersInOrder: [false, false],
      nextRuns: true,
    });
  });

  test('one that ends the thread fails them all', async () => {
    const ended = expect.stringMatching(/^The thread of task \w+-0 ended unexpectedly \(exit code 7\), with 2 other tasks in it$/);
    expect(await play('misbehave', 'exit', 'fails')).toMatchObject({ failures: [ended, ended, ended], nextRuns: true });
  });

  test('one is paused and resumed alone', async () => {
    expect(await play('pause')).toEqual({ twoGoesOn: true, stood: true, oneGoesOn: true, inOrder: [true, true] });
  });

  test('a file at full speed leaves ten others their turns', async () => {
    const dir = new TempDir('starve');
    const lines = 1_000_000;
    const file = dir.write('big', `${'x'.repeat(95)}\n`.repeat(lines));
    try {
      const round = (name: string): Promise<Pulses> => play<Pulses>('starve', file, String(lines), dir.file(name));
      // Other programs make pauses longer, and never shorter: who starves does so in every round.
      let seen = await round('late-0');
      for (let i = 1; i < 3 && seen.p99Ms >= 100; i++) seen = await round(`late-${i}`);
      expect(seen.pulses).toBeGreaterThan(200);
      expect(seen.p50Ms).toBeLessThan(20);
      expect(seen.p99Ms).toBeLessThan(100);
    } finally {
      dir.remove();
    }
  }, 90_000);
});

describe('a worker with task.threads.max=2 and 12 connectors', () => {
  const numbers = Array.from({ length: 6 }, (_, i) => i);
  let worker: WorkerProcess;

  beforeAll(async () => {
    worker = await startWorker({ bootstrap, worker: { 'task.threads.max': 2 } });
  });
  afterAll(() => worker.stop());

  const source = (i: number): Settings => ({
    name: `source-${topic}-${i}`,
    'connector.class': 'FileStreamSource',
    file: worker.dir.file(`in-${i}`),
    topic: `${topic}-${i}`,
  });
  const sink = (i: number): Settings => ({
    name: `sink-${topic}-${i}`,
    'connector.class': 'FileStreamSink',
    file: worker.dir.file(`out-${i}`),
    topics: `${topic}-${i}`,
  });
  const all = (): Settings[] => numbers.flatMap(i => [source(i), sink(i)]);
  const threads = (): number => fs.readdirSync(`/proc/${worker.pid}/task`).length;
  /** Descriptors without sockets: those of HTTP clients come and go, those to brokers have a thread each. */
  const descriptors = (): number => openFiles(worker.pid).filter(target => !target.startsWith('socket:')).length;
  /** Threads that are not librdkafka's. */
  const nodeThreads = (): number =>
    fs
      .readdirSync(`/proc/${worker.pid}/task`)
      .filter(id => !fs.readFileSync(`/proc/${worker.pid}/task/${id}/comm`, 'utf8').startsWith('rdk:')).length;
  const append = (line: string): void => {
    for (const i of numbers) fs.appendFileSync(worker.dir.file(`in-${i}`), `${line}\n`);
  };
  const arrived = (i: number, line: string): boolean => {
    const file = worker.dir.file(`out-${i}`);
    return fs.existsSync(file) && fs.readFileSync(file, 'utf8').split('\n').includes(line);
  };
  const createAll = async (): Promise<void> => {
    await Promise.all(all().map(config => worker.create(config)));
    for (const { name } of all()) await worker.waitState(String(name), 'RUNNING');
  };
  const deleteAll = async (): Promise<void> => {
    const answers = await Promise.all(all().map(({ name }) => worker.rest('DELETE', `/connectors/${name}`)));
    expect(answers.map(({ status }) => status)).toEqual(all().map(() => 204));
  };

  test('runs them all in two threads, and each goes its own way', async () => {
    const bare = nodeThreads();
    append('one');
    await createAll();
    expect(nodeThreads() - bare).toBe(2);
    await waitFor('the first lines', () => numbers.every(i => arrived(i, 'one')), { timeoutMs: 30_000 });
    const [paused, restarted, deleted] = [sink(0), sink(1), sink(2)];
    await worker.rest('PUT', `/connectors/${paused.name}/pause`);
    await worker.waitState(String(paused.name), 'PAUSED');
    await worker.rest('POST', `/connectors/${restarted.name}/tasks/0/restart`);
    await worker.rest('DELETE', `/connectors/${deleted.name}`);
    append('two');
    await waitFor('the second lines', () => [1, 3, 4, 5].every(i => arrived(i, 'two')), { timeoutMs: 30_000 });
    expect([arrived(0, 'two'), arrived(2, 'two')]).toEqual([false, false]);
    await worker.rest('PUT', `/connectors/${paused.name}/resume`);
    await worker.create(deleted);
    await waitFor('the lines of all', () => numbers.every(i => arrived(i, 'two')), { timeoutMs: 30_000 });
    await deleteAll();
    await waitFor('the end of the threads', () => nodeThreads() === bare);
  }, 90_000);

  test('72 lives of connectors leave no thread or descriptor behind', async () => {
    const before = { fds: descriptors(), threads: threads() };
    for (let round = 0; round < 6; round++) {
      await createAll();
      await deleteAll();
    }
    await waitFor('threads', () => threads() <= before.threads);
    await waitFor('descriptors', () => descriptors() <= before.fds);
  }, 120_000);
});
