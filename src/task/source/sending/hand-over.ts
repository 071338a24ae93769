/** From wire form to the producer: what is waited for before records go, and what is noted of those that have gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from '../../../errors';
import { claimWindow, WINDOW_OVERHEAD_BYTES, windowRoom } from '../../../kafka/embedded/retention-windows';
import type { SourceRun } from '../source-run';

/** Wait for room at most this long before looking again; normally a delivery ends the wait. */
const ROOM_WAIT_MS = 100;
const WINDOW_WAIT_MS = 2;
/** So many bytes of values are converted before they are handed over. */
export const MAX_PACKED_BYTES = 1 << 20;

/**
 * To be asked before records go to a topic: true if they may go at once. Otherwise the topic is looked for, and made; the answer is false
 * if the run was interrupted meanwhile. @throws ConnectException if there can be no such topic
 */
function topicReady(run: SourceRun, topic: string): true | Promise<boolean> {
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
async function waitForRoom(run: SourceRun, topic: string, bytesEach: number): Promise<number> {
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

/**
 * Hands records in wire form over, topic by topic. Resolves with true when librdkafka has copied all of them, with false when the run is
 * interrupted. @throws what fails the task
 */
export async function sendWire(run: SourceRun, first: number, end: number): Promise<boolean> {
  const { submitted, leftOut } = run;
  const { wire } = run.buffers;
  const bytesEach = Math.ceil((wire.values.used + wire.keys.used) / Math.max(1, end));
  for (let from = first; from < end; ) {
    const topic = wire.topics.at(from);
    const endOfTopic = Math.min(end, wire.topics.endOf(from));
    if (!leftOut.isPossible(topic)) {
      from += leftOut.leaveOutFor(topic, wire.slots.subarray(from, endOfTopic));
      continue;
    }
    const ready = topicReady(run, topic);
    if (ready !== true && !(await ready)) return false;
    const room = await waitForRoom(run, topic, bytesEach);
    if (room === 0) return false;
    const count = Math.min(room, endOfTopic - from);
    submitted.handedOver(topic, wire.slots.subarray(from), count);
    const handled = handOver(run, from, count);
    // A full queue, which room has not foreseen.
    if (handled === 0) await run.waitForRoom(ROOM_WAIT_MS);
    else account(run, topic, from, handled);
    from += handled;
  }
  return true;
}

/** @returns how many the producer has handled; none if it takes no records any more, which ends the run and not the task */
function handOver(run: SourceRun, from: number, count: number): number {
  const { wire, rejections } = run.buffers;
  try {
    return run.outlet.send(wire, from, count, rejections);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    run.breakOff(error);
    return 0;
  }
}

/** Counts records that librdkafka has taken; those it has refused are left out, or fail the task. */
function account(run: SourceRun, topic: string, from: number, handled: number): void {
  const { wire, rejections } = run.buffers;
  const refused = rejections.splice(0);
  const bytes = refused.reduce((sum, { index }) => sum - wire.values.sizeOf(index, 1), wire.values.sizeOf(from, handled));
  noteSent(run, topic, handled - refused.length, bytes);
  for (const { index, error } of refused) run.leftOut.leaveOut(refusal(run, index, error), wire.slots[index] as number);
}

/** Records are on their way to a topic, with so many bytes of values. */
function noteSent(run: SourceRun, topic: string, records: number, bytes: number): void {
  const { services } = run;
  if (records > 0) services.reportTopic(topic);
  run.records += records;
  run.bytes += bytes;
  claimWindow(services.host.spec.retentionWindows, topic, bytes + records * WINDOW_OVERHEAD_BYTES);
}

/** What is said of a record that the producer has refused: where it comes from as well. */
function refusal({ submitted, buffers }: SourceRun, index: number, error: ConnectError): ConnectError {
  const { wire } = buffers;
  const { offset } = submitted.placeOf(wire.slots[index] as number);
  if (offset === null) return error;
  const place = JSON.stringify(offset, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
  return new ConnectError(error.code, `${error.message}: a record of ${wire.sizeOf(index, 1)} bytes before source offset ${place}`, error);
}
