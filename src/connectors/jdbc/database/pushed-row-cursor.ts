/** Rows of a driver that sends them on its own; it is told to pause while enough of them wait. */
import type { RawRow, ReadLimit, RowCursor } from './connection';
import { rowBytes, takeWithin } from './row-buffer';

/** Rows may wait up to this many bytes before the driver is paused. */
const MAX_WAITING_BYTES = 4 << 20;

/** How to tell the driver. */
export interface PushedRowFlow {
  pause(): void;
  resume(): void;
  /** Gives up the connection: the server would go on sending. */
  abandon(): void;
}

/** Its owner calls `take` for each row, and `end`. */
export class PushedRowCursor implements RowCursor {
  private waiting: RawRow[] = [];
  private waitingBytes = 0;
  private paused = false;
  private ended = false;
  private failure: Error | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly flow: PushedRowFlow) {}

  /** A row has come. */
  take(row: RawRow): void {
    this.waiting.push(row);
    this.waitingBytes += rowBytes(row);
    if (this.waitingBytes > MAX_WAITING_BYTES && !this.paused) {
      this.paused = true;
      this.flow.pause();
    }
    this.notify();
  }

  /** No more rows will come; what failed, if anything did. Later calls change nothing. */
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
    while (this.waiting.length === 0 && !this.ended) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
    }
    // What came before an error is complete and in order.
    if (this.waiting.length === 0 && this.failure) throw this.failure;
    const rows = takeWithin(this.waiting, 0, limit);
    this.waiting = this.waiting.slice(rows.length);
    this.waitingBytes -= rows.reduce((sum, row) => sum + rowBytes(row), 0);
    if (this.paused && this.waitingBytes < MAX_WAITING_BYTES / 2) {
      this.paused = false;
      this.flow.resume();
    }
    return rows;
  }

  async close(): Promise<void> {
    if (!this.ended) this.flow.abandon();
    this.end(null);
    this.waiting = [];
  }
}
