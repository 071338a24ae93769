/**
 * From a polled batch to the producer; the one place where it matters of what kind a batch is. Texts and rows that nothing transforms
 * become no records (send-values.ts); everything else goes record by record (send-records.ts). Both wait when the producer or the embedded
 * broker has no room, and never drop.
 */
import { isRowBatch, isTextBatch, type RowBatch, type SourceBatch, type TextBatch } from '../../../api/source';
import type { SourceRecord } from '../../../data/record/record';
import type { SourceRun } from '../source-run';
import { MAX_PACKED_BYTES, topicReady } from './hand-over';
import { recordsOfRows } from './row-records';
import { type LazyRecords, sendRecords } from './send-records';
import { sendValues } from './send-values';
import { recordsOf } from './text-records';

/** Hands a batch over. Resolves when librdkafka has copied all of it, or the run is interrupted. @throws what fails the task */
export function sendBatch(run: SourceRun, batch: SourceBatch): Promise<void> {
  if (isTextBatch(batch)) return sendTexts(run, batch);
  return isRowBatch(batch) ? sendRows(run, batch) : sendEach(run, batch);
}

/** True if values need not become records: nothing transforms them, nobody asks for them later, and there are no keys. */
function isBulk({ acks, leftOut, services }: SourceRun, topic: string): boolean {
  const asTheyAre = !acks.keepsRecords && services.chain.isEmpty && leftOut.isPossible(topic);
  return asTheyAre && services.converters.key.converter.fromConnectData(topic, null, null) === null;
}

async function sendTexts(run: SourceRun, batch: TextBatch): Promise<void> {
  const { topic, texts, sourcePartition, positions, offsetAt } = batch;
  const { converter } = run.services.converters.value;
  run.counts.polled(texts.count);
  if (!converter.fromTexts || !isBulk(run, topic)) {
    // By position: an offset object for each record under way would be much for the garbage collector.
    const submit = (_: SourceRecord, i: number): number => run.submitted.submitText(sourcePartition, positions[i] as number, offsetAt);
    return sendRecords(run, { count: texts.count, recordAt: recordsOf(batch), submit });
  }
  if (!(await topicReady(run, topic))) return;
  const values = converter.fromTexts(texts, run.buffers.encoded);
  await sendValues(run, { topic, values, sourcePartition, positions, offsetAt, first: 0 });
}

/** A row that the converter does not take in bulk goes as a record. */
async function sendRows(run: SourceRun, batch: RowBatch): Promise<void> {
  const { topic, rows, keys, sourcePartition, offsetAt } = batch;
  const { converter } = run.services.converters.value;
  run.counts.polled(rows.count);
  const recordAt = recordsOfRows(batch);
  const submit = (_: SourceRecord, i: number): number => run.submitted.submitText(sourcePartition, i, offsetAt);
  if (!converter.appendRows || keys !== null || !isBulk(run, topic)) return sendRecords(run, { count: rows.count, recordAt, submit });
  if (!(await topicReady(run, topic))) return;
  for (let from = 0; from < rows.count; ) {
    const values = run.buffers.encoded;
    values.clear();
    const count = converter.appendRows(rows, from, rows.count - from, values, MAX_PACKED_BYTES);
    if (count > 0) {
      if (!(await sendValues(run, { topic, values, sourcePartition, positions: null, offsetAt, first: from }))) return;
      from += count;
    } else {
      const row = from++;
      const one: LazyRecords = { count: 1, recordAt: () => recordAt(row), submit: record => submit(record, row) };
      await sendRecords(run, one);
    }
  }
}

async function sendEach(run: SourceRun, records: readonly SourceRecord[]): Promise<void> {
  run.counts.polled(records.length);
  await sendRecords(run, {
    count: records.length,
    recordAt: i => records[i] as SourceRecord,
    submit: ({ sourcePartition, sourceOffset }) => run.submitted.submit(sourcePartition, sourceOffset),
  });
}
