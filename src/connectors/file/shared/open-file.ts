/** One file, opened for reading: what kind it is, which one it is, what lies before a position. */
import fs from 'node:fs';
import type { SourceOffset } from '../../../data/record/record';
import { ConnectError } from '../../../errors';
import { ByteStream } from './byte-stream';
import { streamOfPath } from './file-descriptor-stream';
import { type FileIdentity, formatMark, hashOfTail, identityOf } from './file-identity';
import { FileOffset } from './file-offset';

const { O_RDONLY, O_RDWR, O_NONBLOCK } = fs.constants;
/** Bytes before a position that tell whether the file still is what it was. */
export const TAIL_BYTES = 1024;

/** A file by its descriptor: it stays the same file when that is renamed or deleted. */
export class OpenFile {
  /** When it was opened. */
  readonly sinceMs = Date.now();
  private halted = false;
  private closed = false;
  /** Makes the offset of a position. */
  readonly offsetAt = (position: number): SourceOffset => new FileOffset(position, this);

  private constructor(
    private readonly fd: number,
    readonly identity: FileIdentity,
    /** Sorts files in the order in which they had the name, see `orderOf`. */
    readonly orderNs: bigint,
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
    return new OpenFile(fd, identityOf(stat), orderOf(stat), stat.isFile(), stat.isFIFO() ? openFifo(path) : null);
  }

  /**
   * Reads from a position of a regular file, with the bytes before it in the same call: they cost nothing beside the rest.
   * @param before receives them, as many as it is long
   * @returns bytes read from the position on, negative if not even all before it are there. @throws a system error
   */
  readWithTail(before: Buffer, into: Buffer, position: number): number {
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

  /**
   * True if there are that many bytes, and the last ones before the position have this hash.
   * @param hole whether zeros will do too: the hole that the writer of a truncated file leaves when it goes on where it was
   */
  holds(position: number, hash: string, hole: boolean): boolean {
    if (this.state().size < position) return false;
    const found = hashOfTail(this.tailBefore(position));
    return found === hash || (hole && found === null);
  }

  /** By what this file and a position in it are known again; without a hash once it is closed. Undefined for all but regular files. */
  markAt(position: number): string | undefined {
    return this.isRegular ? formatMark({ identity: this.identity, hash: this.hashBefore(position) }) : undefined;
  }

  private hashBefore(position: number): string | null {
    if (this.closed) return null;
    try {
      return hashOfTail(this.tailBefore(position));
    } catch {
      // It cannot be read at the moment: the identity is proof enough.
      return null;
    }
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
    if (this.closed) return;
    this.closed = true;
    this.stream?.close();
    fs.closeSync(this.fd);
  }
}

/** The time of its birth, or of its last write where the file system knows no births, in epoch nanoseconds. */
export function orderOf({ birthtimeNs, mtimeNs }: fs.BigIntStats): bigint {
  return birthtimeNs > 0n ? birthtimeNs : mtimeNs;
}

/** Opened for writing too, a FIFO has no end when its writers go; then the event loop can wait for it. Null where that is forbidden. */
function openFifo(path: string): ByteStream | null {
  try {
    return new ByteStream(streamOfPath(path, O_RDWR | O_NONBLOCK));
  } catch {
    return null;
  }
}
