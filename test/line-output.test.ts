import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { LineOutput } from '../src/line-output';
import { TempDir } from './helpers/temp-dir';
import { waitFor } from './helpers/wait-for';

const { O_RDONLY, O_RDWR, O_WRONLY, O_NONBLOCK } = fs.constants;
const line = (text: string): Buffer => Buffer.from(`${text}\n`);
let dir: TempDir;
let fds: number[];

beforeEach(() => {
  dir = new TempDir('line-output');
  fds = [];
  // What is said on standard error is looked at by the end-to-end tests.
  jest.spyOn(fs, 'writeSync').mockReturnValue(0);
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const fd of fds) fs.closeSync(fd);
  dir.remove();
});

function open(file: string, flags: number): number {
  const fd = fs.openSync(file, flags);
  fds.push(fd);
  return fd;
}

/** A FIFO, and a descriptor to write to it that does not wait. */
function makeFifo(): { readonly file: string; readonly writeFd: number } {
  const file = dir.file('fifo');
  execFileSync('mkfifo', [file]);
  const both = fs.openSync(file, O_RDWR | O_NONBLOCK);
  const writeFd = open(file, O_WRONLY | O_NONBLOCK);
  fs.closeSync(both);
  return { file, writeFd };
}

function readAll(fd: number): string {
  const bytes = Buffer.alloc(1 << 20);
  try {
    return bytes.toString('latin1', 0, fs.readSync(fd, bytes, 0, bytes.length, null));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}

test('a pipe whose reader goes and comes again: lines are missing and counted, none is torn', async () => {
  const { file, writeFd } = makeFifo();
  const output = new LineOutput(writeFd);
  for (const text of ['one', 'two', 'three']) {
    output.add(line(text));
    expect(await output.settle(5000)).toBe(true);
  }
  const reader = open(file, O_RDONLY | O_NONBLOCK);
  output.add(line('four'));
  expect(await output.settle(5000)).toBe(true);
  expect(readAll(reader)).toBe('3 lines of the log are missing here: EPIPE: broken pipe, write\nfour\n');
  output.add(line('five'));
  expect(await output.settle(5000)).toBe(true);
  expect(readAll(reader)).toBe('five\n');
  expect(fs.writeSync).toHaveBeenCalledTimes(1);
});

test('a pipe that nobody empties holds nobody up, and its memory has a bound', async () => {
  const { file, writeFd } = makeFifo();
  const reader = open(file, O_RDONLY | O_NONBLOCK);
  const output = new LineOutput(writeFd, 100_000);
  const lines = 300;
  for (let i = 0; i < lines; i++) output.add(line(`${i} ${'x'.repeat(995)}`));
  expect(await output.settle(100)).toBe(false);
  let seen = '';
  await waitFor('all to be read', () => {
    seen += readAll(reader);
    return output.settle(1);
  });
  output.add(line('end'));
  await output.settle(5000);
  seen += readAll(reader);
  const [, lost = '0'] = /(\d+) lines of the log are missing here: its reader is too slow\n/.exec(seen) ?? [];
  expect(Number(lost)).toBeGreaterThan(100);
  expect(seen.split('\n').length - 1).toBe(lines - Number(lost) + 2);
});

test('a full disk: nothing fails, and all of it is counted', async () => {
  const output = new LineOutput(open('/dev/full', O_WRONLY));
  for (let i = 0; i < 3; i++) {
    output.add(line('lost'));
    expect(await output.settle(5000)).toBe(true);
  }
  expect(fs.writeSync).toHaveBeenCalledTimes(1);
});
