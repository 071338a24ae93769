import { type Clock, RetryPolicy, SYSTEM_CLOCK } from '../../src/pipeline/retry-policy';

/** Time that passes only in waits. */
function fakeClock(): Clock & { now: number } {
  const clock = {
    now: 1000,
    nowMs: () => clock.now,
    wait: async (ms: number) => {
      clock.now += ms;
    },
  };
  return clock;
}

describe('the wait before a retry', () => {
  test.each([
    [1, 300],
    [2, 600],
    [3, 1200],
    [4, 2400],
    [5, 4800],
    [8, 38_400],
  ])('doubles: after %i attempts it is %i ms', (attempts, delayMs) => {
    expect(new RetryPolicy(-1, 60_000, fakeClock()).delayMs(attempts, Number.POSITIVE_INFINITY)).toBe(delayMs);
  });

  test.each([
    [0, 0],
    [0.5, 2000],
    [0.9999, 3999],
  ])('beyond the longest is random below it: %d of 4000 is %i', (random, delayMs) => {
    const policy = new RetryPolicy(-1, 4000, fakeClock(), () => random);
    expect(policy.delayMs(5, Number.POSITIVE_INFINITY)).toBe(delayMs);
    // Java's shift overflows here, and waits no more.
    expect(policy.delayMs(60, Number.POSITIVE_INFINITY)).toBe(delayMs);
    expect(policy.delayMs(5000, Number.POSITIVE_INFINITY)).toBe(delayMs);
  });

  test('ends at the deadline, and is nothing behind it or where none may be long', () => {
    const clock = fakeClock();
    const policy = new RetryPolicy(10_000, 60_000, clock);
    expect(policy.delayMs(5, clock.now + 500)).toBe(500);
    expect(policy.delayMs(5, clock.now - 1)).toBe(0);
    expect(new RetryPolicy(-1, 0, clock).delayMs(1, Number.POSITIVE_INFINITY)).toBe(0);
  });
});

test.each([
  [0, 1000],
  [500, 1500],
  [-1, Number.POSITIVE_INFINITY],
])('a timeout of %i ms makes a deadline of %d', (timeoutMs, deadlineMs) => {
  expect(new RetryPolicy(timeoutMs, 60_000, fakeClock()).deadlineMs()).toBe(deadlineMs);
});

test('a wait of the real clock ends at once when it is interrupted, before or meanwhile', async () => {
  const interruption = new AbortController();
  const began = Date.now();
  const waiting = SYSTEM_CLOCK.wait(60_000, interruption.signal);
  interruption.abort();
  await waiting;
  await SYSTEM_CLOCK.wait(60_000, interruption.signal);
  expect(Date.now() - began).toBeLessThan(5000);
});
