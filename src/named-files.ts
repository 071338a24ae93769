/**
 * Files that a user names: in a setting, which may come over REST, or on the command line. The reading thread has other work, so a file
 * named by a setting is refused if reading it could block (a FIFO, a terminal) or never end (`/dev/zero`). On the command line a pipe is
 * common (`<(...)` of a shell, `/dev/stdin`); it is read to its end, in the thread pool.
 */
import fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { getLogger } from './log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_NOCTTY } = fs.constants;

/**
 * The largest file that is read, in bytes. Key stores have kilobytes; a trust store of all public authorities has some hundreds of them.
 */
const MAX_NAMED_FILE_BYTES = 16 * 1024 * 1024;
/** The largest file of secrets, in bytes: it is read again for each use. */
export const MAX_SECRETS_FILE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** A file that cannot be read. The message says why and what would be right; the caller adds the name. */
export class UnreadableFile extends Error {
  /** @param code code of the system error, if there was one */
  constructor(
    why: string,
    readonly code: string | undefined,
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** Names for what is not a regular file. */
const KINDS: readonly (readonly [is: 'isDirectory' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice', what: string])[] = [
  ['isDirectory', 'a folder'],
  ['isFIFO', 'a pipe (FIFO)'],
  ['isSocket', 'a socket'],
  ['isCharacterDevice', 'a device'],
  ['isBlockDevice', 'a device'],
];

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENAMETOOLONG: 'File name too long',
  ELOOP: 'Too many levels of symbolic links',
};

/**
 * The content of a regular file, also behind links. Opens nothing else, so it never waits for a writer.
 * @throws UnreadableFile
 */
export function readNamedFile(path: string, maxBytes = MAX_NAMED_FILE_BYTES): Buffer {
  return saying(() => {
    refuseIrregular(fs.statSync(path));
    // The path may lead to something else by now.
    const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    try {
      const stat = fs.fstatSync(fd);
      refuseIrregular(stat);
      if (stat.size > maxBytes) throw tooLong(`${stat.size} bytes`, maxBytes);
      return readAll(fd, maxBytes);
    } finally {
      fs.closeSync(fd);
    }
  });
}

/**
 * Checks a name before it is given to a library that opens the file itself.
 * @throws UnreadableFile unless there is a regular file or nothing
 */
export function refuseOtherThanFile(path: string): void {
  saying(() => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat) refuseIrregular(stat);
  });
}

/**
 * Opens a regular file to append to it, and creates it if it is missing; a device such as `/dev/full` is opened too, without waiting.
 * @returns the descriptor @throws UnreadableFile
 */
export function openNamedToAppend(path: string): number {
  return saying(() => {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (found && !found.isCharacterDevice()) refuseIrregular(found);
    return fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o666);
  });
}

/** True if `readGivenFile` may have to wait for this path; false if the path cannot be examined. */
export function isPipe(path: string): boolean {
  try {
    return isWaitedFor(fs.statSync(path));
  } catch {
    return false;
  }
}

/**
 * The content of a file of the command line: of a regular file at once, of a pipe or terminal once its writers have closed it. A pipe can
 * be read only once.
 * @throws UnreadableFile
 */
export async function readGivenFile(path: string): Promise<Buffer> {
  if (!isPipe(path)) return readNamedFile(path);
  log.info(`Reading ${path}, which is a pipe or device, until it ends`);
  let handle: FileHandle | undefined;
  try {
    // A pool thread waits, not this one.
    handle = await open(path, O_RDONLY | O_NOCTTY);
    return await readToEnd(handle);
  } catch (error) {
    throw unreadable(error);
  } finally {
    await handle?.close();
  }
}

async function readToEnd(handle: FileHandle): Promise<Buffer> {
  const content = new Content(MAX_NAMED_FILE_BYTES);
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return content.whole();
    content.add(chunk.subarray(0, bytesRead));
  }
}

/** Reads to the end, since files of `/proc` report size 0. */
function readAll(fd: number, maxBytes: number): Buffer {
  const content = new Content(maxBytes);
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const bytesRead = fs.readSync(fd, chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return content.whole();
    content.add(chunk.subarray(0, bytesRead));
  }
}

/** The bytes read so far. */
class Content {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly maxBytes: number) {}

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length > this.maxBytes) throw tooLong('more', this.maxBytes);
  }

  whole(): Buffer {
    return Buffer.concat(this.chunks, this.length);
  }
}

const isWaitedFor = (stat: fs.Stats): boolean => stat.isFIFO() || stat.isCharacterDevice() || stat.isSocket();

/** What is at a path in place of a regular file, as half a sentence. */
export function notRegular(stat: fs.Stats): string {
  return `it is not a regular file but ${KINDS.find(([is]) => stat[is]())?.[1] ?? 'something else'}`;
}

function refuseIrregular(stat: fs.Stats): void {
  if (stat.isFile()) return;
  if (stat.isDirectory()) throw new UnreadableFile('Is a directory', 'EISDIR');
  throw new UnreadableFile(`${notRegular(stat)}: name a regular file`, undefined);
}

const tooLong = (size: string, maxBytes: number): UnreadableFile =>
  new UnreadableFile(`it has ${size}, but at most ${maxBytes} bytes are read of such a file: check that it is the right one`, undefined);

function saying<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): UnreadableFile {
  if (error instanceof UnreadableFile) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new UnreadableFile(REASONS[code ?? ''] ?? message, code, error);
}
