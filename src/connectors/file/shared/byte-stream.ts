/** Bytes that arrive by themselves (pipe, FIFO, socket, terminal): a bounded number of them is held until the task asks. */
import type { Readable } from 'node:stream';

/** Bytes kept while the task is busy; more stay in the pipe. */
const HIGH_WATER_BYTES = 1 << 20;

/** Makes a readable stream of Node one that is asked for bytes. Owns the stream. */
export class ByteStream {
  /** True once the other side has closed it and all bytes were read. */
  get ended(): boolean {
    return this.over && this.bytes === 0;
  }

  /** What ended the stream, if it was not an ordinary end. */
  failure: Error | null = null;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private over = false;
  private halted = false;
  private wake: (() => void) | null = null;

  constructor(private readonly stream: Readable) {
    stream.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.bytes += chunk.length;
      if (this.bytes > HIGH_WATER_BYTES) stream.pause();
      this.wake?.();
    });
    stream.on('end', () => this.finish());
    stream.on('error', error => {
      this.failure = error;
      this.finish();
    });
  }

  private finish(): void {
    this.over = true;
    this.wake?.();
  }

  /** Copies what has arrived, at most as much as fits. @returns number of bytes, 0 for nothing now */
  read(into: Buffer): number {
    const chunk = this.chunks[0];
    if (!chunk) return 0;
    const count = chunk.copy(into);
    if (count === chunk.length) this.chunks.shift();
    else this.chunks[0] = chunk.subarray(count);
    this.bytes -= count;
    if (this.bytes <= HIGH_WATER_BYTES && !this.halted && this.stream.isPaused()) this.stream.resume();
    return count;
  }

  /** Waits for bytes, the end or the signal. */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.bytes > 0 || signal.aborted) return;
    // An end that the task has not seen yet wakes it; after that only the signal ends the wait.
    await new Promise<void>(resolve => {
      this.wake = resolve;
      signal.addEventListener('abort', this.wake, { once: true });
    });
    if (this.wake) signal.removeEventListener('abort', this.wake);
    this.wake = null;
  }

  /** Takes nothing more from the other side; what was taken can still be read. */
  halt(): void {
    if (this.halted) return;
    this.halted = true;
    this.stream.pause();
    // What Node holds itself comes as `data` too. In the same turn as the end of the stream, or Node would read on meanwhile.
    while (this.stream.read() !== null);
    this.stream.destroy();
  }

  close(): void {
    this.stream.destroy();
  }
}
