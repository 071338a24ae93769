/**
 * The records of a batch, whichever form it has, and what does not fit together in it: the one place of the kits that knows these forms.
 */
import { type Column, type HeaderColumn, type RecordBatch, recordsOf, type SourceBatch, type SourceRecord } from '../../api';

/** The records of a batch, each as the worker would make it. */
export function recordsIn(batch: SourceBatch): SourceRecord[] {
  if (!isColumns(batch)) return [...batch];
  const recordAt = recordsOf(batch);
  return Array.from({ length: batch.count }, (_, i) => recordAt(i));
}

const isColumns = (batch: SourceBatch): batch is RecordBatch => 'kind' in batch;

/** What does not fit together in a batch, in words; none if all does. */
export function misfitsOf(batch: SourceBatch): string[] {
  if (!isColumns(batch)) return batch.flatMap((record, i) => (isRecord(record) ? [] : [`element ${i} is not a record`]));
  const { count, topics, partitions, timestamps, headers, key, value, sources, positions } = batch;
  const short = (name: string, length: number | undefined): string[] =>
    length === undefined || length >= count ? [] : [`there are ${length} ${name} for ${count} records`];
  return [
    ...(count > 0 ? [] : ['there are no records']),
    ...short('topics', topics.count),
    ...short('source partitions', sources.count),
    ...short('partitions', partitions?.length),
    ...short('timestamps', timestamps === 'now' ? undefined : timestamps?.length),
    ...short('positions', positions?.length),
    ...(positions === null || ascends(positions.subarray(0, count)) ? [] : ['positions do not ascend']),
    ...misfitsOfColumn('keys', key, count),
    ...misfitsOfColumn('values', value, count),
    ...(headers === null ? [] : misfitsOfHeaders(headers, count)),
  ];
}

const isRecord = (record: Partial<SourceRecord> | undefined): boolean =>
  typeof record?.topic === 'string' && Array.isArray(record.headers) && 'value' in record && 'sourceOffset' in record;

const ascends = (numbers: Float64Array | Int32Array): boolean => numbers.every((number, i) => i === 0 || number >= (numbers[i - 1] ?? 0));

function misfitsOfColumn(name: string, column: Column, count: number): string[] {
  const length = lengthOf(column);
  if (length !== null && length < count) return [`there are ${length} ${name} for ${count} records`];
  if (column.kind !== 'text') return [];
  for (let i = 0; i < count; i++) if (!isText(column.texts.at(i))) return [`${name} are texts, but entry ${i} is null or not UTF-8`];
  return [];
}

function lengthOf(column: Column): number | null {
  switch (column.kind) {
    case 'none':
      return null;
    case 'bytes':
      return column.bytes.count;
    case 'text':
      return column.texts.count;
    case 'rows':
      return column.rows.count;
    case 'values':
      return Math.min(column.schemas.length, column.values.length);
  }
}

function isText(bytes: Buffer | null): boolean {
  if (bytes === null) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function misfitsOfHeaders({ ends, keys, values }: HeaderColumn, count: number): string[] {
  if (ends.length < count) return [`there are ends of headers for ${ends.length} of ${count} records`];
  const used = ends.subarray(0, count);
  const headers = used.at(-1) ?? 0;
  return [
    ...(ascends(used) ? [] : ['ends of headers do not ascend']),
    ...(keys.length >= headers ? [] : [`there are ${keys.length} keys for ${headers} headers`]),
    ...misfitsOfColumn('values of headers', values, headers),
  ];
}
