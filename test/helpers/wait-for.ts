import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait, and how often to look. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Calls `check` until it returns something true, and returns that. What `check` throws counts as "not yet"; after
 * `timeoutMs` (10 s) the last such error, or `what`, is in the error thrown.
 */
export async function waitFor<T>(
  what: string,
  check: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  { timeoutMs = 10_000, everyMs = 50 }: WaitOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await check();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      const reason = last === undefined ? '' : `: ${last instanceof Error ? last.message : String(last)}`;
      throw new Error(`waited ${timeoutMs} ms for ${what}${reason}`, { cause: last });
    }
    await sleep(everyMs);
  }
}

/** Watches that `check` stays true for `ms`; throws as soon as it does not. */
export async function staysTrue(what: string, check: () => Promise<boolean> | boolean, ms: number): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    if (!(await check())) throw new Error(`did not stay true for ${ms} ms: ${what}`);
  }
}
