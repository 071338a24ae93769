/** What is counted together, in sources and sinks alike. */
import type { Cells } from './cells';

/** Where a task counts. */
export interface TaskCounting {
  readonly cells: Cells;
  /** To be called when something was counted that no record brings to the main thread. */
  changed(): void;
}

/** A batch has come, or was taken. */
export function countBatch(cells: Cells, records: number): void {
  cells.add('batches');
  cells.add('batchRecords', records);
  cells.note('taskBatchSizeMax', records);
}

/** Looks at how many records are under way. */
export function countActive(cells: Cells, of: 'source' | 'sink', records: number): void {
  cells.add('activeRecords', records);
  cells.add('activeLooks');
  cells.note(of === 'source' ? 'sourceRecordActiveCountMax' : 'sinkRecordActiveCountMax', records);
}

/** A commit of offsets has ended. @param tookMs null if it has failed, whose time does not count in Java either */
export function countCommit(cells: Cells, tookMs: number | null): void {
  cells.add('commits');
  if (tookMs === null) {
    cells.add('commitFailures');
    return;
  }
  cells.add('commitSuccesses');
  cells.add('commitTimeMs', tookMs);
  cells.note('taskCommitTimeMax', tookMs);
}
