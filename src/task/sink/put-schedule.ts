/** When a sink task is called next without new records: again with a batch it did not take, or with nothing. */
import type { Logger } from '../../log';

/** Wait before a batch is put again after a RetriableException, unless the task asks for another time. */
const RETRY_WAIT_MS = 1000;
/** How often to say that a batch is still not taken. */
const RETRY_TELL_MS = 60_000;

export class PutSchedule {
  private retryAtMs = 0;
  private toldMs = 0;
  private emptyAtMs: number;

  /**
   * @param task `WorkerSinkTask{id=connector-0}`, for messages
   * @param emptyEveryMs how long a task waits for a `put` at most, also without records: `offset.flush.interval.ms`, as in Java
   */
  constructor(
    private readonly task: string,
    private readonly emptyEveryMs: number,
    private readonly logger: Logger,
  ) {
    this.emptyAtMs = Date.now() + emptyEveryMs;
  }

  /** The task has thrown a RetriableException. @param waitMs what it has asked for */
  refused(error: unknown, waitMs: number | null): void {
    const delayMs = waitMs ?? RETRY_WAIT_MS;
    // A full disk may stay full for hours: once a minute will do.
    if (Date.now() - this.toldMs >= RETRY_TELL_MS) {
      this.toldMs = Date.now();
      this.logger.error(
        `${this.task} RetriableException from SinkTask; the same batch is delivered again every ${delayMs} ms until it is accepted`,
        error,
      );
    }
    this.retryAtMs = Date.now() + delayMs;
    this.emptyAtMs = this.retryAtMs;
  }

  /** The task has taken what it was given. @param waitMs what it has asked for */
  taken(waitMs: number | null): void {
    this.emptyAtMs = Date.now() + Math.min(waitMs ?? this.emptyEveryMs, this.emptyEveryMs);
    if (this.toldMs === 0) return;
    this.toldMs = 0;
    this.logger.info(`${this.task} The batch was accepted; going on.`);
  }

  /** How long until a batch may be put; 0 or less for now. */
  retryInMs(nowMs: number): number {
    return this.retryAtMs - nowMs;
  }

  /** How long until the task is to be called without records. */
  emptyInMs(nowMs: number): number {
    return this.emptyAtMs - nowMs;
  }
}
