/** Waiting: with a limit, and longer from one failure to the next. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from './errors';

/** A wait whose time is over. */
export class OverdueError extends ConnectError {
  constructor(message: string) {
    super('TimeoutException', message);
  }
}

/** A second limit, which begins when its signal comes. */
export interface Hurry {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly message: string;
}

export interface WithinOptions {
  readonly message?: string;
  readonly hurry?: Hurry;
}

/**
 * The promise's result, if it comes in time. What the promise does later is ignored.
 * @throws OverdueError with this text when the time is over
 */
export async function within<T>(
  timeoutMs: number,
  promise: Promise<T>,
  { message = `No answer within ${timeoutMs} ms`, hurry }: WithinOptions = {},
): Promise<T> {
  const timers: NodeJS.Timeout[] = [];
  let onHurry = (): void => {};
  const overdue = new Promise<never>((_, reject) => {
    const limit = (ms: number, text: string): number => timers.push(setTimeout(() => reject(new OverdueError(text)), Math.max(ms, 0)));
    limit(timeoutMs, message);
    if (!hurry) return;
    onHurry = () => void limit(hurry.timeoutMs, hurry.message);
    if (hurry.signal.aborted) onHurry();
    else hurry.signal.addEventListener('abort', onHurry, { once: true });
  });
  // Its own failure after the limit would count as unhandled.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    hurry?.signal.removeEventListener('abort', onHurry);
    for (const timer of timers) clearTimeout(timer);
  }
}

/**
 * Waits for a promise, but not for ever. Its failure passes.
 * @param ref false for a wait that must not keep the process alive
 * @returns false when the time was up first
 */
export async function endsWithin(timeoutMs: number, promise: Promise<unknown>, { ref = true } = {}): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(Math.max(0, timeoutMs), false, { ref, signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return inTime;
}

/** The wait before an attempt that is made again: the first one, then twice that of the attempt before, up to a limit. */
export function doubledMs(firstMs: number, maxMs: number, attempt: number): number {
  return Math.min(maxMs, firstMs * 2 ** (attempt - 1));
}

/** Waits that double from one failure to the next. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  /** How long to wait now. */
  nextMs(): number {
    this.attempts++;
    return doubledMs(this.firstMs, this.maxMs, this.attempts);
  }

  /** Something went well since. */
  reset(): void {
    this.attempts = 0;
  }
}
