import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { DeadLetterFile } from '../../../src/task/dead-letters/dead-letter-file';
import { TempDir } from '../../helpers/temp-dir';

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('letters');
});
afterEach(() => {
  jest.restoreAllMocks();
  dir.remove();
});

const letter = (value: string) => ({ key: null, value: Buffer.from(value), headers: [], timestamp: -1 });

test('a letter that the system takes in parts is written whole before it counts as safe', async () => {
  const letters = new DeadLetterFile(dir.file('letters'));
  const write = fs.writeSync as (fd: number, bytes: Buffer, from?: number, length?: number) => number;
  jest
    .spyOn(fs, 'writeSync')
    .mockImplementation(((fd: number, bytes: Buffer, from = 0, length = bytes.length - from) =>
      write(fd, bytes, from, Math.min(3, length))) as unknown as typeof fs.writeSync);
  await letters.send(letter('one letter'));
  await letters.send(letter('another'));
  expect(dir.read('letters')).toBe('one letter\nanother\n');
  letters.release();
});

test('a full disk is a failure of this letter and all that follow', async () => {
  const letters = new DeadLetterFile('/dev/full');
  await expect(letters.send(letter('a'))).rejects.toThrow('Could not write a dead letter to /dev/full');
  expect(letters.failure).not.toBeNull();
  expect(await letters.settle()).toBe(false);
  await expect(letters.send(letter('b'))).rejects.toBe(letters.failure);
  letters.release();
});

test('what cannot keep letters is refused when it is opened, and not waited for', () => {
  execFileSync('mkfifo', [dir.file('pipe')]);
  for (const [file, why] of [
    [dir.file('pipe'), 'it is not a regular file but a pipe (FIFO)'],
    [dir.path, 'Is a directory'],
  ] as const) {
    expect(() => new DeadLetterFile(file)).toThrow(
      expect.objectContaining({
        message: `Could not open the file for dead letters ${file}`,
        cause: expect.objectContaining({ message: expect.stringContaining(why) }),
      }),
    );
  }
});
