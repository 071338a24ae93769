/** Asks a source task for batches, and has a waiting `poll` come back when it is to wait no longer. */
import type { SourceBatch, SourceTask } from '../../api/source';
import { isRetriable } from '../../errors';
import type { Logger } from '../../log';
import type { Cells } from '../../metrics/cells';

export class SourcePolls {
  private polling = new AbortController();

  constructor(
    private readonly task: SourceTask,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly cells: Cells,
  ) {}

  /** Ends the waits of the `poll` under way, or of the next one. */
  get signal(): AbortSignal {
    return this.polling.signal;
  }

  /** The next batch, null if there is none now. @throws what fails the task */
  async next(): Promise<SourceBatch | null> {
    const beganMs = performance.now();
    try {
      const batch = await this.task.poll();
      if (batch) this.count(performance.now() - beganMs);
      return batch;
    } catch (error) {
      if (!isRetriable(error)) throw error;
      this.logger.warn('Caught a retriable exception while polling; polling again', error);
      return null;
    }
  }

  private count(tookMs: number): void {
    this.cells.add('polls');
    this.cells.add('pollTimeMs', tookMs);
    this.cells.note('sourceRecordPollBatchTimeMax', tookMs);
  }

  /** What the task has taken in and cannot read again, null at its end; for a stop. @throws what fails the task */
  async nextHeld(): Promise<SourceBatch | null> {
    return (await this.task.pollHeld?.()) ?? null;
  }

  /** Has a waiting `poll` come back; the next one gets a fresh signal. */
  interrupt(): void {
    this.polling.abort();
    this.polling = new AbortController();
  }

  /** From here on no `poll` waits. */
  end(): void {
    this.polling.abort();
  }
}
