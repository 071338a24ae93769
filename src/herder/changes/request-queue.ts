/** Serializes changes: those of one connector run one after the other, in the order of their arrival. */
import { ConnectError, toError } from '../../errors';
import { endsWithin } from '../../waiting';

/** What is being done, for the response to a request that takes too long. */
export interface Stage {
  readonly description: string;
  readonly startedAtMs: number;
}

/**
 * One queue for each connector, so that a plugin that hangs keeps only its own connector waiting. A queue exists while it has work.
 */
export class RequestQueue {
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly stages = new Set<Stage>();
  private closed = false;

  /**
   * Runs a request once the earlier ones of its queue have ended, successfully or not.
   * @param description in the form `creating connector x`
   * @throws whatever the request throws; ConnectError if the queue is closed before its turn
   */
  run<T>(queue: string, description: string, request: () => Promise<T>): Promise<T> {
    const earlier = this.queues.get(queue) ?? Promise.resolve();
    const result = earlier.then(() => this.perform(description, request));
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.queues.set(queue, settled);
    void settled.then(() => {
      if (this.queues.get(queue) === settled) this.queues.delete(queue);
    });
    return result;
  }

  /** The longest-running request, or null. */
  oldestStage(): Stage | null {
    const [first] = this.stages;
    return first ?? null;
  }

  /** Rejects the requests that have not begun and waits for the others. @returns false if the time was not enough */
  async close(timeoutMs: number): Promise<boolean> {
    this.closed = true;
    return endsWithin(timeoutMs, Promise.all(this.queues.values()));
  }

  private async perform<T>(description: string, request: () => Promise<T>): Promise<T> {
    if (this.closed) throw new ConnectError('ConnectException', 'The worker is shutting down');
    const stage = { description, startedAtMs: Date.now() };
    this.stages.add(stage);
    try {
      return await request();
    } catch (thrown) {
      throw toError(thrown);
    } finally {
      this.stages.delete(stage);
    }
  }
}
