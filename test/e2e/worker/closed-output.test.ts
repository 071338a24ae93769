/** Standard output and standard error of the worker that nobody reads, or only slowly. */
import fs from 'node:fs';
import { Child } from '../../helpers/processes/child';
import { ourBinary, type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues, produceValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const LINES = 1000;
let dir: TempDir;
let worker: WorkerProcess | undefined;
let counter = 0;

beforeEach(() => {
  dir = new TempDir('closed-output');
  dir.write('in.txt', 'line\n'.repeat(LINES));
});
afterEach(async () => {
  const pid = fs.existsSync(dir.file('pid')) ? Number(dir.read('pid')) : 0;
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  await worker?.kill9();
  worker = undefined;
  dir.remove();
});

/** The worker under a shell, which ties its streams to whatever a user ties them to; `$W` is the command with its files. */
async function startUnder(script: string, settings: { connector?: Settings } = {}): Promise<string> {
  const topic = `closed-output-${counter++}-${Date.now().toString(36)}`;
  const source = { 'connector.class': 'FileStreamSource', file: dir.file('in.txt'), topic };
  const connector = { name: topic, ...(settings.connector ?? source) };
  const command = ['bash', '-c', `W() { echo $BASHPID > pid; exec ${ourBinary} "$@"; }; ${script}`, 'bash'] as const;
  worker = await startWorker({ bootstrap, dir, connectors: [connector], worker: { 'offset.flush.interval.ms': 600_000 }, command });
  return topic;
}

async function stopInOrder(): Promise<number> {
  const pid = Number(dir.read('pid'));
  process.kill(pid, 'SIGTERM');
  await waitFor('the worker to be gone', () => !isAlive(pid), { timeoutMs: 15_000 });
  return JSON.parse(/\{"position":\d+\}/.exec(dir.read('offsets'))?.[0] ?? '{}').position;
}

function isAlive(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}

/** Many lines of the log, by requests that each write one. */
async function talk(): Promise<void> {
  for (let i = 0; i < 20; i++) await worker?.get('/connectors');
}

test.each([
  ['standard output is a pipe whose reader goes: | head -3', 'W "$@" | head -3'],
  ['both are that pipe', 'W "$@" 2>&1 | head -3'],
  ['standard output is a full disk', 'W "$@" > /dev/full'],
  ['both are a full disk', 'W "$@" > /dev/full 2>&1'],
  ['both are closed', 'W "$@" >&- 2>&-'],
  ['a pipe that nobody empties', 'W "$@" | sleep 60 >&- 2>&-'],
])('%s: the worker goes on, and stops in order', async (_name, script) => {
  const topic = await startUnder(script);
  await talk();
  fs.appendFileSync(dir.file('in.txt'), 'one more\n');
  expect(await consumeValues(bootstrap, topic, LINES + 1)).toHaveLength(LINES + 1);
  await talk();
  expect(await stopInOrder()).toBe(LINES * 5 + 9);
});

test('a pipe that nobody empties and a log that fills it: requests are answered, a signal is heard', async () => {
  const topic = await startUnder('W "$@" | sleep 60 >&- 2>&-');
  expect(await consumeValues(bootstrap, topic, LINES)).toHaveLength(LINES);
  // 64 KiB fit into the pipe.
  for (let i = 0; i < 30; i++) await worker?.get(`/connectors/${'x'.repeat(6000)}`);
  expect(await stopInOrder()).toBe(LINES * 5);
});

test('a log collector that restarts: the log goes on where a new one reads, and tells what is missing', async () => {
  const topic = await startUnder('mkfifo log; (head -3 log > first; sleep 2; cat log > second) & W "$@" > log');
  expect(await consumeValues(bootstrap, topic, LINES)).toHaveLength(LINES);
  await talk();
  await waitFor('the first collector to go', () => fs.existsSync(dir.file('second')), { timeoutMs: 15_000 });
  await talk();
  expect(await stopInOrder()).toBe(LINES * 5);
  await waitFor('the rest', () => dir.read('second').includes('Kafka Connect stopped'));
  expect(dir.read('second')).toMatch(/\d+ lines of the log are missing here: EPIPE: broken pipe/);
});

test('a sink that writes to a closed standard output fails, with the offset of what it could write', async () => {
  const lines = Array.from({ length: 10 }, (_, i) => `record ${i}`);
  const topics = `closed-output-sink-${Date.now().toString(36)}`;
  await produceValues(bootstrap, topics, lines);
  const sink = { 'connector.class': 'FileStreamSink', topics };
  const name = await startUnder('W "$@" | grep -m 1 "^record" > seen', { connector: sink });
  await waitFor('the reader to go', () => fs.existsSync(dir.file('seen')) && dir.read('seen') !== '');
  await new Promise(resolve => setTimeout(resolve, 200));
  await produceValues(bootstrap, topics, ['for nobody']);
  await worker?.waitState(name, 'RUNNING', 'FAILED', { timeoutMs: 20_000 });
  const status = await worker?.get(`/connectors/${name}/status`);
  expect(status?.text).toMatch(/Could not write to standard output: EPIPE/);
});

test('help for a reader that has gone is no crash', async () => {
  const child = new Child('bash', ['-c', `${ourBinary} --help | true; echo "\${PIPESTATUS[0]}"`]);
  await child.exited;
  expect(child.stderr).toBe('');
  expect(child.stdout).toBe('1\n');
});

test('a fault that nobody catches ends the worker in order, with its offsets', async () => {
  const fault = dir.write(
    'fault.js',
    "if (require('node:worker_threads').isMainThread) process.on('SIGUSR2', () => Promise.reject(new Error('nobody expects it')));",
  );
  const topic = `closed-output-fault-${Date.now().toString(36)}`;
  const connector = { name: topic, 'connector.class': 'FileStreamSource', file: dir.file('in.txt'), topic };
  const env = { NODE_OPTIONS: `--require=${fault}` };
  worker = await startWorker({ bootstrap, dir, connectors: [connector], worker: { 'offset.flush.interval.ms': 600_000 }, env });
  await consumeValues(bootstrap, topic, LINES);
  worker.child.signal('SIGUSR2');
  expect((await worker.waitExit()).code).toBe(1);
  await worker.waitLog(/ERROR Uncaught error of the worker itself[^\n]*\n[^\n]*nobody expects it[\s\S]*Kafka Connect stopped/);
  expect(dir.read('offsets')).toContain(`{"position":${LINES * 5}}`);
});
