/**
 * Runs tasks of test plugins that claim never to block in one thread, in a process of its own, and prints as JSON what became of them.
 * Arguments: bootstrap servers, topic, then a name of `SCENES` and its arguments.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClientKeeper } from '../../../src/kafka/native/client-keeper';
import { findLibrdkafka } from '../../../src/kafka/native/librdkafka';
import { logLevels } from '../../../src/log';
import { CELL_OF } from '../../../src/metrics/cells';
import type { TaskHandle } from '../../../src/thread/task-handle';
import { TaskThreads } from '../../../src/thread/task-threads';
import { readTaskSettings } from '../fakes/settings';
import { STRING_CONVERTERS } from './worker-process';

const [bootstrap = '', topic = '', scene = '', ...sceneArguments] = process.argv.slice(2);
const workerProps = { 'bootstrap.servers': bootstrap, ...STRING_CONVERTERS, 'offset.flush.timeout.ms': '3000' };
const threads = new TaskThreads({ keeper: createClientKeeper(findLibrdkafka()), logLevels, log: () => {}, maxThreads: () => 1 });

/** A task and what it has said so far. */
interface Watched {
  readonly handle: TaskHandle;
  state: string;
  failure: string | null;
  records: number;
}

/** Starts a source that may share its thread. */
function start(name: string, connector: string, more: Readonly<Record<string, string>> = {}): Watched {
  const props = { name, 'connector.class': connector, topic, ...more };
  const watched: { -readonly [K in keyof Watched]: Watched[K] } = { handle: {} as TaskHandle, state: '', failure: null, records: 0 };
  watched.handle = threads.start(
    {
      id: { connector: name, task: 0 },
      kind: 'source',
      connectorClass: connector,
      settings: readTaskSettings(workerProps, { kind: 'source', id: { connector: name, task: 0 }, connectorProps: props }),
      workerProps,
      connectorProps: props,
      taskProps: props,
      paused: false,
      storedOffsets: [],
      draining: false,
      retentionWindows: [],
      pluginModules: [require.resolve('../fakes/test-plugins')],
      mayShareThread: true,
    },
    {
      onState: state => {
        watched.state = state;
      },
      onFailed: error => {
        watched.failure = error.message;
      },
      onTopicActive: () => {},
      onPlugins: () => {},
      onProgress: ({ cells }) => {
        watched.records = cells[CELL_OF.recordsMoved] ?? 0;
      },
      onDrained: () => {},
      saveOffsets: async () => {},
    },
  );
  return watched;
}

const startTest = (name: string, more: Readonly<Record<string, string>> = {}): Watched =>
  start(name, 'test.TestSourceConnector', { 'poll.ms': '5', ...more });

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const deadlineMs = Date.now() + 20_000; !isSo(); await sleep(10)) {
    if (Date.now() > deadlineMs) throw new Error(`waited too long for ${what}`);
  }
}

/** True if the task moves records from now on. */
async function goesOn(task: Watched): Promise<boolean> {
  const before = task.records;
  return until('records', () => task.records > before + 10).then(
    () => true,
    () => false,
  );
}

const count = (what: string): number => fs.readdirSync(`/proc/self/${what}`).length;

/** Threads of tasks: those that are neither librdkafka's nor there from the start. */
const nodeThreads = (): number =>
  fs.readdirSync('/proc/self/task').filter(id => !fs.readFileSync(`/proc/self/task/${id}/comm`, 'utf8').startsWith('rdk:')).length;

const SCENES: Readonly<Record<string, (...args: string[]) => Promise<Record<string, unknown>>>> = {
  /** One of three misbehaves, and is stopped; how do the others fare? */
  async misbehave(behaviour = '', wantsFailure = '') {
    const good = startTest('good');
    await until('a running task', () => good.state === 'RUNNING');
    const threadsOfOne = nodeThreads();
    const bad = startTest('bad', { behaviour, after: '300' });
    const other = startTest('other');
    await until('two more', () => bad.state === 'RUNNING' && other.state === 'RUNNING');
    const moreThreads = nodeThreads() - threadsOfOne;
    if (wantsFailure) await until('a failure', () => bad.failure !== null);
    else await sleep(1000);
    const stoppedInOrder = await bad.handle.stop(Date.now() + 3000);
    if (behaviour === 'block') await until('the end of the others', () => good.failure !== null && other.failure !== null);
    const goOn = good.failure === null && (await goesOn(good)) && (await goesOn(other));
    const othersInOrder = await Promise.all([good, other].map(({ handle }) => handle.stop(Date.now() + 5000)));
    const next = startTest('next');
    const nextRuns = await goesOn(next);
    await next.handle.stop(Date.now() + 5000);
    const failures = [bad.failure, good.failure, other.failure];
    return { moreThreads, stoppedInOrder, failures, goOn, othersInOrder, nextRuns };
  },

  /** Pauses and resumes one of two. */
  async pause() {
    const [one, two] = [startTest('one'), startTest('two')];
    await until('both', () => one.state === 'RUNNING' && two.state === 'RUNNING');
    one.handle.pause();
    await until('the pause', () => one.state === 'PAUSED');
    await sleep(1500); // counters come once a second
    const { records } = one;
    const twoGoesOn = await goesOn(two);
    const stood = one.records === records;
    one.handle.resume();
    const oneGoesOn = await goesOn(one);
    const inOrder = await Promise.all([one, two].map(({ handle }) => handle.stop(Date.now() + 5000)));
    return { twoGoesOn, stood, oneGoesOn, inOrder };
  },

  /** A file at full speed beside ten tasks that do next to nothing. */
  async starve(file = '', lines = '', reports = '') {
    const pulses = Array.from({ length: 10 }, (_, i) => start(`pulse-${i}`, 'test.PulseSourceConnector', { file: `${reports}.${i}` }));
    await until('ten tasks', () => pulses.every(({ state }) => state === 'RUNNING'));
    for (const pulse of pulses) pulse.handle.pause();
    await sleep(500);
    const busy = start('busy', 'FileStreamSource', { file });
    for (const pulse of pulses) pulse.handle.resume();
    await until('the whole file', () => busy.records >= Number(lines));
    await Promise.all([busy, ...pulses].map(({ handle }) => handle.stop(Date.now() + 5000)));
    const lateMs = pulses.flatMap((_, i) => JSON.parse(fs.readFileSync(`${reports}.${i}`, 'utf8')) as number[]).sort((a, b) => a - b);
    const at = (share: number): number => lateMs[Math.floor((lateMs.length - 1) * share)] ?? Number.NaN;
    return { pulses: lateMs.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  },
};

async function main(): Promise<void> {
  const first = startTest('first'); // what is loaded once
  await goesOn(first);
  await first.handle.stop(Date.now() + 5000);
  await sleep(500);
  const before = { fds: count('fd'), threads: count('task') };
  const seen = await SCENES[scene]?.(...sceneArguments);
  await sleep(1000);
  const after = { fds: count('fd'), threads: count('task') };
  const freed = await threads.close();
  process.stdout.write(`${JSON.stringify({ ...seen, before, after, freed })}\n`);
  process.exit(0);
}

void main();
