/**
 * Files that somebody names: in a setting, which may come over REST, or on the command line. The thread that reads has others to serve, so
 * what would keep it waiting (a FIFO, a terminal) or has no end (`/dev/zero`) is not read where a setting names it. On the command line a
 * pipe is usual (`<(...)` of a shell, `/dev/stdin`): it is waited for, and nothing else waits with it.
 */
import fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { getLogger } from './log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_NOCTTY } = fs.constants;

/** The most that is read of a file, in bytes; stores of keys have kilobytes, those of all authorities of the world some hundreds. */
export const MAX_NAMED_FILE_BYTES = 16 * 1024 * 1024;
/** The most of a file of secrets, which is read again for each use, in bytes. */
export const MAX_SECRETS_FILE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** What keeps a file from being read. The message says what it is and what would do, and does not name it. */
export class UnreadableFile extends Error {
  /** @param code that of the system's error, if there was one */
  constructor(
    why: string,
    readonly code: string | undefined,
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** What may stand at a path, in words. */
const KINDS: readonly (readonly [is: 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice', what: string])[] = [
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
    // It may have become something else by now.
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
 * For names that are handed on to a library, which opens them by itself.
 * @throws UnreadableFile unless there is a regular file or nothing
 */
export function refuseOtherThanFile(path: string): void {
  saying(() => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat) refuseIrregular(stat);
  });
}

/**
 * Opens a regular file to append to it, and makes it if there is none; a device such as `/dev/full` is opened too, and never waited for.
 * @returns the descriptor @throws UnreadableFile
 */
export function openNamedToAppend(path: string): number {
  return saying(() => {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (found && !found.isCharacterDevice()) refuseIrregular(found);
    return fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o666);
  });
}

/** True for what `readGivenFile` may have to wait for; false for what cannot be looked at. */
export function isPipe(path: string): boolean {
  try {
    return isWaitedFor(fs.statSync(path));
  } catch {
    return false;
  }
}

/**
 * The content of a file of the command line: a regular one at once, a pipe or terminal when its writers have ended. Can be waited for only
 * once, since what was read of a pipe is gone.
 * @throws UnreadableFile
 */
export async function readGivenFile(path: string): Promise<Buffer> {
  if (!isPipe(path)) return readNamedFile(path);
  log.info(`Reading ${path}, which is a pipe or device, until it ends`);
  let handle: FileHandle | undefined;
  try {
    // A thread of the pool waits.
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

/** Files of the system (`/proc`) do not say how long they are. */
function readAll(fd: number, maxBytes: number): Buffer {
  const content = new Content(maxBytes);
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const bytesRead = fs.readSync(fd, chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return content.whole();
    content.add(chunk.subarray(0, bytesRead));
  }
}

/** What was read so far. */
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

function refuseIrregular(stat: fs.Stats): void {
  if (stat.isFile()) return;
  if (stat.isDirectory()) throw new UnreadableFile('Is a directory', 'EISDIR');
  const what = KINDS.find(([is]) => stat[is]())?.[1] ?? 'something else';
  throw new UnreadableFile(`it is not a regular file but ${what}: name a regular file`, undefined);
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
