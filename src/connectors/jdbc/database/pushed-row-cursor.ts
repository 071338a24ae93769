/** A cursor over rows that a driver pushes; the driver is paused while enough rows wait. */
import type { RawRow, ReadLimit, RowCursor } from './connection';
import { rowBytes } from './row-buffer';

/** Rows may wait up to this many bytes before the driver is paused. */
const MAX_WAITING_BYTES = 1 << 20;

/** Controls of the driver. */
export interface PushedRowFlow {
  pause(): void;
  resume(): void;
  /** Abandons the connection, since the server would go on sending. */
  abandon(): void;
}

/** Its owner calls `take` for each row, and `end`. */
export class PushedRowCursor implements RowCursor {
  private waiting: RawRow[] = [];
  /** The sizes of the waiting rows in bytes. */
  private sizes: number[] = [];
  /** How many of them are taken. */
  private taken = 0;
  private waitingBytes = 0;
  private paused = false;
  private ended = false;
  private failure: Error | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly flow: PushedRowFlow) {}

  /** A row has come. */
  take(row: RawRow): void {
    const bytes = rowBytes(row);
    this.waiting.push(row);
    this.sizes.push(bytes);
    this.waitingBytes += bytes;
    if (this.waitingBytes > MAX_WAITING_BYTES && !this.paused) {
      this.paused = true;
      this.flow.pause();
    }
    this.notify();
  }

  /** Notes that no more rows will come, or why. Further calls have no effect. */
  end(failure: Error | null): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = failure;
    this.notify();
  }

  private notify(): void {
    this.wake?.();
    this.wake = null;
  }

  async read(limit: ReadLimit): Promise<readonly RawRow[]> {
    while (this.taken === this.waiting.length && !this.ended) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
    }
    // Rows before an error are complete and in order, so they are returned first.
    if (this.taken === this.waiting.length && this.failure) throw this.failure;
    const rows = this.takeWithin(limit);
    if (this.paused && this.waitingBytes < MAX_WAITING_BYTES / 2) {
      this.paused = false;
      this.flow.resume();
    }
    return rows;
  }

  /** At least one row, if there is one. */
  private takeWithin(limit: ReadLimit): RawRow[] {
    const first = this.taken;
    let bytes = 0;
    for (; this.taken < this.waiting.length && this.taken - first < limit.rows; this.taken++) {
      const size = this.sizes[this.taken] as number;
      if (this.taken > first && bytes + size > limit.bytes) break;
      bytes += size;
    }
    const rows = this.waiting.slice(first, this.taken);
    this.waitingBytes -= bytes;
    // Moving the rest at every call would cost more than the rows themselves.
    if (this.taken * 2 >= this.waiting.length) {
      this.waiting = this.waiting.slice(this.taken);
      this.sizes = this.sizes.slice(this.taken);
      this.taken = 0;
    }
    return rows;
  }

  async close(): Promise<void> {
    if (!this.ended) this.flow.abandon();
    this.end(null);
    this.waiting = [];
    this.taken = 0;
  }
}
