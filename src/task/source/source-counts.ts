/** What becomes of the records of a source. The counts are kept apart, so that a record that is forgotten, or answered twice, shows. */
import type { ErrorHandler } from '../../pipeline/error-handler';
import type { TaskCounters } from '../../thread/task-counters';
import type { SubmittedRecords } from './submitted-records';

/** Counts of records that have got their answers. */
export type AnsweredCounts = Pick<TaskCounters, 'read' | 'acknowledged' | 'filtered'>;

export class SourceCounts {
  private read = 0;
  /** Records polled that are not among the submitted ones yet. */
  unsent = 0;
  /** Records that Kafka has acknowledged, and those that a transformation has dropped, or the task with its transaction. */
  acknowledged = 0;
  filtered = 0;
  /** Of these the ones that no transaction can take back any more; null where there are no transactions. */
  private final: { readonly acknowledged: number; readonly filtered: number } | null = null;

  constructor(
    private readonly submitted: SubmittedRecords,
    private readonly errors: ErrorHandler,
  ) {}

  /** A batch has come. */
  polled(count: number): void {
    this.read += count;
    this.unsent += count;
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
    this.filtered += this.acknowledged - kept;
    this.acknowledged = kept;
  }

  /** Records with an answer that a transaction may still take back. */
  private get uncommitted(): number {
    return this.final ? this.acknowledged - this.final.acknowledged + this.filtered - this.final.filtered : 0;
  }

  /** Records without an answer that stays. */
  private get open(): number {
    return this.unsent + this.submitted.pending + this.uncommitted;
  }

  /** The counts less what has no answer, which another run will read once more. */
  answered(): AnsweredCounts {
    const { acknowledged, filtered } = this.final ?? this;
    return { read: this.read - this.open, acknowledged, filtered };
  }

  counters(): TaskCounters {
    const { acknowledged, filtered } = this.final ?? this;
    const { deadLettered, skipped, reporting } = this.errors;
    return { read: this.read, acknowledged, filtered, deadLettered, skipped, pending: this.open + reporting };
  }
}
