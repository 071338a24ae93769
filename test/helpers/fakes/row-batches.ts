import { recordsOf } from '../../../src/data/batch/batch-records';
import type { RecordBatch } from '../../../src/data/batch/record-batch';
import type { SourceRecord } from '../../../src/data/record/record';

/** What a reader of tables gives, as records. */
export async function recordsOfBatches(reading: Promise<readonly RecordBatch[]>): Promise<SourceRecord[]> {
  return (await reading).flatMap(batch => Array.from({ length: batch.count }, (_, i) => recordsOf(batch)(i)));
}
