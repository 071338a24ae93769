import type { RowBatch } from '../../../src/api/source';
import type { SourceRecord } from '../../../src/data/record/record';
import { recordsOfRows } from '../../../src/task/source/sending/row-records';

/** What a reader of tables gives, as records. */
export async function recordsOfBatches(reading: Promise<readonly RowBatch[]>): Promise<SourceRecord[]> {
  return (await reading).flatMap(batch => Array.from({ length: batch.rows.count }, (_, i) => recordsOfRows(batch)(i)));
}
