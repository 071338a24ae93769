/** What becomes of the records of a source. The counts are kept apart, so that a record that is forgotten, or answered twice, shows. */
import type { Cells } from '../../metrics/cells';
import { countActive, countBatch } from '../../metrics/counting';
import type { SubmittedRecords } from './submitted-records';

/** Counts of one run, or of several. */
export interface SourceTotals {
  readonly read: number;
  readonly acknowledged: number;
  readonly filtered: number;
  /** Records that have no answer that stays. */
  readonly pending: number;
  /** Records that brokers have acknowledged, whatever became of their transaction. */
  readonly written: number;
}

export const NO_TOTALS: SourceTotals = { read: 0, acknowledged: 0, filtered: 0, pending: 0, written: 0 };

export function addTotals(a: SourceTotals, b: SourceTotals): SourceTotals {
  return {
    read: a.read + b.read,
    acknowledged: a.acknowledged + b.acknowledged,
    filtered: a.filtered + b.filtered,
    pending: a.pending + b.pending,
    written: a.written + b.written,
  };
}

export class SourceCounts {
  private read = 0;
  /** Records polled that are not among the submitted ones yet. */
  unsent = 0;
  /** Records that Kafka has acknowledged, and those that a transformation has dropped, or the task with its transaction. */
  acknowledged = 0;
  filtered = 0;
  /** Records that were acknowledged before the task gave them up. */
  private takenBack = 0;
  /** Of these the ones that no transaction can take back any more; null where there are no transactions. */
  private final: { readonly acknowledged: number; readonly filtered: number } | null = null;

  constructor(
    private readonly submitted: SubmittedRecords,
    private readonly cells: Cells,
  ) {}

  /** A batch has come. */
  polled(count: number): void {
    this.read += count;
    this.unsent += count;
    this.cells.add('sourceRecordPollTotal', count);
    countBatch(this.cells, count);
    countActive(this.cells, 'source', this.active);
  }

  /** The task has left out by itself what would have been a record; the error handler has it already. */
  leftOut(): void {
    this.read++;
  }

  /** All that has an answer by now is committed. From the first call on answers count when they are. */
  committed(): void {
    const { acknowledged, filtered } = this;
    this.final = { acknowledged, filtered };
  }

  /** The task has given up what was acknowledged since the last commit: nobody will read it, and it does not come again. */
  givenUp(): void {
    const kept = this.final?.acknowledged ?? 0;
    this.takenBack += this.acknowledged - kept;
    this.filtered += this.acknowledged - kept;
    this.acknowledged = kept;
  }

  /** Records without an answer. */
  get active(): number {
    return this.unsent + this.submitted.pending;
  }

  /** Records with an answer that a transaction may still take back. */
  private get uncommitted(): number {
    return this.final ? this.acknowledged - this.final.acknowledged + this.filtered - this.final.filtered : 0;
  }

  /** What became of the records. */
  totals(): SourceTotals {
    const { acknowledged, filtered } = this.final ?? this;
    return { read: this.read, acknowledged, filtered, pending: this.active + this.uncommitted, written: this.written };
  }

  /** The same less what has no answer that stays, which another run will read once more. */
  answered(): SourceTotals {
    const { acknowledged, filtered } = this.final ?? this;
    return { read: this.read - this.active - this.uncommitted, acknowledged, filtered, pending: 0, written: this.written };
  }

  private get written(): number {
    return this.acknowledged + this.takenBack;
  }
}
