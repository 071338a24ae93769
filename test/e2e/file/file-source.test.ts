import fs, { closeSync, openSync } from 'node:fs';
import { Child } from '../../helpers/processes/child';
import { ourBinary, propertiesText, startWorker, WorkerProcess, workerFileText } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { consumeValues, endOffset } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { staysTrue, waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
let dir: TempDir;
let topic: string;
let worker: WorkerProcess | null = null;
let counter = 0;

beforeEach(() => {
  dir = new TempDir('file-source');
  topic = `file-source-${counter++}-${Date.now().toString(36)}`;
});
afterEach(async () => {
  await worker?.kill9();
  worker = null;
  dir.remove();
});

const source = (settings: Record<string, string | number>): Record<string, string | number> => ({
  name: 'in',
  'connector.class': 'FileStreamSource',
  topic,
  ...settings,
});

async function start(settings: Record<string, string | number>): Promise<WorkerProcess> {
  worker = await startWorker({ bootstrap, dir, connectors: [source(settings)] });
  return worker;
}

/** Position that the REST interface shows for the file. */
async function position(running: WorkerProcess): Promise<number | undefined> {
  const { json } = await running.get('/connectors/in/offsets');
  return (json as { offsets: { offset: { position: number } }[] }).offsets[0]?.offset.position;
}

test('batch.size=2: lines 3 and 4 come at once; a restart goes on after the last line, in text of any length of character', async () => {
  const file = dir.write('log', 'é1\nπ2\r\n😀3\rplain 4\n');
  const running = await start({ file, 'batch.size': 2 });
  const first = ['é1', 'π2', '😀3', 'plain 4'];
  expect(await consumeValues(bootstrap, topic, 4)).toEqual(first);
  await running.stop();
  // A character is cut in two by the end of the file while the worker is away.
  const next = Buffer.from('ünfïnished €5\nlast 6\n');
  fs.appendFileSync(file, next.subarray(0, 1));
  const again = await start({ file, 'batch.size': 2 });
  fs.appendFileSync(file, next.subarray(1));
  expect(await consumeValues(bootstrap, topic, 6)).toEqual([...first, 'ünfïnished €5', 'last 6']);
  await waitFor('the offset to be saved', async () => (await position(again)) === fs.statSync(file).size);
});

test('kill -9 while the file grows, inside a character: nothing is missing, lines come whole and in order', async () => {
  const file = dir.write('log', '');
  const written: string[] = [];
  for (let round = 0; round < 3; round++) {
    const running = await start({ file });
    const lines = Array.from({ length: 50 }, (_, i) => `round ${round} zeile ${i} ${'é€😀'.repeat(i % 7)}`);
    const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''));
    const cut = bytes.indexOf(0x98) + 1 || bytes.length >> 1;
    fs.appendFileSync(file, bytes.subarray(0, cut));
    await waitFor('lines to arrive', async () => (await consumeValues(bootstrap, topic, written.length + 1)).length > written.length);
    await running.kill9();
    fs.appendFileSync(file, bytes.subarray(cut));
    written.push(...lines);
  }
  await start({ file });
  const seen = await waitFor('the last line', async () => {
    const values = await consumeValues(bootstrap, topic, written.length);
    return values.at(-1) === written.at(-1) && values;
  });
  expect([...new Set(seen)]).toEqual(written);
});

test('rename rotation with late lines, truncation and deletion under a running worker', async () => {
  const file = dir.write('log', 'one\n');
  await start({ file });
  await consumeValues(bootstrap, topic, 1);
  const writer = fs.openSync(file, 'a');
  fs.renameSync(file, `${file}.1`);
  fs.writeFileSync(file, 'three\n');
  fs.writeSync(writer, 'two\n');
  fs.closeSync(writer);
  expect(await consumeValues(bootstrap, topic, 3)).toEqual(['one', 'two', 'three']);
  fs.writeFileSync(file, 'four\n');
  await consumeValues(bootstrap, topic, 4);
  fs.rmSync(file);
  fs.writeFileSync(file, 'five\n');
  expect(await consumeValues(bootstrap, topic, 5)).toEqual(['one', 'two', 'three', 'four', 'five']);
});

