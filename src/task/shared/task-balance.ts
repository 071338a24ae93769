/** Watches that a task accounts for every record it has read, and says at its end what has become of them. */
import type { Logger } from '../../log';
import { formatCounters, missingRecords, type TaskCounters } from '../../metrics/task-counters';
import { formatTaskId, type TaskId } from '../../thread/messages';
import { yieldToEventLoop } from './wake';

export class TaskBalance {
  private told = false;
  private closed = false;

  constructor(
    private readonly id: TaskId,
    private readonly logger: Logger,
    private readonly counters: () => TaskCounters,
  ) {}

  /** Looks as soon as the step under way has ended: within it a record may be in two counts, or in none. */
  check(): void {
    setImmediate(() => {
      if (!this.closed) this.look(this.counters());
    });
  }

  /** Logs the counters at the end of the run. */
  async close(): Promise<void> {
    await yieldToEventLoop();
    this.closed = true;
    const counters = this.counters();
    this.logger.info(this.text(counters));
    this.look(counters);
  }

  private look(counters: TaskCounters): void {
    const missing = missingRecords(counters);
    if (missing === 0 || this.told) return;
    this.told = true;
    const fault = missing > 0 ? `${missing} records are in none of the counts` : `${-missing} records are counted twice`;
    this.logger.error(`${this.text(counters)}: ${fault}. This is a bug of connect-standalone; please report it.`);
  }

  private text(counters: TaskCounters): string {
    return formatCounters(formatTaskId(this.id), counters, Date.now());
  }
}
