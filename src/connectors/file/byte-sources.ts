/** Where the bytes of a file source come from: a named file that grows, is truncated or replaced, or standard input. */
import fs from 'node:fs';
import net from 'node:net';
import tty from 'node:tty';
import { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { FileChange } from './file-change';

/** What reading met. */
export type ReadResult =
  | { readonly kind: 'bytes'; readonly count: number }
  /** Nothing now; more may come. */
  | { readonly kind: 'end' }
  /** The stream begins anew: forget what is buffered. */
  | { readonly kind: 'restart'; readonly position: number };

export interface ByteSource {
  /** Reads into the buffer what is there, without waiting. @throws ConnectError when it cannot be read */
  read(into: Buffer, position: number): ReadResult;
  /** Waits until a read may find more, a second has passed or the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>;
  /** True if all there is has been read. */
  readonly exhausted: boolean;
  close(): void;
}

const END: ReadResult = { kind: 'end' };

/** How long a file that was rotated away must not have grown before the new one is read. */
const REPLACED_QUIET_MS = 2000;

/** A file by its name. Missing is no error: it is waited for. */
export class NamedFile implements ByteSource {
  exhausted = false;
  private fd = -1;
  private inode = 0;
  private isRegular = true;
  private missingReported = false;
  private replacedAtMs = 0;
  private replacedAtPosition = 0;
  private readonly change: FileChange;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
  ) {
    this.change = new FileChange(path);
  }

  read(into: Buffer, position: number): ReadResult {
    if (this.fd < 0 && !this.open()) return END;
    const count = this.readSome(into, position);
    if (count > 0) {
      this.exhausted = false;
      return { kind: 'bytes', count };
    }
    this.exhausted = true;
    return this.isRegular ? this.lookForReplacement(position) : END;
  }

  private readSome(into: Buffer, position: number): number {
    try {
      return fs.readSync(this.fd, into, 0, into.length, this.isRegular ? position : null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw new ConnectError(
        'ConnectException',
        `Could not read file ${this.path} at position ${position}: ${(error as Error).message}`,
        error,
      );
    }
  }

  private open(): boolean {
    try {
      // A FIFO without a writer must not block the thread.
      this.fd = fs.openSync(this.path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw new ConnectError(
          'ConnectException',
          `Could not open file ${this.path}: ${(error as Error).message}. Check that the worker may read it.`,
          error,
        );
      }
      this.exhausted = true;
      if (!this.missingReported)
        this.logger.warn(`Couldn't find file ${this.path} for FileStreamSourceTask, sleeping to wait for it to be created`);
      this.missingReported = true;
      return false;
    }
    const stat = fs.fstatSync(this.fd);
    if (stat.isDirectory()) {
      this.closeFile();
      throw new ConnectError('ConnectException', `${this.path} is a directory; the 'file' setting of FileStreamSource must name a file.`);
    }
    this.inode = stat.ino;
    this.isRegular = stat.isFile();
    this.missingReported = false;
    this.logger.debug(`Opened ${this.path} for reading`);
    return true;
  }

  /** At the end of the file: has it become shorter, or does its name now mean another file? */
  private lookForReplacement(position: number): ReadResult {
    const size = fs.fstatSync(this.fd).size;
    if (size < position) {
      this.logger.warn(
        `File ${this.path} is ${size} bytes long, shorter than the position ${position}: it was truncated. Reading it again from 0.`,
      );
      return { kind: 'restart', position: 0 };
    }
    if (size > position) return END;
    const named = fs.statSync(this.path, { throwIfNoEntry: false });
    if (!named || named.ino === this.inode) {
      this.replacedAtMs = 0;
      return END;
    }
    // Whoever wrote the old file may still have it open for a moment after the rotation.
    if (this.replacedAtMs === 0 || position !== this.replacedAtPosition) {
      this.replacedAtMs = Date.now();
      this.replacedAtPosition = position;
    }
    if (Date.now() - this.replacedAtMs < REPLACED_QUIET_MS) return END;
    this.replacedAtMs = 0;
    this.logger.info(`File ${this.path} was replaced at position ${position}: going on with the new file from 0.`);
    this.closeFile();
    return { kind: 'restart', position: 0 };
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.change.wait(signal);
  }

  private closeFile(): void {
    if (this.fd >= 0) fs.closeSync(this.fd);
    this.fd = -1;
  }

  close(): void {
    this.closeFile();
    this.change.close();
  }
}

/** Bytes of standard input kept while the task is busy; more stay in the pipe. */
const STDIN_HIGH_WATER_BYTES = 1 << 20;

/** Standard input: a pipe, a socket, a terminal or a file. It is read without blocking the thread, and never closed. */
export class StandardInput implements ByteSource {
  private readonly stream: net.Socket | fs.ReadStream;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private ended = false;
  private wake: (() => void) | null = null;

  constructor() {
    this.stream = openStandardInput();
    this.stream.on('data', (chunk: Buffer | string) => {
      this.chunks.push(chunk as Buffer);
      this.bytes += chunk.length;
      if (this.bytes > STDIN_HIGH_WATER_BYTES) this.stream.pause();
      this.wake?.();
    });
    const end = (): void => {
      this.ended = true;
      this.wake?.();
    };
    this.stream.on('end', end).on('error', end);
  }

  get exhausted(): boolean {
    return this.ended && this.bytes === 0;
  }

  read(into: Buffer): ReadResult {
    const chunk = this.chunks[0];
    if (!chunk) return END;
    const count = chunk.copy(into);
    if (count === chunk.length) this.chunks.shift();
    else this.chunks[0] = chunk.subarray(count);
    this.bytes -= count;
    if (this.bytes < STDIN_HIGH_WATER_BYTES && this.stream.isPaused()) this.stream.resume();
    return { kind: 'bytes', count };
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (this.bytes > 0 || signal.aborted) return;
    await new Promise<void>(resolve => {
      this.wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.wake = null;
  }

  close(): void {
    this.stream.destroy();
  }
}

function openStandardInput(): net.Socket | fs.ReadStream {
  if (tty.isatty(0)) return new tty.ReadStream(0);
  const stat = fs.fstatSync(0);
  if (stat.isFIFO() || stat.isSocket()) return new net.Socket({ fd: 0, readable: true, writable: false });
  return fs.createReadStream('', { fd: 0, autoClose: false });
}
