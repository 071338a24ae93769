/**
 * Writes lines to a descriptor that may be a full pipe, a broken pipe, or a file on a full disk. The caller neither waits nor fails: lines
 * that cannot be written are counted, and the count is written as soon as writing works again.
 */
import fs from 'node:fs';

/** The most that may wait for a slow reader. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** How long to wait when a pipe is full. */
const PIPE_FULL_WAIT_MS = 20;
const LF = 10;
const STDERR_FD = 2;

interface Batch {
  readonly bytes: Buffer;
  /** Bytes of the note about missing lines at the beginning. */
  readonly noteSize: number;
  /** How many missing lines the note counts. */
  readonly lostBefore: number;
}

export class LineOutput {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private isWriting = false;
  private lostLines = 0;
  /** Set once the failure was reported, until a write succeeds. */
  private isFailing = false;
  private reason = '';
  /** The last write ended within a line. */
  private isTorn = false;
  private whenIdle: () => void = () => {};

  /** @param maxWaitingBytes lines beyond this limit are lost and counted */
  constructor(
    private readonly fd: number,
    private readonly maxWaitingBytes = MAX_WAITING_BYTES,
  ) {}

  /** Takes whole lines. Never throws. */
  add(lines: Buffer): void {
    if (this.waitingBytes + lines.length > this.maxWaitingBytes) this.lose(lines, 0, 'its reader is too slow');
    else {
      this.waiting.push(lines);
      this.waitingBytes += lines.length;
      if (!this.isWriting) this.writeAll();
    }
  }

  /** Waits until all is written or lost. @returns false if the time was not enough; a write may still be blocked */
  async settle(limitMs: number): Promise<boolean> {
    if (!this.isWriting) return true;
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<boolean>(resolve => {
      this.whenIdle = () => resolve(true);
      timer = setTimeout(resolve, limitMs, false);
    });
    return idle.finally(() => clearTimeout(timer));
  }

  private writeAll(): void {
    const lines = this.waiting.splice(0);
    this.waitingBytes = 0;
    this.isWriting = lines.length > 0;
    if (this.isWriting) {
      const note = this.noteOfLost();
      this.write({ bytes: Buffer.concat([note, ...lines]), noteSize: note.length, lostBefore: this.lostLines }, 0);
    } else this.whenIdle();
  }

  private write(batch: Batch, from: number): void {
    const { bytes, noteSize, lostBefore } = batch;
    fs.write(this.fd, bytes, from, bytes.length - from, null, (error, count) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.write(batch, from), PIPE_FULL_WAIT_MS);
      if (!error && from + count < bytes.length) return this.write(batch, from + count);
      // The note has reported the earlier losses once it is written.
      if (!error || (noteSize > 0 && from >= noteSize)) this.lostLines -= lostBefore;
      this.isTorn = error ? (from === 0 ? this.isTorn : bytes[from - 1] !== LF) : false;
      if (error) this.lose(bytes, Math.max(from, noteSize), error.message);
      else this.isFailing = false;
      this.writeAll();
    });
  }

  private lose(lines: Buffer, from: number, reason: string): void {
    if (!this.isFailing) warn(`The log cannot be written (${reason}). The worker goes on without it, and tries again with each line\n`);
    this.isFailing = true;
    this.reason = reason;
    for (let at = lines.indexOf(LF, from); at >= 0; at = lines.indexOf(LF, at + 1)) this.lostLines++;
  }

  private noteOfLost(): Buffer {
    const { lostLines, reason, isTorn } = this;
    return Buffer.from(`${isTorn ? '\n' : ''}${lostLines === 0 ? '' : `${lostLines} lines of the log are missing here: ${reason}\n`}`);
  }
}

function warn(text: string): void {
  try {
    fs.writeSync(STDERR_FD, text);
  } catch {
    // Standard error is closed too; there is no way left to report it.
  }
}
