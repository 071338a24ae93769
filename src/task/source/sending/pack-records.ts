/** The way of records: each is transformed and converted into wire form. */
import type { SourceRecord } from '../../../data/record/record';
import { toError } from '../../../errors';
import type { Outcome } from '../../../pipeline/error-handler';
import type { SourceRun } from '../source-run';
import { MAX_PACKED_BYTES } from './hand-over';

/** Records to be sent, each made when its turn has come. */
export interface LazyRecords {
  readonly count: number;
  readonly recordAt: (i: number) => SourceRecord;
  /** @returns the slot of the record among those submitted */
  readonly submit: (record: SourceRecord, i: number) => number;
}

/** A record whose way into wire form has failed; it may still be kept. */
interface FailedRecord {
  readonly outcome: Promise<Outcome>;
  /** Where it will lie among those in wire form. */
  readonly at: number;
}

/** Transforms and converts records up to a limit; fewer when they are large, or when one of them fails. */
export function packSome(run: SourceRun, records: LazyRecords, from: number, limit: number): { next: number; failed: FailedRecord | null } {
  const { counts, buffers } = run;
  const { wire } = buffers;
  wire.clear();
  let next = from;
  while (next < limit && wire.values.used < MAX_PACKED_BYTES) {
    const record = records.recordAt(next);
    const slot = records.submit(record, next++);
    counts.unsent--;
    const outcome = tryToPack(run, record, slot);
    if (typeof outcome !== 'string') return { next, failed: { outcome, at: wire.count } };
    notePacked(run, record, slot, outcome);
  }
  return { next, failed: null };
}

function tryToPack(run: SourceRun, record: SourceRecord, slot: number): Outcome | Promise<Outcome> {
  try {
    const outcome = run.packer.pack(record, slot, run.buffers.wire);
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
    acks.sent(record, slot, buffers.wire.topics.values.at(-1) as string);
    return;
  }
  if (outcome === 'dropped') counts.filtered++;
  // A record left out: its offset counts as done, or an idle source would read it again for ever (KAFKA-15296).
  submitted.acknowledge(slot);
  acks.dropped(record);
}
