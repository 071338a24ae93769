/** Waiting with a limit. */
import { ConnectError } from '../errors';

/**
 * The promise's result, if it comes in time. What the promise does later is ignored.
 * @throws ConnectError (TimeoutException) with this text when the time is over
 */
export async function within<T>(timeoutMs: number, promise: Promise<T>, message = `No answer within ${timeoutMs} ms`): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectError('TimeoutException', message)), Math.max(timeoutMs, 0));
  });
  // Its own failure after the limit would count as unhandled.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
