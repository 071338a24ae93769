/** Keeps sources from running further ahead of the sinks than an embedded broker retains records; see `RetentionWindow`. */
import { type RetentionWindow, UNUSED_SLOT } from '../../thread/messages';

/** What a record counts besides its bytes; it also keeps sources within the broker's limit of messages. */
export const WINDOW_OVERHEAD_BYTES = 70;

/** How many more records of this size the embedded broker will retain for its slowest sink; unlimited on a real one. */
export function windowRoom(windows: readonly RetentionWindow[], topic: string, bytesEach: number): number {
  const window = windows.find(candidate => candidate.topic === topic);
  if (!window) return Number.POSITIVE_INFINITY;
  const ahead = Number(Atomics.load(window.counters, 0) - slowestGroup(window));
  return ahead <= 0 ? Math.max(1, Math.floor(window.limitBytes / bytesEach)) : Math.floor((window.limitBytes - ahead) / bytesEach);
}

/** Counts what a source has produced. */
export function claimWindow(windows: readonly RetentionWindow[], topic: string, bytes: number): void {
  const window = windows.find(candidate => candidate.topic === topic);
  if (window) Atomics.add(window.counters, 0, BigInt(bytes));
}

/** Counts what a sink has delivered. */
export function releaseWindow(windows: readonly RetentionWindow[], topic: string, bytes: number): void {
  const window = windows.find(candidate => candidate.topic === topic);
  if (window) Atomics.add(window.counters, window.slot, BigInt(bytes));
}

/** What the slowest group has delivered; 0 before the first group has come. */
function slowestGroup({ counters }: RetentionWindow): bigint {
  let slowest = UNUSED_SLOT;
  for (let slot = 1; slot < counters.length; slot++) {
    const delivered = Atomics.load(counters, slot);
    if (delivered !== UNUSED_SLOT && (slowest === UNUSED_SLOT || delivered < slowest)) slowest = delivered;
  }
  return slowest === UNUSED_SLOT ? 0n : slowest;
}
