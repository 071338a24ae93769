import { setTimeout as sleep } from 'node:timers/promises';

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