describe('a line above max.request.size', () => {
  const lines = `before\n${'x'.repeat(1_200_000)}\nafter\n`;

  test('fails the task with position and length in its trace, after what comes before it', async () => {
    const file = dir.write('log', lines);
    const running = await start({ file });
    await running.waitState('in', 'RUNNING', 'FAILED');
    const { json } = await running.get('/connectors/in/status');
    const { trace } = (json as { tasks: { trace: string }[] }).tasks[0] ?? { trace: '' };
    expect(trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.ConnectException: Tolerance exceeded in error handler/);
    expect(trace).toMatch(
      new RegExp(
        `Caused by: org\\.apache\\.kafka\\.common\\.errors\\.RecordTooLargeException: The line at position 7 of ${file} is .*\\d{7} bytes`,
      ),
    );
    expect(await consumeValues(bootstrap, topic, 1)).toEqual(['before']);
  });

  test('is skipped with errors.tolerance=all, and the line after it comes', async () => {
    const running = await start({ file: dir.write('log', lines), 'errors.tolerance': 'all' });
    expect(await consumeValues(bootstrap, topic, 2)).toEqual(['before', 'after']);
    await running.waitState('in', 'RUNNING');
    await running.waitLog(/A record was left out at stage TASK_POLL.*position 7/);
  });
});

test('a file that is not there yet is waited for; waiting takes hardly any CPU', async () => {
  const file = dir.file('later/log');
  const running = await start({ file });
  await running.waitLog("Couldn't find file");
  await new Promise(resolve => setTimeout(resolve, 1000));
  const before = running.cpuMs;
  await new Promise(resolve => setTimeout(resolve, 4000));
  const idleMissing = running.cpuMs - before;
  dir.write('later/log', 'first\n');
  expect(await consumeValues(bootstrap, topic, 1)).toEqual(['first']);
  const read = running.cpuMs;
  await new Promise(resolve => setTimeout(resolve, 4000));
  // 4 s on the clock: 5 %, of which most is the Kafka client's.
  expect(idleMissing).toBeLessThan(200);
  expect(running.cpuMs - read).toBeLessThan(300);
  expect(running.output.split("Couldn't find file")).toHaveLength(2);
});

test('a directory as the file: the task says so', async () => {
  const running = await start({ file: dir.path });
  await running.waitState('in', 'RUNNING', 'FAILED');
  expect((await running.get('/connectors/in/status')).text).toContain(`${dir.path} is a directory`);
});

/** 64 bytes, so that pages of a pipe hold whole lines. */
const pumpedLine = (i: number): string => `${String(i).padStart(9, '0')} ${'x'.repeat(53)}\n`;
const LINES_A_WRITE = 64;
/** At a time, so that a fast reader does not keep this thread. */
const WRITES = 4;

/** Keeps a pipe full of numbered lines. */
class PipePump {
  /** Lines written. */
  count = 0;
  private readonly timer = setInterval(() => this.fill(), 2);

  /** @param fd open for reading too, not blocking; stays the caller's */
  constructor(private readonly fd: number) {}

  private fill(): void {
    try {
      for (let write = 0; write < WRITES; write++) {
        const lines = Array.from({ length: LINES_A_WRITE }, (_, i) => pumpedLine(this.count + i));
        fs.writeSync(this.fd, lines.join(''));
        this.count += LINES_A_WRITE;
      }
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
    }
  }

  /** @returns the lines that nobody has taken */
  stop(): string[] {
    clearInterval(this.timer);
    const bytes = Buffer.alloc(1 << 20);
    try {
      return bytes.toString('latin1', 0, fs.readSync(this.fd, bytes)).split('\n').slice(0, -1);
    } catch {
      return [];
    }
  }
}

