import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import type { ConsumedTexts } from '../../../../src/api/sink';
import { FileStreamSinkTask } from '../../../../src/connectors/file/sink/file-sink-task';
import { ByteColumn } from '../../../../src/data/batch/byte-column';
import type { SinkRecord } from '../../../../src/data/record/record';
import { getLogger, setLogSink } from '../../../../src/log';
import { fakePluginMetrics } from '../../../helpers/fakes/task-metrics';
import { TempDir } from '../../../helpers/temp-dir';

let dir: TempDir;
let file: string;
const tasks: FileStreamSinkTask[] = [];
let log: string[] = [];

beforeEach(() => {
  dir = new TempDir('file-sink');
  file = dir.file('output');
  log = [];
  setLogSink(entry => log.push(`${entry.level} ${entry.message}`));
});
afterEach(() => {
  for (const task of tasks.splice(0)) task.stop();
  dir.remove();
  jest.restoreAllMocks();
});

function sink(path = file): FileStreamSinkTask {
  const task = new FileStreamSinkTask();
  tasks.push(task);
  const nothing = (): void => {};
  task.start(
    { name: 'sink', file: path },
    {
      props: {},
      taskId: 'sink-0',
      logger: getLogger('sink', '[sink|task-0] '),
      metrics: fakePluginMetrics(),
      assignment: () => [],
      offset: nothing,
      timeout: nothing,
      pause: nothing,
      resume: nothing,
      requestCommit: nothing,
      errantRecordReporter: null,
    },
  );
  return task;
}

function packed(...texts: (string | null)[]): ConsumedTexts {
  const batch = new ByteColumn(1, 0);
  for (const text of texts) batch.append(text === null ? null : Buffer.from(text));
  return { count: texts.length, value: batch };
}

const record = (value: unknown): SinkRecord => ({ value }) as SinkRecord;
const many = (name: string, count = 5000): string[] => Array.from({ length: count }, (_, i) => `${name} line ${i} ${'x'.repeat(40)}`);
const asLines = (texts: readonly string[]): string => texts.map(text => `${text}\n`).join('');

test('appends a line for each text; null is the word, an empty text an empty line, other bytes stay as they are', async () => {
  dir.write('output', 'before\n');
  await sink().putBatch(packed('one', null, '', 'zwei\u00e9\u{1f600}', 'in\nside'));
  expect(dir.read('output')).toBe('before\none\nnull\n\nzwei\u00e9\u{1f600}\nin\nside\n');
});

test("records become their text as Java's toString gives it", async () => {
  const map = new Map<unknown, unknown>([['k', [1n, null, 'v']]]);
  await sink().put(['text', null, 12n, true, map, 'lone \ud800'].map(record));
  expect(dir.read('output')).toBe('text\nnull\n12\ntrue\n{k=[1, null, v]}\nlone ?\n');
});

test('an empty batch and a flush write nothing', async () => {
  const task = sink();
  await task.putBatch(packed());
  expect(task.preCommit([])).toEqual([]);
  expect(dir.read('output')).toBe('');
});

test('batches that grow and shrink do not mix', async () => {
  const task = sink();
  const batches = [many('a', 3), many('b', 6000), ['', ''], many('c', 100)];
  for (const batch of batches) await task.putBatch(packed(...batch));
  expect(dir.read('output')).toBe(asLines(batches.flat()));
});

test.each([
  ['a folder that is not there', 'missing/output', 'ENOENT'],
  ['a folder', '.', 'EISDIR'],
  ['a FIFO that nobody reads, which must not block the thread', 'fifo', 'ENXIO'],
])("%s fails with Java's text and the reason as its cause", (_, name, code) => {
  execFileSync('mkfifo', [dir.file('fifo')]);
  const path = dir.file(name);
  expect(() => sink(path)).toThrow(
    expect.objectContaining({
      message: `Couldn't find or create file '${path}' for FileStreamSinkTask`,
      cause: expect.objectContaining({ code }),
    }),
  );
});

test('a file whose name has a comment in it is made with a warning, and another time without', async () => {
  const path = dir.file('out.txt # lines');
  for (let i = 0; i < 2; i++) await sink(path).putBatch(packed('line'));
  expect(dir.read('out.txt # lines')).toBe('line\nline\n');
  expect(log.filter(line => line.startsWith('WARN'))).toEqual([
    expect.stringMatching(/a comment after a value is part of it.*is created now/),
  ]);
});

describe('a file that is moved or deleted while the task runs', () => {
  test.each(['renameSync', 'rmSync'] as const)('%s: later lines go to a new file of that name', async how => {
    const task = sink();
    await task.putBatch(packed('old'));
    if (how === 'renameSync') fs.renameSync(file, `${file}.1`);
    else fs.rmSync(file);
    await task.putBatch(packed('new'));
    expect(dir.read('output')).toBe('new\n');
    expect(dir.read('output.1')).toBe(how === 'renameSync' ? 'old\n' : '');
    expect(log).toEqual([`INFO File ${file} was moved or deleted: going on with a new one.`]);
  });
});

test('what a killed writer has left of a line becomes a line of its own', async () => {
  dir.write('output', 'whole\ntor');
  const task = sink();
  expect(dir.read('output')).toBe('whole\ntor');
  await task.putBatch(packed('torn?'));
  await task.putBatch(packed('next'));
  expect(dir.read('output')).toBe('whole\ntor\ntorn?\nnext\n');
});

