/** The way of columns: through transformations and converters into wire form, without a record for each. */
import type { Converter, HeaderConverter } from '../../../api/converter';
import { firstHeader, schemaAt, valueAt } from '../../../data/batch/batch-records';
import type { ByteColumn } from '../../../data/batch/byte-column';
import { type Column, type HeaderColumn, NO_TIMESTAMP, PARTITION_UNASSIGNED, type RecordBatch } from '../../../data/batch/record-batch';
import type { WireBatch } from '../../../kafka/producer/wire-batch';
import type { SourceRun } from '../source-run';
import { MAX_PACKED_BYTES } from './hand-over';

/**
 * Takes records of a batch from `from` on, before `limit`, through the transformations and converters, and submits them, as long as they go to one
 * topic and are not too many bytes.
 * @returns how many; those that were not dropped are in the wire batch. 0 where the first of them is to go its way as a record, which shows why
 */
export function encodeColumns(run: SourceRun, batch: RecordBatch, from: number, limit: number): number {
  const { columns } = run.services;
  if (columns === null) return encodeSome(run, { batch, from }, { batch, from, limit });
  // What does not go out now would be changed once more.
  const mostBytes = from + Math.ceil(MAX_PACKED_BYTES / Math.max(1, run.buffers.bytesEach));
  const changed = columns.change(batch, from, Math.min(limit, mostBytes));
  if (changed === null) return 0;
  if (changed.batch === null) return drop(run, batch, from, changed.count);
  return encodeSome(run, { batch, from }, { batch: changed.batch, from: 0, limit: changed.count });
}

/** Records that a transformation has dropped: their offsets count as done. */
function drop({ submitted, counts, buffers }: SourceRun, batch: RecordBatch, from: number, count: number): number {
  const { wire } = buffers;
  wire.clear();
  wire.reserve(count);
  submitted.submitAll(batch, from, count, wire.slots);
  for (let n = 0; n < count; n++) submitted.acknowledge(wire.slots[n] as number);
  counts.unsent -= count;
  counts.filtered += count;
  return count;
}

/** Records of a batch. */
interface Place {
  readonly batch: RecordBatch;
  readonly from: number;
}

/** @param polled where they are in the batch that the task has made @param ready the same after the transformations */
function encodeSome(run: SourceRun, polled: Place, { batch, from, limit }: Place & { readonly limit: number }): number {
  const { wire } = run.buffers;
  const topic = batch.topics.at(from);
  wire.clear();
  const most = Math.min(limit, batch.topics.endOf(from)) - from;
  const count = encodeKeys(run, topic, batch.key, from, encodeValues(run, topic, batch.value, from, most));
  if (hasDetails(batch)) addWithDetails(run, topic, batch, from, count);
  else wire.addAll(topic, count);
  run.submitted.submitAll(polled.batch, polled.from, wire.count, wire.slots);
  run.counts.unsent -= wire.count;
  if (count > 0) run.buffers.bytesEach = wire.values.used / count;
  return wire.count;
}

function encodeValues({ services, buffers }: SourceRun, topic: string, column: Column, from: number, count: number): number {
  return encodeColumn(services.converters.value.converter, topic, column, from, count, buffers.wire.values);
}

/** Adds the keys of records whose values are there; none at all where all are null. */
function encodeKeys({ services, buffers }: SourceRun, topic: string, column: Column, from: number, count: number): number {
  const { converter } = services.converters.key;
  if (count === 0 || (column.kind === 'none' && isNullForNull(converter, topic))) return count;
  return encodeColumn(converter, topic, column, from, count, buffers.wire.keys);
}

/** What nearly all converters make of a null; one that refuses it does so for a record. */
function isNullForNull(converter: Converter, topic: string): boolean {
  try {
    return converter.fromConnectData(topic, null, null) === null;
  } catch {
    return false;
  }
}

/**
 * Appends entries of a column as bytes; where the converter does not take this kind of column, value by value.
 * @returns how many; fewer than asked after `MAX_PACKED_BYTES`, and where the next one cannot be converted
 */
function encodeColumn(converter: Converter, topic: string, column: Column, from: number, count: number, out: ByteColumn): number {
  try {
    const encoded = converter.encode?.(topic, column, from, count, out, MAX_PACKED_BYTES) ?? 0;
    if (encoded > 0) return encoded;
  } catch {
    return 0;
  }
  let done = 0;
  try {
    for (; done < count && out.used < MAX_PACKED_BYTES; done++)
      out.append(converter.fromConnectData(topic, schemaAt(column, from + done), valueAt(column, from + done)));
  } catch {
    // It goes its way as a record, and meets the same error there.
  }
  return done;
}

function hasDetails({ headers, partitions, timestamps }: RecordBatch): boolean {
  return headers !== null || partitions !== null || timestamps instanceof Float64Array;
}

/** Adds records whose keys and values are there, with all else that they have, up to one that cannot be converted. */
function addWithDetails({ services, buffers }: SourceRun, topic: string, batch: RecordBatch, from: number, count: number): void {
  const { wire } = buffers;
  const { partitions, timestamps, headers } = batch;
  const { converter } = services.converters.header;
  for (let i = from; i < from + count; i++) {
    const timestamp = timestamps instanceof Float64Array ? (timestamps[i] as number) : NO_TIMESTAMP;
    if (timestamp < NO_TIMESTAMP || (headers !== null && !appendHeaders(converter, topic, headers, i, wire))) return;
    wire.add(topic, partitions === null ? PARTITION_UNASSIGNED : (partitions[i] as number), timestamp, 0);
  }
}

/** @returns false if one of them cannot be converted */
function appendHeaders(
  converter: HeaderConverter,
  topic: string,
  { ends, keys, values }: HeaderColumn,
  i: number,
  wire: WireBatch,
): boolean {
  try {
    for (let at = firstHeader(ends, i); at < (ends[i] as number); at++) {
      const key = keys[at] as string;
      wire.appendHeader(key, converter.fromConnectHeader(topic, key, schemaAt(values, at), valueAt(values, at)));
    }
    return true;
  } catch {
    return false;
  }
}
