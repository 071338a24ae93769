/**
 * Many connectors in one worker: how long it takes to create them over REST, how fast it answers while they run, what it takes up, and
 * what it keeps when connectors come and go.
 */
import fs from 'node:fs';
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { javaWorkerCommand } from '../helpers/processes/java-worker';
import { cpuMs, rssKiB } from '../helpers/processes/process-tree';
import { ourBinary, type Settings, startWorker, type WorkerProcess } from '../helpers/processes/worker-process';
import { TempDir } from '../helpers/temp-dir';
import { waitFor } from '../helpers/wait-for';
import type { Bench, Figures, Lane } from './lanes';
import type { SubjectName } from './subjects';

/** Half of them sources, half of them sinks. */
const CONNECTORS = Number(process.env.BENCH_CONNECTORS ?? 200);
const CYCLES = Number(process.env.BENCH_CYCLES ?? 10_000);
/** Cycles before the first look: what a worker loads and allocates once is not a leak. */
const FIRST_CYCLES = Math.min(500, Math.ceil(CYCLES / 10));
/** Connectors that come and go at the same time. */
const AT_ONCE = 4;
const STATUS_REQUESTS = 2000;
const APPEND_EVERY_MS = 1000;
const SETTLE_MS = 10_000;
const FIRST_LINES = 10;

/** A source and the sink that reads its topic, with files of their own. */
interface Pair {
  readonly source: Settings;
  readonly sink: Settings;
  readonly input: string;
  readonly output: string;
}

function makePair(dir: TempDir, topic: string): Pair {
  const input = dir.write(`${topic}.in`, Array.from({ length: FIRST_LINES }, (_, i) => `${topic} line ${i}\n`).join(''));
  const output = dir.file(`${topic}.out`);
  return {
    source: { name: `${topic}-source`, 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: input, topic },
    sink: { name: `${topic}-sink`, 'connector.class': 'FileStreamSink', 'tasks.max': 1, file: output, topics: topic },
    input,
    output,
  };
}

/** A worker as it comes, Java with the heap that its script gives it. */
function startBare(subject: SubjectName, bootstrap: string): Promise<WorkerProcess> {
  const command: readonly [string, ...string[]] = subject === 'java' ? javaWorkerCommand() : [ourBinary];
  // As a user would have it; the tests commit every second.
  return startWorker({ bootstrap, command, worker: { 'offset.flush.interval.ms': 60_000 } });
}

/** Milliseconds until the answer to a GET is read, over one connection that is kept. */
function timeGet(url: string, agent: http.Agent): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, response => {
        if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
        response.resume().once('end', () => resolve(performance.now() - began));
      })
      .once('error', reject);
  });
}

/** Latencies of status requests, one after the other, while all sources get a line a second. Sorted. */
async function timeStatus(worker: WorkerProcess, pairs: readonly Pair[]): Promise<number[]> {
  const names = pairs.flatMap(({ source, sink }) => [source.name, sink.name]);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  const appending = setInterval(() => {
    for (const { input } of pairs) fs.appendFileSync(input, `one more line at ${Date.now()}\n`);
  }, APPEND_EVERY_MS);
  try {
    for (let i = 0; i < STATUS_REQUESTS; i++) {
      times.push(await timeGet(`${worker.url}/connectors/${names[i % names.length]}/status`, agent));
      await sleep(2);
    }
  } finally {
    clearInterval(appending);
    agent.destroy();
  }
  return times.sort((a, b) => a - b);
}

async function isRunning(worker: WorkerProcess): Promise<boolean> {
  const { json } = await worker.get('/connectors?expand=status');
  const all = Object.values(json as Record<string, { status: { connector: { state: string }; tasks: { state: string }[] } }>);
  const failed = all.find(({ status }) => status.tasks.some(task => task.state === 'FAILED'));
  if (failed) throw new Error(JSON.stringify(failed));
  return all.every(({ status }) => status.tasks.length === 1 && status.tasks[0]?.state === 'RUNNING');
}

const countIn = (worker: WorkerProcess, what: 'fd' | 'task'): number => fs.readdirSync(`/proc/${worker.pid}/${what}`).length;
const sameContent = ({ input, output }: Pair): boolean =>
  fs.existsSync(output) && fs.readFileSync(output, 'utf8') === fs.readFileSync(input, 'utf8');