describe('writes that come through only in part', () => {
  /** Has the next writes take these numbers of bytes, or fail with a code; then all is well again. */
  function writes(...script: (number | string | (() => string))[]): void {
    const real = fs.writeSync as (fd: number, from: Buffer, offset: number, length?: number) => number;
    const spy = jest.spyOn(fs, 'writeSync') as unknown as jest.SpyInstance<number, [number, Buffer, number]>;
    spy.mockImplementation((fd, from, offset = 0) => {
      const next = script.shift();
      const step = typeof next === 'function' ? next() : next;
      if (typeof step === 'string') throw Object.assign(new Error(`${step}: simulated`), { code: step });
      return real(fd, from, offset, step ?? from.length - offset);
    });
  }

  test('are completed', async () => {
    writes(1, 2, 3);
    await sink().putBatch(packed('one', 'two', 'three'));
    expect(dir.read('output')).toBe('one\ntwo\nthree\n');
  });

  test('a full disk is retriable, and the retry leaves no torn and no doubled line', async () => {
    const task = sink();
    writes(6, 'ENOSPC', 2, 'ENOSPC', 'EDQUOT');
    for (let i = 0; i < 3; i++) {
      await expect(task.putBatch(packed('one', 'two'))).rejects.toMatchObject({
        code: 'RetriableException',
        message: expect.stringMatching(new RegExp(`'${file}': (ENOSPC|EDQUOT).*nothing is lost`)),
      });
      expect(dir.read('output')).toBe('');
    }
    await task.putBatch(packed('one', 'two'));
    expect(dir.read('output')).toBe('one\ntwo\n');
  });

  test('a full disk with others writing to the file too: the rest comes with the retry', async () => {
    const task = sink();
    const other = fs.openSync(file, 'a');
    const real = fs.writeSync as (fd: number, from: Buffer, offset?: number, length?: number) => number;
    writes(6, () => {
      real(other, Buffer.from('<other>'));
      fs.closeSync(other);
      return 'ENOSPC';
    });
    await expect(task.putBatch(packed('one', 'two'))).rejects.toMatchObject({ code: 'RetriableException' });
    await task.putBatch(packed('one', 'two'));
    expect(dir.read('output')).toBe('one\ntw<other>o\n');
  });

  test('after a rebalance another batch comes instead: the line that was begun is ended first', async () => {
    const [reader, path] = fifo();
    const task = sink(path);
    writes(6, 'ENOSPC');
    await expect(task.putBatch(packed('one', 'two', 'three'))).rejects.toMatchObject({ code: 'RetriableException' });
    await task.putBatch(packed('other'));
    expect(readAll(reader)).toBe('one\ntwo\nother\n');
  });

  test('another error fails the task, names the file and takes the part back', async () => {
    const task = sink();
    writes(5, 'EIO');
    await expect(task.putBatch(packed('one', 'two'))).rejects.toMatchObject({
      code: 'ConnectException',
      message: expect.stringContaining(file),
    });
    expect(dir.read('output')).toBe('');
  });

  test('a pipe that nobody empties gives the thread back, and goes on where it stopped', async () => {
    const [reader, path] = fifo();
    const task = sink(path);
    const texts = many('pipe');
    await expect(task.putBatch(packed(...texts))).rejects.toMatchObject({ code: 'RetriableException' });
    let seen = readAll(reader);
    expect(seen.length).toBeGreaterThan(1000);
    const done = task.putBatch(packed(...texts)).then(() => 'done' as const);
    while ((await Promise.race([done, new Promise(resolve => setTimeout(resolve, 5))])) !== 'done') seen += readAll(reader);
    seen += readAll(reader);
    expect(seen).toBe(asLines(texts));
  });

  /** A FIFO with a reader, so that it can be opened for writing. */
  function fifo(): [reader: number, path: string] {
    const path = dir.file('fifo');
    execFileSync('mkfifo', [path]);
    return [fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK), path];
  }

  function readAll(fd: number): string {
    const chunk = Buffer.alloc(1 << 20);
    const parts: string[] = [];
    try {
      for (;;) {
        const count = fs.readSync(fd, chunk);
        if (count === 0) break;
        parts.push(chunk.toString('utf8', 0, count));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    return parts.join('');
  }
});

describe('a disk that really is full', () => {
  const mounted = mountSmallDisk();
  const onDisk = mounted ? test : test.skip;
  if (!mounted) console.warn('SKIPPED: a full disk at the sink, since no tmpfs can be mounted here (needs root)');
  afterAll(() => {
    if (mounted) execFileSync('umount', [mounted.path]);
  });

  onDisk('takes whole batches only, and the rest when there is room', async () => {
    const disk = mounted?.path ?? '';
    const [ballast, output] = [`${disk}/ballast`, `${disk}/output`];
    fs.writeFileSync(ballast, Buffer.alloc(150_000));
    const task = sink(output);
    const [first, second] = [many('first', 500), many('second', 3000)];
    await task.putBatch(packed(...first));
    for (let i = 0; i < 2; i++) {
      await expect(task.putBatch(packed(...second))).rejects.toMatchObject({ code: 'RetriableException' });
      expect(fs.readFileSync(output, 'utf8')).toBe(asLines(first));
    }
    fs.rmSync(ballast);
    await task.putBatch(packed(...second));
    expect(fs.readFileSync(output, 'utf8')).toBe(asLines([...first, ...second]));
  });
});

/** A disk of 256 KiB; null where it cannot be had. */
function mountSmallDisk(): TempDir | null {
  const disk = new TempDir('small-disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk.path], { stdio: 'ignore' });
    return disk;
  } catch {
    disk.remove();
    return null;
  }
}
