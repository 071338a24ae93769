/** Rows in plain form as records, where something wants records. */
import type { RowBatch } from '../../../api/source';
import type { Header, SourceRecord } from '../../../data/record/record';

const NO_HEADERS: readonly Header[] = [];

/** The records of a batch of rows, each made when it is asked for. */
export function recordsOfRows({ topic, rows, keys, sourcePartition, offsetAt }: RowBatch): (i: number) => SourceRecord {
  return i => ({
    topic,
    kafkaPartition: null,
    keySchema: keys?.schema ?? null,
    key: keys?.structAt(i) ?? null,
    valueSchema: rows.schema,
    value: rows.structAt(i),
    timestamp: null,
    headers: NO_HEADERS,
    sourcePartition,
    sourceOffset: offsetAt(i),
  });
}
