/** Tells the main thread which offsets of a run may be kept, and the task when they are. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceRun } from './source-run';

const LAST_COMMIT_MS = 100;

/** Posts what may be kept, as soon as no dead letter stands before it. @param unasked true without a question of the main thread */
export function commitOffsets(run: SourceRun, unasked = false): void {
  if (run.services.letters?.pending) void commitSettled(run, unasked);
  else postOffsets(run, unasked);
}

async function commitSettled(run: SourceRun, unasked: boolean): Promise<void> {
  const { letters, host } = run.services;
  run.isSettling = true;
  await letters?.settle(host.stopDeadline.waitOf(host.flushTimeoutMs));
  run.isSettling = false;
  postOffsets(run, unasked);
}

/** Posts what may be kept. @param final true without a question */
export function postOffsets(run: SourceRun, final: boolean): void {
  run.takeDeliveries();
  const { submitted, services } = run;
  const entries = run.delivery.takeOffsets();
  services.goOnFrom(entries);
  const acknowledged = submitted.takeAcknowledged();
  run.reportedMs.push(performance.now());
  services.host.post({ type: 'offsets', entries, acknowledged, pending: submitted.pending, final });
}

/** The offsets posted last are safe, or go into the next commit. */
export async function offsetsSaved(run: SourceRun, error: Error | null): Promise<void> {
  const tookMs = performance.now() - (run.reportedMs.shift() ?? performance.now());
  run.onSaved?.(error);
  await run.delivery.onSaved(error, tookMs);
}

/** Tells the task that offsets are safe. */
export async function tellTaskOfCommit({ task, services }: SourceRun): Promise<void> {
  try {
    await task.commit?.();
  } catch (thrown) {
    services.host.logger.error('Exception thrown while calling task.commit()', thrown);
  }
}

/**
 * Posts what may be kept, without a question.
 * @param timeoutMs how long to wait at most until it is safe, less if the task is to stop: before the first record, so that a kill right
 *   behind that one does not lose the place where the task began
 */
export async function keepOffsets(run: SourceRun, timeoutMs: number): Promise<void> {
  const saved = whenSaved(run);
  commitOffsets(run, true);
  await Promise.race([saved, sleep(timeoutMs, null, { signal: run.services.stopSignal }).catch(() => null)]);
  run.onSaved = null;
}

/** The last commit, before the task is stopped; the task hears of it if that does not take too long. */
export async function commitLast(run: SourceRun, leftMs: number): Promise<void> {
  const saved = whenSaved(run);
  postOffsets(run, true);
  await Promise.race([saved, sleep(Math.max(LAST_COMMIT_MS, leftMs))]);
  run.onSaved = null;
}

function whenSaved(run: SourceRun): Promise<Error | null> {
  return new Promise(resolve => {
    run.onSaved = resolve;
  });
}
