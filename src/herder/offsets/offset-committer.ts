/** Makes all source tasks commit their offsets every `offset.flush.interval.ms`. */
import { getLogger } from '../../log';
import type { TaskHandle } from '../../thread/task-handle';

const log = getLogger('org.apache.kafka.connect.runtime.SourceTaskOffsetCommitter');

export interface CommitterOptions {
  /** `offset.flush.interval.ms`: from the end of one round to the start of the next. */
  readonly intervalMs: number;
  /** `offset.flush.timeout.ms`: how long one task may take. */
  readonly timeoutMs: number;
  /** Handles of the running tasks. */
  readonly tasks: () => readonly TaskHandle[];
}

/** One round at a time; a round that takes long delays the next. */
export class OffsetCommitter {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: CommitterOptions) {}

  start(): void {
    if (!this.stopped) this.timer = setTimeout(() => this.begin(), this.options.intervalMs);
  }

  /** Starts no further round and waits for the current one. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private begin(): void {
    this.round = this.commitAll().finally(() => this.start());
  }

  private async commitAll(): Promise<void> {
    const { tasks, timeoutMs } = this.options;
    const outcomes = await Promise.allSettled(tasks().map(async task => task.commitOffsets(timeoutMs)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') log.error('Unhandled exception when committing offsets', outcome.reason);
    }
  }
}
