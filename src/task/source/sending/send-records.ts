/** The way of records: each is transformed and converted into packed form, then they are handed over, topic by topic. */
import type { SourceRecord } from '../../../data/record/record';
import { toError } from '../../../errors';
import { MAX_BATCH_MESSAGES } from '../../../kafka/clients/record-outlet';
import type { Outcome } from '../../../pipeline/error-handler';
import type { SourceRun } from '../source-run';
import { handOver, MAX_PACKED_BYTES, noteSent, topicReady, waitForDeliveries, waitForRoom, waitForSlots } from './hand-over';

/** Records to be sent, each made when its turn has come. */
export interface LazyRecords {
  readonly count: number;
  readonly recordAt: (i: number) => SourceRecord;
  /** @returns the slot of the record among those submitted */
  readonly submit: (record: SourceRecord, i: number) => number;
}

/** A record whose way into packed form has failed; it may still be kept. */
interface FailedRecord {
  readonly outcome: Promise<Outcome>;
  /** Where it will lie among the packed ones. */
  readonly at: number;
}

/** Hands records over, in order. Resolves when librdkafka has copied all of them, or the run is interrupted. */
export async function sendRecords(run: SourceRun, records: LazyRecords): Promise<void> {
  const { submitted, buffers } = run;
  for (let from = 0; from < records.count; ) {
    if (!(await waitForSlots(run))) return;
    const limit = Math.min(records.count, from + submitted.room, from + MAX_BATCH_MESSAGES);
    const { next, failed } = packSome(run, records, from, limit);
    // Records before one that fails go their way all the same, while it is tried again and when it fails the task.
    if (!(await sendPacked(run, 0, failed?.at ?? buffers.packed.count))) return;
    if (failed && !(await sendLate(run, failed))) return;
    from = next;
  }
  run.acks.tellTask();
}

/** Transforms and converts records up to a limit; fewer when they are large, or when one of them fails. */
function packSome(run: SourceRun, records: LazyRecords, from: number, limit: number): { next: number; failed: FailedRecord | null } {
  const { counts, buffers } = run;
  const { packed } = buffers;
  packed.clear();
  let next = from;
  while (next < limit && packed.values.used < MAX_PACKED_BYTES) {
    const record = records.recordAt(next);
    const slot = records.submit(record, next++);
    counts.unsent--;
    const outcome = tryToPack(run, record, slot);
    if (typeof outcome !== 'string') return { next, failed: { outcome, at: packed.count } };
    notePacked(run, record, slot, outcome);
  }
  return { next, failed: null };
}

function tryToPack(run: SourceRun, record: SourceRecord, slot: number): Outcome | Promise<Outcome> {
  try {
    const outcome = run.packer.pack(record, slot, run.buffers.packed);
    return typeof outcome === 'string' ? outcome : whenPacked(run, record, slot, outcome);
  } catch (error) {
    return whenPacked(run, record, slot, Promise.reject<Outcome>(toError(error)));
  }
}

/** The record gets its answer at once, whenever it is asked for: the error handler counts it from that moment on. */
function whenPacked(run: SourceRun, record: SourceRecord, slot: number, outcome: Promise<Outcome>): Promise<Outcome> {
  const answered = outcome.then(late => {
    notePacked(run, record, slot, late);
    return late;
  });
  answered.catch(() => {}); // It is awaited later, when the records before are on their way.
  return answered;
}

function notePacked({ counts, acks, submitted, buffers }: SourceRun, record: SourceRecord, slot: number, outcome: Outcome): void {
  if (outcome === 'interrupted') return;
  if (outcome === 'kept') {
    acks.sent(record, slot, buffers.packed.topics[buffers.packed.count - 1] as string);
    return;
  }
  if (outcome === 'dropped') counts.filtered++;
  // A record left out: its offset counts as done, or an idle source would read it again for ever (KAFKA-15296).
  submitted.acknowledge(slot);
  acks.dropped(record);
}

/** Waits for what becomes of a record that has failed. @returns false when the run was interrupted meanwhile */
async function sendLate(run: SourceRun, { outcome, at }: FailedRecord): Promise<boolean> {
  return (await outcome) !== 'interrupted' && sendPacked(run, at, run.buffers.packed.count);
}

/** Hands packed records over, topic by topic. @returns false when the run was interrupted meanwhile */
async function sendPacked(run: SourceRun, first: number, end: number): Promise<boolean> {
  const { outlet, submitted, leftOut } = run;
  const { packed, rejections } = run.buffers;
  const bytesEach = Math.ceil((packed.values.used + packed.keys.used) / Math.max(1, end));
  for (let from = first; from < end; ) {
    const topic = packed.topics[from] as string;
    if (!leftOut.isPossible(topic)) {
      from += leftOut.leaveOutFor(topic, packed.slots.subarray(from, from + runLength(packed.topics, from, end)));
      continue;
    }
    const ready = topicReady(run, topic);
    if (ready !== true && !(await ready)) return false;
    const room = await waitForRoom(run, topic, bytesEach);
    if (room === 0) return false;
    const count = runLength(packed.topics, from, Math.min(end, from + room));
    submitted.handedOver(topic, packed.slots.subarray(from), count);
    const handled = handOver(run, () => outlet.sendRecords(packed, from, count, rejections));
    if (handled === 0) await waitForDeliveries(run);
    else account(run, topic, from, handled);
    from += handled;
  }
  return true;
}

/** How many packed records from here on, and before `end`, go to the same topic. */
function runLength(topics: readonly string[], from: number, end: number): number {
  let next = from + 1;
  while (next < end && topics[next] === topics[from]) next++;
  return next - from;
}

/** Counts records that librdkafka has taken; those it has refused are left out, or fail the task. */
function account(run: SourceRun, topic: string, from: number, handled: number): void {
  const { packed, rejections } = run.buffers;
  const refused = rejections.splice(0);
  const { values, slots } = packed;
  const bytes = refused.reduce((sum, { index }) => sum - values.sizeOf(index, 1), values.sizeOf(from, handled));
  noteSent(run, topic, handled - refused.length, bytes);
  for (const { index, error } of refused) run.leftOut.leaveOut(error, slots[index] as number);
}
