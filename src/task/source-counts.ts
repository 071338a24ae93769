/** What becomes of the records of a source. The counts are kept apart, so that a record that is forgotten, or answered twice, shows. */
import type { ErrorHandler } from '../pipeline/error-handler';
import type { TaskCounters } from '../thread/task-counters';
import type { SubmittedRecords } from './submitted-records';

/** Counts of records that have got their answers. */
export type AnsweredCounts = Pick<TaskCounters, 'read' | 'acknowledged' | 'filtered'>;

export class SourceCounts {
  private read = 0;
  /** Records polled that are not among the submitted ones yet. */
  unsent = 0;
  /** Records that Kafka has acknowledged, and those that a transformation has dropped. */
  acknowledged = 0;
  filtered = 0;

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

  /** The counts less what has no answer, which another attempt will read once more. */
  answered(): AnsweredCounts {
    const { read, acknowledged, filtered, unsent, submitted } = this;
    return { read: read - unsent - submitted.pending, acknowledged, filtered };
  }

  counters(): TaskCounters {
    const { read, acknowledged, filtered, unsent, submitted } = this;
    const { deadLettered, skipped, reporting } = this.errors;
    return { read, acknowledged, filtered, deadLettered, skipped, pending: unsent + submitted.pending + reporting };
  }
}
