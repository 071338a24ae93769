import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { isPipe, openNamedToAppend, readGivenFile, readNamedFile, refuseOtherThanFile } from '../src/named-files';
import { TempDir } from './helpers/temp-dir';

const MIB = 1024 * 1024;
const dir = new TempDir('named-files');
const fifo = dir.file('fifo');
const large = dir.write('large', '');

beforeAll(() => {
  execFileSync('mkfifo', [fifo]);
  fs.truncateSync(large, 16 * MIB + 1);
  fs.truncateSync(dir.write('sparse', ''), 1024 * 1024 * MIB);
});

afterAll(() => dir.remove());

const REFUSED: [string, () => string, string][] = [
  ['a pipe', () => fifo, 'it is not a regular file but a pipe (FIFO): name a regular file'],
  ['a file without end', () => '/dev/zero', 'it is not a regular file but a device: name a regular file'],
  ['a folder', () => dir.path, 'Is a directory'],
  ['nothing', () => dir.file('none'), 'No such file or directory'],
  ['something in a file', () => `${large}/x`, 'Not a directory'],
  ['a name that no file can have', () => dir.file('x'.repeat(300)), 'File name too long'],
  ['a byte more than is read', () => large, 'it has 16777217 bytes, but at most 16777216 bytes are read of such a file'],
  ['more than there is memory', () => dir.file('sparse'), 'it has 1099511627776 bytes, but at most'],
];

describe('of what a setting names', () => {
  test('a regular file is read, behind links too, and one of the system that does not say how long it is', () => {
    dir.write('file', 'text');
    fs.symlinkSync(dir.file('file'), dir.file('link'));
    expect([dir.file('file'), dir.file('link')].map(file => readNamedFile(file).toString())).toEqual(['text', 'text']);
    expect(readNamedFile('/proc/self/status').toString()).toContain('Threads:');
  });

  test.each(REFUSED)('%s is refused at once, and the error says what it is', (_, path, problem) => {
    expect(() => readNamedFile(path())).toThrow(problem);
  });

  test('a socket is refused', async () => {
    const server = net.createServer().listen(dir.file('socket'));
    await new Promise(resolve => server.once('listening', resolve));
    expect(() => readNamedFile(dir.file('socket'))).toThrow('it is not a regular file but a socket');
    server.close();
  });

  test('a smaller bound holds for what grows while it is read', () => {
    expect(() => readNamedFile('/proc/self/status', 100)).toThrow('it has more, but at most 100 bytes are read of such a file');
  });

  (process.getuid?.() === 0 ? test : test.skip)('a file without permission is told so', () => {
    const secret = dir.write('secret', 'x', 0o600);
    fs.chmodSync(dir.path, 0o755);
    process.seteuid?.(65_534);
    try {
      expect(() => readNamedFile(secret)).toThrow('Permission denied');
    } finally {
      process.seteuid?.(0);
    }
  });

  test('what a library opens by itself must be a file or nothing', () => {
    refuseOtherThanFile(dir.file('none'));
    refuseOtherThanFile(large);
    expect(() => refuseOtherThanFile(fifo)).toThrow('a pipe (FIFO)');
  });

  test('to append to, a regular file is opened or made, and a pipe without a reader refused', () => {
    for (const text of ['a', 'b']) {
      const fd = openNamedToAppend(dir.file('appended'));
      fs.writeSync(fd, text);
      fs.closeSync(fd);
    }
    expect(dir.read('appended')).toBe('ab');
    expect(() => openNamedToAppend(fifo)).toThrow('a pipe (FIFO)');
    expect(() => openNamedToAppend(dir.path)).toThrow('Is a directory');
  });
});

describe('of what the command line names', () => {
  test('a pipe is waited for, and the thread goes on meanwhile', async () => {
    let read = false;
    const reading = readGivenFile(fifo).then(bytes => {
      read = true;
      return bytes.toString();
    });
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(read).toBe(false);
    const writer = await fs.promises.open(fifo, 'w');
    await writer.write('a=1\n');
    await new Promise(resolve => setTimeout(resolve, 20));
    await writer.write('b=2\n');
    await writer.close();
    expect(await reading).toBe('a=1\nb=2\n');
    expect([isPipe(fifo), isPipe(large), isPipe(dir.file('none'))]).toEqual([true, false, false]);
  });

  test('a device is read to its end, if it has one', async () => {
    expect(await readGivenFile('/dev/null')).toHaveLength(0);
    await expect(readGivenFile('/dev/zero')).rejects.toThrow('it has more, but at most 16777216 bytes are read of such a file');
  });

  test('all else is as in a setting', async () => {
    await expect(readGivenFile(large)).rejects.toThrow('it has 16777217 bytes');
    await expect(readGivenFile(dir.path)).rejects.toThrow('Is a directory');
    await expect(readGivenFile(dir.file('none'))).rejects.toThrow('No such file or directory');
  });
});