const control: Lane = {
  name: 'control',
  what:
    `${CONNECTORS / 2} FileStreamSource and ${CONNECTORS / 2} FileStreamSink with one task each, created over REST one after the other; ` +
    `${STATUS_REQUESTS} status requests while each source gets a line a second; memory ${SETTLE_MS / 1000} s after`,
  subjects: ['ours', 'java'],
  higherIsBetter: [],
  once: true,
  async run({ bootstrap, wire, freshTopic }: Bench, subject) {
    const dir = new TempDir('bench');
    const pairs = Array.from({ length: CONNECTORS / 2 }, () => makePair(dir, `${freshTopic()}-${Date.now()}`));
    for (const { source } of pairs) await wire.createTopic(String(source.topic));
    const worker = await startBare(subject, bootstrap);
    try {
      const began = performance.now();
      for (const { source, sink } of pairs) for (const config of [source, sink]) await worker.create(config);
      const created = performance.now();
      await waitFor('all tasks to run', () => isRunning(worker), { timeoutMs: 120_000 });
      const running = performance.now();
      await waitFor('all lines', () => pairs.every(sameContent), { timeoutMs: 120_000 });
      const delivered = performance.now();
      const times = await timeStatus(worker, pairs);
      await waitFor('all lines that came later', () => pairs.every(sameContent), { timeoutMs: 120_000 });
      const cpuBefore = cpuMs(worker.pid);
      await sleep(SETTLE_MS);
      return {
        'all created, s': (created - began) / 1000,
        'all running, s': (running - began) / 1000,
        'all delivered, s': (delivered - began) / 1000,
        'status p50, ms': times[Math.floor(times.length * 0.5)] ?? Number.NaN,
        'status p99, ms': times[Math.floor(times.length * 0.99)] ?? Number.NaN,
        'RSS MiB': rssKiB(worker.pid) / 1024,
        'CPU % at rest': ((cpuMs(worker.pid) - cpuBefore) / SETTLE_MS) * 100,
        threads: countIn(worker, 'task'),
      };
    } finally {
      await worker.stop();
      dir.remove();
    }
  },
};

/** What a worker without connectors takes up, a while after the last one went. */
async function takenUp(worker: WorkerProcess): Promise<{ threads: number; fds: number; rssMiB: number }> {
  await sleep(SETTLE_MS);
  return { threads: countIn(worker, 'task'), fds: countIn(worker, 'fd'), rssMiB: rssKiB(worker.pid) / 1024 };
}

/** Creates a connector and deletes it when its task runs, again and again. */
async function cycle(worker: WorkerProcess, config: Settings, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await worker.create(config);
    await worker.waitState(String(config.name), 'RUNNING', 'RUNNING', { everyMs: 5, timeoutMs: 60_000 });
    const { status } = await worker.rest('DELETE', `/connectors/${config.name}`);
    if (status !== 204) throw new Error(`DELETE of ${config.name}: ${status}`);
  }
}

const cycles: Lane = {
  name: 'control-cycles',
  what: `${CYCLES} times create a connector, wait for its task, delete it: ${AT_ONCE} at a time, sources and sinks by turns; before and after`,
  subjects: ['ours'],
  higherIsBetter: ['cycles/s'],
  once: true,
  async run({ bootstrap, wire, freshTopic }: Bench, subject): Promise<Figures> {
    const dir = new TempDir('bench');
    const pairs = Array.from({ length: AT_ONCE / 2 }, () => makePair(dir, `${freshTopic()}-${Date.now()}`));
    for (const { source } of pairs) await wire.createTopic(String(source.topic));
    const worker = await startBare(subject, bootstrap);
    const configs = pairs.flatMap(({ source, sink }) => [source, sink]);
    const round = (count: number): Promise<unknown> =>
      Promise.all(configs.map(config => cycle(worker, config, Math.ceil(count / AT_ONCE))));
    try {
      await round(FIRST_CYCLES);
      const before = await takenUp(worker);
      const began = performance.now();
      await round(CYCLES - FIRST_CYCLES);
      const seconds = (performance.now() - began) / 1000;
      const after = await takenUp(worker);
      return {
        'cycles/s': (CYCLES - FIRST_CYCLES) / seconds,
        'threads before': before.threads,
        'threads after': after.threads,
        'descriptors before': before.fds,
        'descriptors after': after.fds,
        'RSS MiB before': before.rssMiB,
        'RSS MiB after': after.rssMiB,
      };
    } finally {
      await worker.stop();
      dir.remove();
    }
  },
};

export const CONTROL_LANES: readonly Lane[] = [control, cycles];
