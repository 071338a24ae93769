/** Records in wire form, on their way to librdkafka. */
import { firstHeader } from '../../data/batch/batch-records';
import { ByteColumn } from '../../data/batch/byte-column';
import { NO_TIMESTAMP, PARTITION_UNASSIGNED } from '../../data/batch/record-batch';
import { Runs } from '../../data/batch/runs';

/** Room made at first. */
const FIRST_COUNT = 64;
/** Not none: an empty text has an address, too, and NULL would be a null. */
const FIRST_BYTES = 256;

/**
 * A batch of bytes: keys, values and headers in shared buffers, the rest in columns, so that a record costs no object. It is filled in one
 * of two ways. Record by record: `begin`, append header, key and value, `add`; one that fails in between is gone with the next `begin`. Or
 * by columns: append to `values`, and to `keys` where there are any, then `addAll`; slots are written by whoever submits the records.
 */
export class WireBatch {
  count = 0;
  readonly topics = new Runs<string>();
  /** Empty where no record has a key. */
  readonly keys = new ByteColumn(16, FIRST_BYTES);
  readonly values = new ByteColumn(16, FIRST_BYTES);
  /** Names end with a zero byte. */
  readonly headerNames = new ByteColumn(16, FIRST_BYTES);
  readonly headerValues = new ByteColumn(16, FIRST_BYTES);
  /** For each record where its headers end; they begin where those of the record before end. Void unless `needsCalls`. */
  headerEnds = new Int32Array(0);
  /** Void unless `needsCalls`. */
  partitions = new Int32Array(0);
  /** Epoch milliseconds. Void unless `needsCalls`. */
  timestamps = new Float64Array(0);
  /** What the caller gave each record, reported on delivery. */
  slots = new Int32Array(0);
  /**
   * True if a record has a partition of its own, a timestamp or headers: then each takes a call of librdkafka. Its call for many knows
   * neither timestamps nor headers, and loses messages for partitions that are not there (rd_kafka_produce_batch of 2.x keeps them in its
   * count for ever).
   */
  needsCalls = false;

  /** Makes room for this many records in all; most tasks never need more than the first. */
  reserve(count: number): void {
    if (count <= this.slots.length) return;
    const size = Math.max(FIRST_COUNT, this.slots.length * 2, count);
    const { headerEnds, partitions, timestamps, slots } = this;
    this.headerEnds = new Int32Array(size);
    this.headerEnds.set(headerEnds);
    this.partitions = new Int32Array(size);
    this.partitions.set(partitions);
    this.timestamps = new Float64Array(size);
    this.timestamps.set(timestamps);
    this.slots = new Int32Array(size);
    this.slots.set(slots);
  }

  /** Forgets the records, keeps the memory. */
  clear(): void {
    this.count = 0;
    this.topics.clear();
    for (const column of [this.keys, this.values, this.headerNames, this.headerValues]) column.clear();
    this.needsCalls = false;
  }

  begin(): void {
    this.keys.count = this.count;
    this.values.count = this.count;
    const headers = this.firstHeader(this.count);
    this.headerNames.count = headers;
    this.headerValues.count = headers;
  }

  /** Adds a header of the record that was begun. */
  appendHeader(key: string, value: Uint8Array | null): void {
    this.headerValues.append(value);
    this.headerNames.appendText(`${key}\0`);
  }

  /** Adds the record whose header, key and value were appended since `begin`. */
  add(topic: string, partition: number, timestamp: number, slot: number): void {
    const i = this.count++;
    this.reserve(this.count);
    this.topics.append(topic);
    this.headerEnds[i] = this.headerNames.count;
    this.partitions[i] = partition;
    this.timestamps[i] = timestamp;
    this.slots[i] = slot;
    if (partition !== PARTITION_UNASSIGNED || timestamp !== NO_TIMESTAMP || this.headerNames.count > this.firstHeader(i))
      this.needsCalls = true;
  }

  /** Index of a record's first header. */
  firstHeader(i: number): number {
    return firstHeader(this.headerEnds, i);
  }

  /** Counts records whose values, and keys if there are any, were appended to their columns; they have nothing else. */
  addAll(topic: string, count: number): void {
    this.topics.append(topic, count);
    this.count += count;
    this.reserve(this.count);
  }

  /** Bytes of keys and values of records `from .. from + count`, as librdkafka counts them. */
  sizeOf(from: number, count: number): number {
    return this.values.sizeOf(from, count) + (this.keys.count > 0 ? this.keys.sizeOf(from, count) : 0);
  }
}
