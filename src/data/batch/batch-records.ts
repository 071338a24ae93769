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
  const [keySchemaAt, keyAt, valueSchemaAt, entryAt] = [schemaReader(key), valueReader(key), schemaReader(value), valueReader(value)];
  return i => {
    const partition = partitions === null ? PARTITION_UNASSIGNED : (partitions[i] as number);
    const timestamp = timestamps === null ? NO_TIMESTAMP : timestamps === 'now' ? now : (timestamps[i] as number);
    return {
      topic: topics.at(i),
      kafkaPartition: partition === PARTITION_UNASSIGNED ? null : partition,
      keySchema: keySchemaAt(i),
      key: keyAt(i),
      valueSchema: valueSchemaAt(i),
      value: entryAt(i),
      timestamp: timestamp === NO_TIMESTAMP ? null : timestamp,
      headers: headers === null ? NO_HEADERS : headersAt(headers, i),
      sourcePartition: sources.at(i),
      sourceOffset: offsetAt(positions === null ? i : (positions[i] as number)),
    };
  };
}

/** `schemaAt` of one column; of the usual kinds it is looked at once, not for each record. */
function schemaReader(column: Column): (i: number) => Schema | null {
  if (column.kind === 'none') return () => null;
  if (column.kind === 'text') return () => STRING_SCHEMA;
  return i => schemaAt(column, i);
}

/** `valueAt`, likewise. */
function valueReader(column: Column): (i: number) => unknown {
  if (column.kind === 'none') return () => null;
  if (column.kind !== 'text') return i => valueAt(column, i);
  const { texts } = column;
  return i => texts.textAt(i);
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
