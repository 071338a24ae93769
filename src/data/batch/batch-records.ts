/** The records of a batch, each made when it is asked for: where something wants records. */
import type { Header, SourceRecord } from '../record/record';
import { OPTIONAL_BYTES_SCHEMA, STRING_SCHEMA } from '../schema/connect-schema';
import type { Schema } from '../schema/schema';
import { type Column, type HeaderColumn, NO_TIMESTAMP, PARTITION_UNASSIGNED, type RecordBatch } from './record-batch';

const NO_HEADERS: readonly Header[] = [];

/** The schema of an entry of a column; null for none. */
export function schemaAt(column: Column, i: number): Schema | null {
  switch (column.kind) {
    case 'none':
      return null;
    case 'bytes':
      return OPTIONAL_BYTES_SCHEMA;
    case 'text':
      return STRING_SCHEMA;
    case 'rows':
      return column.rows.schema;
    case 'values':
      return column.schemas[i] ?? null;
  }
}

/** An entry of a column as records have it. @throws DataException for a row whose value does not fit its field */
export function valueAt(column: Column, i: number): unknown {
  switch (column.kind) {
    case 'none':
      return null;
    case 'bytes': {
      const bytes = column.bytes.at(i);
      return bytes && Buffer.from(bytes);
    }
    case 'text':
      return column.texts.textAt(i);
    case 'rows':
      return column.rows.structAt(i);
    case 'values':
      return column.values[i] ?? null;
  }
}

/**
 * Makes the records of a batch by their place in it.
 * @returns a function that throws DataException for a row whose value does not fit its field
 */
export function recordsOf(batch: RecordBatch): (i: number) => SourceRecord {
  const { topics, partitions, timestamps, headers, key, value, sources, positions, offsetAt } = batch;
  const now = Date.now();
  return i => {
    const partition = partitions === null ? PARTITION_UNASSIGNED : (partitions[i] as number);
    const timestamp = timestamps === null ? NO_TIMESTAMP : timestamps === 'now' ? now : (timestamps[i] as number);
    return {
      topic: topics.at(i),
      kafkaPartition: partition === PARTITION_UNASSIGNED ? null : partition,
      keySchema: schemaAt(key, i),
      key: valueAt(key, i),
      valueSchema: schemaAt(value, i),
      value: valueAt(value, i),
      timestamp: timestamp === NO_TIMESTAMP ? null : timestamp,
      headers: headers === null ? NO_HEADERS : headersAt(headers, i),
      sourcePartition: sources.at(i),
      sourceOffset: offsetAt(positions === null ? i : (positions[i] as number)),
    };
  };
}

function headersAt({ ends, keys, values }: HeaderColumn, i: number): readonly Header[] {
  const headers: Header[] = [];
  for (let at = firstHeader(ends, i); at < (ends[i] as number); at++)
    headers.push({ key: keys[at] as string, schema: schemaAt(values, at), value: valueAt(values, at) });
  return headers;
}

/** Index of the first header of record `i`. */
export function firstHeader(ends: Int32Array, i: number): number {
  return i === 0 ? 0 : (ends[i - 1] as number);
}
