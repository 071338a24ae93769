/** Waiting with a limit. */
import { ConnectError } from '../errors';

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