describe('standard input', () => {
  /** A worker with this standard input; without one a pipe. */
  async function startOn(stdin: number | 'pipe', more: Record<string, string | number> = {}): Promise<WorkerProcess> {
    const port = await freePort();
    // However slow the machine is: nothing here is measured by it.
    const limits = { 'offset.flush.timeout.ms': 20_000, 'task.shutdown.graceful.timeout.ms': 20_000 };
    const files = [
      dir.write('worker.properties', workerFileText(dir, bootstrap, port, limits)),
      dir.write('source.properties', propertiesText(source({ 'errors.tolerance': 'none', ...more }))),
    ];
    worker = new WorkerProcess(new Child(ourBinary, files, { stdio: [stdin, 'pipe', 'pipe'] }), dir, port);
    await worker.waitHealthy({ timeoutMs: 30_000 });
    return worker;
  }

  test('a pipe: lines come as they are written, also after a restart of the task, and the last one without end at its end', async () => {
    const running = await startOn('pipe');
    const { stdin } = running.child.process;
    stdin?.write('é one\ntw');
    expect(await consumeValues(bootstrap, topic, 1)).toEqual(['é one']);
    stdin?.write('o\r\n');
    expect(await consumeValues(bootstrap, topic, 2)).toEqual(['é one', 'two']);
    expect((await running.rest('POST', '/connectors/in/tasks/0/restart')).status).toBe(204);
    await running.waitState('in', 'RUNNING');
    stdin?.write('three\n');
    await consumeValues(bootstrap, topic, 3);
    stdin?.end('four');
    expect(await consumeValues(bootstrap, topic, 4)).toEqual(['é one', 'two', 'three', 'four']);
    await staysTrue('the worker to run', () => running.child.alive, 300);
    expect(running.output).not.toContain('ERROR');
  });

  test('a pipe of the shell', async () => {
    const fifo = dir.file('fifo');
    const command = 'mkfifo "$0" && exec > "$0" && printf "a\\nb\\n" && exec sleep 30';
    const pump = new Child('sh', ['-c', command, fifo], { stdio: 'ignore' });
    await waitFor('the fifo', () => fs.existsSync(fifo));
    const fd = openSync(fifo, 'r');
    await startOn(fd);
    closeSync(fd);
    expect(await consumeValues(bootstrap, topic, 2)).toEqual(['a', 'b']);
    await pump.kill();
  });

  test('a file (< file) is read from where the shell left it, and on when it grows', async () => {
    const file = dir.write('input', 'skipped\na\nb\n');
    const fd = openSync(file, 'r');
    fs.readSync(fd, Buffer.alloc(8));
    await startOn(fd);
    closeSync(fd);
    expect(await consumeValues(bootstrap, topic, 2)).toEqual(['a', 'b']);
    fs.appendFileSync(file, 'c\n');
    expect(await consumeValues(bootstrap, topic, 3)).toEqual(['a', 'b', 'c']);
  });

  test.each(['SIGTERM', 'delete'])('a pipe that is never empty: at %s what was taken from it goes out, the rest stays in it', async how => {
    const fifo = dir.file('fifo');
    await new Child('mkfifo', [fifo]).exited;
    const open = (): number => openSync(fifo, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    // One for the worker: starting it makes that one block.
    const [fd, stdin] = [open(), open()];
    const pump = new PipePump(fd);
    try {
      // The producer is kept slow, so that there is much on the way from the pipe to it.
      const running = await startOn(stdin, { 'producer.override.buffer.memory': 50_000, 'producer.override.batch.size': 5000 });
      await waitFor('some lines', async () => (await endOffset(bootstrap, topic)) > 2000, { timeoutMs: 30_000 });
      if (how === 'SIGTERM') expect(await running.stop(30_000)).toEqual({ code: 143, signal: null });
      else {
        expect((await running.rest('DELETE', '/connectors/in')).status).toBe(204);
      }
      const left = pump.stop();
      expect(running.output).not.toMatch(/ERROR|lost/);
      const written = Array.from({ length: pump.count }, (_, i) => pumpedLine(i).trimEnd());
      expect(left.length).toBeGreaterThan(0);
      const sent = await consumeValues(bootstrap, topic, pump.count - left.length);
      expect(sent).toEqual(written.slice(0, pump.count - left.length));
      expect(left).toEqual(written.slice(pump.count - left.length));
    } finally {
      pump.stop();
      for (const each of [fd, stdin]) closeSync(each);
    }
  });

  test('a FIFO by its name', async () => {
    const running = await startOn('pipe');
    const fifo = dir.file('fifo');
    const making = new Child('mkfifo', [fifo]);
    await making.exited;
    await running.create({ ...source({ file: fifo }), name: 'fifo', topic: `${topic}-fifo` });
    await running.waitState('fifo', 'RUNNING');
    const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i}`);
    fs.writeFileSync(fifo, lines.map(line => `${line}\n`).join(''));
    expect(await consumeValues(bootstrap, `${topic}-fifo`, lines.length)).toEqual(lines);
  });
});
