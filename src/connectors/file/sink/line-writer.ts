/** Appends whole lines to a file or to standard output; what fails half-way is taken back or completed, never torn or doubled. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import { errorCode } from '../shared/file-trouble';

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = fs.constants;
const LF = 10;
const LINE_END = Buffer.from([LF]);
const STDOUT_FD = 1;
/** How long to wait when a pipe is full. */
const PIPE_FULL_WAIT_MS = 5;
/** How long in one call, so that the task still can stop and the consumer still is polled. */
const PIPE_FULL_LIMIT_MS = 1000;

/** Errors of a full disk or quota: they pass when somebody makes room. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

export class LineWriter {
  private fd = STDOUT_FD;
  private isRegular = false;
  private identity = '';
  /** The file ends inside a line that we have not written. */
  private torn = false;
  /** The batch that was written in part, and how much of it; null when all is whole. */
  private partial: { readonly lines: Buffer; readonly written: number } | null = null;

  /**
   * @param file path, or empty for standard output
   * @throws ConnectException when it cannot be opened
   */
  constructor(
    private readonly file: string,
    private readonly logger: Logger,
  ) {
    if (file) this.open();
  }

  private open(): void {
    try {
      this.fd = openToAppend(this.file);
    } catch (error) {
      throw new ConnectError('ConnectException', `Couldn't find or create file '${this.file}' for FileStreamSinkTask`, error);
    }
    const stat = fs.fstatSync(this.fd, { bigint: true });
    this.isRegular = stat.isFile();
    this.identity = identityOf(stat);
    this.torn = this.isRegular && endsInsideLine(this.file, stat.size);
  }

  /**
   * Writes lines, all or nothing as far as others can see it.
   * @throws RetriableException when the disk is full: call again with the same lines
   */
  async write(lines: Buffer): Promise<void> {
    this.followName();
    const from = await this.completePartial(lines);
    await this.append(lines, from);
  }

  /** A file that was moved or deleted (rotation, `rm`) gets a successor, so that no line goes where nobody finds it. */
  private followName(): void {
    if (!this.isRegular) return;
    let named: fs.BigIntStats | undefined;
    try {
      named = fs.statSync(this.file, { bigint: true, throwIfNoEntry: false });
    } catch {
      return; // the folder cannot be looked at now, the open file can be written all the same
    }
    if (named && identityOf(named) === this.identity) return;
    this.logger.info(`File ${this.file} was moved or deleted: going on with a new one.`);
    fs.closeSync(this.fd);
    this.fd = -1;
    this.isRegular = false;
    this.partial = null;
    this.open();
  }

  /** @returns where in the lines to begin: after what an earlier call has written of them */
  private async completePartial(lines: Buffer): Promise<number> {
    const { partial } = this;
    if (!partial) return 0;
    if (partial.lines.equals(lines)) return partial.written;
    // Another batch, since partitions have moved meanwhile: the line that was begun gets its end first.
    const end = partial.lines.indexOf(LF, partial.written - 1) + 1;
    if (end > partial.written) await this.append(partial.lines.subarray(0, end), partial.written);
    this.partial = null;
    return 0;
  }

  private async append(lines: Buffer, from: number): Promise<void> {
    if (this.torn) this.endTornLine();
    const sizeBefore = this.isRegular ? fs.fstatSync(this.fd).size : 0;
    const deadlineMs = Date.now() + PIPE_FULL_LIMIT_MS;
    for (let written = from; written < lines.length; ) {
      try {
        written += fs.writeSync(this.fd, lines, written);
      } catch (error) {
        if (errorCode(error) !== 'EAGAIN' || Date.now() > deadlineMs) throw this.failed(error, lines, from, written, sizeBefore);
        await sleep(PIPE_FULL_WAIT_MS);
      }
    }
    this.partial = null;
  }

  /** What a killed writer has left stays, as a line of its own; the whole line comes again. */
  private endTornLine(): void {
    try {
      fs.writeSync(this.fd, LINE_END);
    } catch (error) {
      throw this.failed(error, LINE_END, 0, 0, 0);
    }
    this.torn = false;
    this.logger.info(`File ${this.file} did not end with a line end: one was added before the first line.`);
  }

  /** Takes back what was written in part where that is possible, and remembers it where it is not. */
  private failed(error: unknown, lines: Buffer, from: number, written: number, sizeBefore: number): ConnectError {
    const mine = written - from;
    if (mine > 0) {
      // Others may have written to the file too; then only the end is missing, and comes with the next call.
      const alone = this.isRegular && fs.fstatSync(this.fd).size === sizeBefore + mine;
      if (alone) fs.ftruncateSync(this.fd, sizeBefore);
      else this.partial = { lines: Buffer.from(lines), written };
    }
    const message = `Could not write to ${this.file ? `file '${this.file}'` : 'standard output'}: ${(error as Error).message}`;
    const code = errorCode(error);
    if (NO_ROOM.has(code)) return new ConnectError('RetriableException', `${message}. Waiting for room; nothing is lost.`, error);
    if (code === 'EAGAIN') return new ConnectError('RetriableException', `${message}. Waiting for its reader; nothing is lost.`, error);
    return new ConnectError('ConnectException', `${message}. Restart the task when it can be written again; nothing is skipped.`, error);
  }

  close(): void {
    if (this.file && this.fd >= 0) fs.closeSync(this.fd);
    this.fd = -1;
  }
}

/** @throws a system error; ENXIO for a FIFO without a reader, on which opening would block the thread */
function openToAppend(file: string): number {
  return fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o666);
}

/** True if the last byte is not a line end. A file that may not be read is taken as whole. */
function endsInsideLine(file: string, size: bigint): boolean {
  if (size === 0n) return false;
  try {
    const fd = fs.openSync(file, O_RDONLY);
    try {
      const last = Buffer.alloc(1);
      return fs.readSync(fd, last, 0, 1, Number(size) - 1) === 1 && last[0] !== LF;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return false;
  }
}

function identityOf(stat: fs.BigIntStats): string {
  return `${stat.dev}:${stat.ino}`;
}
