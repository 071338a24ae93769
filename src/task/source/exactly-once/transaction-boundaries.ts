/** Where the transactions of a task end: after a while, or where the task says so (WorkerTransactionContext, KIP-618). */
import type { SourceBatch } from '../../../api/source';
import type { TransactionContext } from '../../../api/transaction-context';
import type { TransactionBoundary } from '../../../config/keys/exactly-once';
import type { SourceRecord } from '../../../data/record/record';
import { ConnectError } from '../../../errors';
import type { BatchPart, Ending } from '../delivery';

/**
 * With `transaction.boundary=poll` Java commits after each poll. Polls are taken together here, as long as they come without a pause, up to
 * these limits: a round trip for each would cost more than the records, and nothing is sent while one is committed.
 */
const MAX_OPEN_MS = 400;
const MAX_OPEN_BYTES = 64 * 1024 * 1024;
/** A source that has nothing for so long makes a pause. */
const PAUSE_MS = 5;
/** A transaction that is open for longer than its timeout would be aborted by the brokers; so it is committed before. */
const SHARE_OF_TIMEOUT = 0.5;

/** An open transaction. */
export interface OpenTransaction {
  readonly sinceMs: number;
  readonly bytes: number;
}

export class TransactionBoundaries {
  /** For the task; null where it has no say. */
  readonly context: TransactionContext | null;
  private readonly endings = new Map<SourceRecord, 'commit' | 'abort'>();
  private atBatchEnd: Ending = null;
  private readonly maxOpenMs: number;

  /** @param timeoutMs `transaction.timeout.ms` */
  constructor(
    private readonly boundary: TransactionBoundary,
    timeoutMs: number,
  ) {
    const longest = boundary.type === 'interval' ? boundary.intervalMs : MAX_OPEN_MS;
    this.maxOpenMs = Math.min(longest, timeoutMs * SHARE_OF_TIMEOUT);
    this.context =
      boundary.type === 'connector'
        ? {
            commitTransaction: record => this.note('commit', record),
            abortTransaction: record => this.note('abort', record),
          }
        : null;
  }

  private note(ending: 'commit' | 'abort', record: SourceRecord | undefined): void {
    const before = record ? this.endings.get(record) : this.atBatchEnd;
    if (before && before !== ending) {
      const what = record ? `record against topic/partition ${record.topic}/${record.kafkaPartition}` : 'transaction';
      throw new ConnectError('IllegalStateException', `Connector requested both commit and abort of same ${what}`);
    }
    if (record) this.endings.set(record, ending);
    else this.atBatchEnd = ending;
  }

  /**
   * Takes a batch apart where the task wants transactions to end within it. Texts and rows are no records, so that nothing can end behind
   * one.
   */
  partsOf(batch: SourceBatch): BatchPart[] {
    if ('kind' in batch || this.endings.size === 0) return [{ part: batch, ending: null, endsBatch: true }];
    const parts: BatchPart[] = [];
    let from = 0;
    batch.forEach((record, i) => {
      const ending = this.endings.get(record);
      if (!ending) return;
      parts.push({ part: batch.slice(from, i + 1), ending, endsBatch: i + 1 === batch.length });
      from = i + 1;
    });
    this.endings.clear();
    if (from < batch.length || batch.length === 0) parts.push({ part: batch.slice(from), ending: null, endsBatch: true });
    return parts;
  }

  /** What the task wants behind the batch that was sent. */
  takeBatchEnding(): Ending {
    const ending = this.atBatchEnd;
    this.atBatchEnd = null;
    return ending;
  }

  /** True if the transaction is to be committed now that a batch is through. */
  isFull(open: OpenTransaction, nowMs: number): boolean {
    if (this.boundary.type === 'connector') return false;
    return nowMs - open.sinceMs >= this.maxOpenMs || (this.boundary.type === 'poll' && open.bytes >= MAX_OPEN_BYTES);
  }

  /** How long the next poll may take before the transaction is committed, in ms; undefined for ever. */
  patienceMs(open: OpenTransaction, nowMs: number): number | undefined {
    if (this.boundary.type === 'connector') return undefined;
    const left = Math.max(0, open.sinceMs + this.maxOpenMs - nowMs);
    return this.boundary.type === 'poll' ? Math.min(PAUSE_MS, left) : left;
  }

  /** True if what was sent before the task failed or stopped may be committed, though the task has not said so. */
  get mayEndAnywhere(): boolean {
    return this.boundary.type !== 'connector';
  }
}
