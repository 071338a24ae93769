/** One file, opened for reading: what it is, which one it is, what lies before a position. */
import fs from 'node:fs';
import { ConnectError } from '../../errors';
import { ByteStream } from './byte-stream';
import { streamOfPath } from './file-descriptor-stream';

const { O_RDONLY, O_RDWR, O_NONBLOCK } = fs.constants;
/** Bytes before a position that tell whether the file still is what it was. */
export const TAIL_BYTES = 1024;

/** A file by its descriptor; goes on meaning the same file when that is renamed or deleted. */
export class OpenFile {
  /** When it was opened. */
  readonly sinceMs = Date.now();
  private halted = false;

  private constructor(
    private readonly fd: number,
    /** Device and inode: two files that exist at the same time differ in it. */
    readonly identity: string,
    readonly isRegular: boolean,
    private readonly stream: ByteStream | null,
  ) {}

  /** @throws a system error; ConnectException for a directory */
  static open(path: string): OpenFile {
    // A FIFO without a writer must not block the thread.
    const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    const stat = fs.fstatSync(fd, { bigint: true });
    if (stat.isDirectory()) {
      fs.closeSync(fd);
      throw new ConnectError('ConnectException', `${path} is a directory; the 'file' setting of FileStreamSource must name a file.`);
    }
    return new OpenFile(fd, identityOf(stat), stat.isFile(), stat.isFIFO() ? openFifo(path) : null);
  }

  /**
   * Reads from a position of a regular file, with the bytes before it in the same call: they cost nothing beside the rest.
   * @param before receives them, as many as it is long
   * @returns bytes read from the position on, negative if not even all before it are there. @throws a system error
   */
  readBehind(before: Buffer, into: Buffer, position: number): number {
    return fs.readvSync(this.fd, [before, into], position - before.length) - before.length;
  }

  /** Reads what has arrived, for all but regular files. @returns bytes read, 0 for none. @throws a system error */
  read(into: Buffer): number {
    if (this.stream) return this.stream.read(into);
    if (this.halted) return 0;
    try {
      return fs.readSync(this.fd, into, 0, into.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }

  /** Size in bytes and time of the last write. */
  state(): { readonly size: number; readonly mtimeMs: number } {
    return fs.fstatSync(this.fd);
  }

  /** The last bytes before a position. */
  tailBefore(position: number): Buffer {
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, position));
    return tail.subarray(0, fs.readSync(this.fd, tail, 0, tail.length, position - tail.length));
  }

  /** Waits for a FIFO to be written to; null for other files. */
  arrival(signal: AbortSignal): Promise<void> | null {
    return this.stream?.wait(signal) ?? null;
  }

  /** Takes nothing more from a FIFO; what was taken can still be read. */
  halt(): void {
    this.halted = true;
    this.stream?.halt();
  }

  close(): void {
    this.stream?.close();
    fs.closeSync(this.fd);
  }
}

/** Which file a path names now; null for none. @throws a system error other than "not there" */
export function identityAt(path: string): string | null {
  const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? identityOf(stat) : null;
}

function identityOf(stat: fs.BigIntStats): string {
  return `${stat.dev}:${stat.ino}`;
}

/** Opened for writing too, a FIFO has no end when its writers go; then the event loop can wait for it. Null where that is forbidden. */
function openFifo(path: string): ByteStream | null {
  try {
    return new ByteStream(streamOfPath(path, O_RDWR | O_NONBLOCK));
  } catch {
    return null;
  }
}
