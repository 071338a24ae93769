/**
 * From a polled batch to the producer. Columns go into wire form as they are (encode-columns.ts), transformed as a whole where all transformations
 * know how; of everything else each record is transformed and converted (pack-records.ts), and so is the one record that a converter does not take in bulk. Then all go the same
 * way (hand-over.ts), which waits when the producer or the embedded broker has no room, and never drops.
 */
import type { SourceBatch } from '../../../api/source';
import { recordsOf } from '../../../data/batch/batch-records';
import type { RecordBatch } from '../../../data/batch/record-batch';
import { MAX_BATCH_MESSAGES } from '../../../kafka/clients/record-outlet';
import type { SourceRun } from '../source-run';
import { encodeColumns } from './encode-columns';
import { sendWire, waitForSlots } from './hand-over';
import { type LazyRecords, packSome } from './pack-records';

/** Hands a batch over. Resolves when librdkafka has copied all of it, or the run is interrupted. @throws what fails the task */
export async function sendBatch(run: SourceRun, batch: SourceBatch): Promise<void> {
  const records = 'kind' in batch ? lazyRecords(run, batch) : polledRecords(run, batch);
  const columns = 'kind' in batch && staysInColumns(run) ? batch : null;
  run.counts.polled(records.count);
  for (let from = 0; from < records.count; ) {
    if (!(await waitForSlots(run))) return;
    const limit = Math.min(records.count, from + run.submitted.room, from + MAX_BATCH_MESSAGES);
    const encoded = columns === null ? 0 : encodeColumns(run, columns, from, limit);
    if (encoded > 0) {
      if (!(await sendWire(run, 0, run.buffers.wire.count))) return;
      from += encoded;
    } else {
      const next = await sendAsRecords(run, records, from, columns === null ? limit : from + 1);
      if (next === null) return;
      from = next;
    }
  }
  run.acks.tellTask();
}

/** True if columns need not become records: all transformations know columns, and nobody asks for records later. */
function staysInColumns({ acks, services }: SourceRun): boolean {
  return !acks.keepsRecords && (services.chain.isEmpty || services.columns !== null);
}

/** @returns where to go on; null when the run was interrupted meanwhile */
async function sendAsRecords(run: SourceRun, records: LazyRecords, from: number, limit: number): Promise<number | null> {
  const { wire } = run.buffers;
  const { next, failed } = packSome(run, records, from, limit);
  // Records before one that fails go their way all the same, while it is tried again and when it fails the task.
  if (!(await sendWire(run, 0, failed?.at ?? wire.count))) return null;
  if (failed && ((await failed.outcome) === 'interrupted' || !(await sendWire(run, failed.at, wire.count)))) return null;
  return next;
}

function lazyRecords(run: SourceRun, batch: RecordBatch): LazyRecords {
  const { count, sources, positions, offsetAt } = batch;
  return {
    count,
    recordAt: recordsOf(batch),
    // By position: an offset object for each record under way would be much for the garbage collector.
    submit: (_, i) => run.submitted.submit(sources.at(i), offsetAt, positions === null ? i : (positions[i] as number)),
  };
}

function polledRecords(run: SourceRun, records: Exclude<SourceBatch, RecordBatch>): LazyRecords {
  return {
    count: records.length,
    recordAt: i => records[i] as (typeof records)[number],
    submit: ({ sourcePartition, sourceOffset }) => run.submitted.submit(sourcePartition, sourceOffset),
  };
}
