import { ByteColumn } from '../../data/batch/byte-column';

/** Partition of a record that the partitioner chooses for. */
export const PARTITION_UNASSIGNED = -1;
/** Timestamp of a record that librdkafka stamps when it takes it. */
export const NO_TIMESTAMP = -1;
/** Room made at first. */
const FIRST_COUNT = 64;
/** Not none: an empty text has an address, too, and NULL would be a null. */
const FIRST_BYTES = 256;

/**
 * Records in wire form, on their way to librdkafka: keys, values and headers in shared buffers, the rest in columns, so that a record
 * costs no object. A record is begun, then its header, key and value are appended, then it is added; a record that fails in between
 * is gone with the next `begin`.
 */
export class PackedRecords {
  count = 0;
  readonly keys = new ByteColumn(16, FIRST_BYTES);
  readonly values = new ByteColumn(16, FIRST_BYTES);
  /** Names end with a zero byte. */
  readonly headerNames = new ByteColumn(16, FIRST_BYTES);
  readonly headerValues = new ByteColumn(16, FIRST_BYTES);
  /** For each record where its headers end; they begin where those of the record before end. */
  headerEnds = new Int32Array(0);
  readonly topics: string[] = [];
  partitions = new Int32Array(0);
  /** Epoch milliseconds. */
  timestamps = new Float64Array(0);
  /** What the caller gave each record, reported on delivery. */
  slots = new Int32Array(0);

  /** Makes room for more records; most tasks never need it. */
  private grow(): void {
    const size = Math.max(FIRST_COUNT, this.slots.length * 2);
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
    for (const texts of [this.keys, this.values, this.headerNames, this.headerValues]) texts.clear();
  }

  begin(): void {
    this.keys.count = this.count;
    this.values.count = this.count;
    const headers = this.firstHeader(this.count);
    this.headerNames.count = headers;
    this.headerValues.count = headers;
  }

  /** Adds the record whose key and value were appended since `begin`. */
  add(topic: string, partition: number, timestamp: number, slot: number): void {
    if (this.count === this.slots.length) this.grow();
    const i = this.count++;
    this.headerEnds[i] = this.headerNames.count;
    this.topics[i] = topic;
    this.partitions[i] = partition;
    this.timestamps[i] = timestamp;
    this.slots[i] = slot;
  }

  /** Index of a record's first header. */
  firstHeader(i: number): number {
    return i === 0 ? 0 : (this.headerEnds[i - 1] as number);
  }

  /** Bytes of key and value, as librdkafka counts them. */
  bytesOf(i: number): number {
    return Math.max(0, this.keys.lengths[i] as number) + Math.max(0, this.values.lengths[i] as number);
  }
}
