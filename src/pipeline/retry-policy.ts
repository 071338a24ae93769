/** How often and how long a failed operation is made again (org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator). */
import { setTimeout as sleep } from 'node:timers/promises';
import { toDelayMs } from '../api/config-types';
import { doubledMs } from '../waiting';

const FIRST_DELAY_MS = 300;

/** Time as the retries see it; tests have their own. */
export interface Clock {
  nowMs(): number;
  /** Resolves when the time is up or the signal is aborted, whichever is first; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The time of this process. A stepped system clock changes no deadline. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  wait: async (ms, signal) => {
    await sleep(toDelayMs(ms), undefined, { signal }).catch(() => {});
  },
};

/** When to try again, and when to give up: waits that double, up to a limit. */
export class RetryPolicy {
  /**
   * @param timeoutMs `errors.retry.timeout`: how long one operation may be tried; 0 is once, negative for ever
   * @param maxDelayMs `errors.retry.delay.max.ms`: a longer wait is replaced by a random one below it
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly maxDelayMs: number,
    readonly clock: Clock = SYSTEM_CLOCK,
    private readonly random: () => number = Math.random,
  ) {}

  /** When an operation that is tried first now is given up. */
  deadlineMs(): number {
    return this.timeoutMs < 0 ? Number.POSITIVE_INFINITY : this.clock.nowMs() + this.timeoutMs;
  }

  /** The wait after this many attempts, at most up to the deadline. */
  delayMs(attempts: number, deadlineMs: number): number {
    // Java shifts a long, which turns negative after 55 attempts and waits no more.
    const doubled = doubledMs(FIRST_DELAY_MS, Number.POSITIVE_INFINITY, attempts);
    const delay = doubled > this.maxDelayMs ? Math.floor(this.random() * this.maxDelayMs) : doubled;
    return Math.max(0, Math.min(delay, deadlineMs - this.clock.nowMs()));
  }
}
