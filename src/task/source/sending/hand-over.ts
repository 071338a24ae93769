/** What every way to the producer has in common: what is waited for before records go, and what is noted of those that have gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from '../../../errors';
import { claimWindow, WINDOW_OVERHEAD_BYTES, windowRoom } from '../../../kafka/embedded/retention-windows';
import type { SourceRun } from '../source-run';

/** Wait for room at most this long before looking again; normally a delivery ends the wait. */
const ROOM_WAIT_MS = 100;
const WINDOW_WAIT_MS = 2;
/** So many bytes of values are packed before they are handed over. */
export const MAX_PACKED_BYTES = 1 << 20;

/**
 * To be asked before records go to a topic: true if they may go at once. Otherwise the topic is looked for, and made; the answer is false
 * if the run was interrupted meanwhile. @throws ConnectException if there can be no such topic
 */
export function topicReady(run: SourceRun, topic: string): true | Promise<boolean> {
  const { topicCreation } = run.services;
  return !topicCreation || topicCreation.isReady(topic) || makeReady(run, topic);
}

async function makeReady(run: SourceRun, topic: string): Promise<boolean> {
  const { services, outlet } = run;
  const broken = await services.makeTopicReady(topic, run.canRewind);
  if (broken) run.breakOff(broken);
  if (run.interrupted() || !services.topicCreation?.isReady(topic)) return false;
  outlet.warmUp(topic);
  return true;
}

/** Waits until a record may be submitted. @returns false when the run was interrupted meanwhile */
export async function waitForSlots(run: SourceRun): Promise<boolean> {
  while (run.submitted.room === 0) {
    if (run.interrupted()) return false;
    await run.waitForRoom(ROOM_WAIT_MS);
  }
  return !run.interrupted();
}

/** How many records may be sent now; waits until it is at least one. 0 when the run was interrupted meanwhile. */
export async function waitForRoom(run: SourceRun, topic: string, bytesEach: number): Promise<number> {
  const { retentionWindows } = run.services.host.spec;
  for (;;) {
    if (run.interrupted()) return 0;
    const room = run.outlet.room(bytesEach);
    const window = windowRoom(retentionWindows, topic, bytesEach + WINDOW_OVERHEAD_BYTES);
    if (room > 0 && window > 0) return Math.min(room, window);
    if (room <= 0) await run.waitForRoom(ROOM_WAIT_MS);
    else await sleep(WINDOW_WAIT_MS);
  }
}

/** Waits for deliveries after a full queue, which room has not foreseen. */
export function waitForDeliveries(run: SourceRun): Promise<void> {
  return run.waitForRoom(ROOM_WAIT_MS);
}

/**
 * Hands records over.
 * @returns how many the producer has handled; none if it takes no records any more, which ends the run and not the task
 */
export function handOver(run: SourceRun, send: () => number): number {
  try {
    return send();
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    run.breakOff(error);
    return 0;
  }
}

/** Records are on their way to a topic, with so many bytes of values. */
export function noteSent(run: SourceRun, topic: string, records: number, bytes: number): void {
  const { services } = run;
  if (records > 0) services.reportTopic(topic);
  run.records += records;
  run.bytes += bytes;
  claimWindow(services.host.spec.retentionWindows, topic, bytes + records * WINDOW_OVERHEAD_BYTES);
}
