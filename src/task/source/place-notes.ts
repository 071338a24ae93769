/** Places that a source task has come to without a record: submitted in their order among the records, and kept soon. */
import type { SourceRun } from './source-run';

/** How long a place may wait for the answers to the records before it. */
const WAIT_MS = 500;

export class PlaceNotes {
  private dueMs: number | null = null;

  constructor(
    private readonly run: Pick<SourceRun, 'task' | 'submitted'>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /**
   * Takes a place from the task, if it has one. A place needs no answer; it is the offset once all records before it have theirs.
   * @returns true, once, when it is time to keep what was taken
   */
  areDue(): boolean {
    const { task, submitted } = this.run;
    const place = submitted.room > 0 ? task.takePlace?.() : null;
    if (place) {
      submitted.acknowledge(submitted.submit(place.partition, place.offset));
      this.dueMs ??= this.nowMs() + WAIT_MS;
    }
    if (this.dueMs === null || (submitted.pending > 0 && this.nowMs() < this.dueMs)) return false;
    this.dueMs = null;
    return true;
  }
}
