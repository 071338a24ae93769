/** The way of values that nothing transforms, without a record for each: packed by the task or by the converter, handed over in one call. */
import type { ByteColumn } from '../../../data/batch/byte-column';
import type { SourcePartition } from '../../../data/record/record';
import { ConnectError } from '../../../errors';
import { MAX_BATCH_MESSAGES } from '../../../kafka/clients/record-outlet';
import type { SourceRun } from '../source-run';
import type { OffsetAt } from '../submitted-records';
import { handOver, noteSent, waitForDeliveries, waitForRoom, waitForSlots } from './hand-over';

/** Values on their way to a topic, without keys. */
export interface PackedValues {
  readonly topic: string;
  readonly values: ByteColumn;
  readonly sourcePartition: SourcePartition;
  /** By what `offsetAt` knows each value; null where that is its place in the batch. */
  readonly positions: Float64Array | null;
  readonly offsetAt: OffsetAt;
  /** Place in the batch of the first value. */
  readonly first: number;
}

/** Hands values over. Resolves with true when librdkafka has copied all of them, with false when the run is interrupted. */
export async function sendValues(run: SourceRun, batch: PackedValues): Promise<boolean> {
  const { topic, values } = batch;
  const bytesEach = Math.ceil(values.sizeOf(0, values.count) / Math.max(1, values.count));
  for (let from = 0; from < values.count; ) {
    if (!(await waitForSlots(run))) return false;
    const room = await waitForRoom(run, topic, bytesEach);
    if (room === 0) return false;
    const count = Math.min(room, run.submitted.room, values.count - from, MAX_BATCH_MESSAGES);
    if (!(await sendSome(run, batch, from, count))) return false;
    from += count;
  }
  return true;
}

/** Hands over values for which there is room. @returns false when the run was interrupted meanwhile */
async function sendSome(run: SourceRun, batch: PackedValues, from: number, count: number): Promise<boolean> {
  const { topic, values, sourcePartition, positions, offsetAt, first } = batch;
  const { outlet, submitted } = run;
  const { slots, rejections } = run.buffers;
  submitted.submitBatch(sourcePartition, positions, offsetAt, first + from, count, slots);
  submitted.handedOver(topic, slots, count);
  run.counts.unsent -= count;
  for (let sent = 0; sent < count; ) {
    const begin = sent;
    sent += handOver(run, () => outlet.sendTexts(topic, values, from + sent, count - sent, slots.subarray(sent), rejections));
    if (sent > begin) continue;
    if (run.interrupted()) return false;
    await waitForDeliveries(run);
  }
  noteSent(run, topic, count - rejections.length, values.sizeOf(from, count));
  for (const { index, error } of rejections.splice(0)) run.leftOut.leaveOut(refusal(batch, index, error), slots[index - from] as number);
  return true;
}

/** What is said of a value that the producer has refused. */
function refusal({ values, positions, offsetAt, first }: PackedValues, index: number, error: ConnectError): ConnectError {
  const place = first + index;
  const offset = JSON.stringify(offsetAt(positions === null ? place : (positions[place] as number)), (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  return new ConnectError(error.code, `${error.message}: a record of ${values.lengths[index]} bytes before source offset ${offset}`, error);
}
