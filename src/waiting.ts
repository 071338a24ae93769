/** Waiting with a limit, and with a back-off between failures. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from './errors';

/** A wait that exceeded its limit. */
export class OverdueError extends ConnectError {
  constructor(message: string) {
    super('TimeoutException', message);
  }
}

/** A second limit, which begins when its signal fires. */
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
 * The promise's result, if it settles in time; what it does later is ignored.
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
  // A rejection after the limit would count as unhandled.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    hurry?.signal.removeEventListener('abort', onHurry);
    for (const timer of timers) clearTimeout(timer);
  }
}

/**
 * Waits for a promise up to a limit; its rejection is passed on.
 * @param ref false for a wait that must not keep the process alive
 * @returns false if the limit came first
 */
export async function endsWithin(timeoutMs: number, promise: Promise<unknown>, { ref = true } = {}): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(Math.max(0, timeoutMs), false, { ref, signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return inTime;
}

/** The wait before a retry: `firstMs`, then twice the wait before it each time, up to a limit. */
export function doubledMs(firstMs: number, maxMs: number, attempt: number): number {
  return Math.min(maxMs, firstMs * 2 ** (attempt - 1));
}

/** A back-off whose waits double from one failure to the next. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  /** How long to wait before the next attempt. */
  nextMs(): number {
    this.attempts++;
    return doubledMs(this.firstMs, this.maxMs, this.attempts);
  }

  /** Begins again with the first wait, after a success. */
  reset(): void {
    this.attempts = 0;
  }
}
