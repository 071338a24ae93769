/**
 * A batch of consumed messages, copied out of librdkafka's memory at once, so that no message is held while records are converted and
 * written. Adjacent payloads are copied together.
 */

import type { PartitionOffset } from '../../api/sink';
import { ByteColumn, NULL_TEXT } from '../../data/batch/byte-column';
import type { TimestampType } from '../../data/record/record';
import type { ConsumedBatch, Wanted, WireHeader } from '../clients/record-inlet';
import type { Address, Librdkafka } from '../native/librdkafka';
import { RESP_ERR } from '../native/librdkafka';
import { MESSAGE } from '../native/message-layout';
import { addressOf, allocateWords, copyMemory, joinAddress, readBytes } from '../native/native-memory';

/** Payloads closer than this are copied in one piece, with the bytes between; less than a page, so the gap is always readable. */
const SAME_RUN_BYTES = 1024;
/** Initial capacity; it grows after a full batch. */
const FIRST_COUNT = 64;
const GROWTH = 4;
const TIMESTAMP_TYPES: readonly TimestampType[] = ['NoTimestampType', 'CreateTime', 'LogAppendTime'];

const NO_HEADERS: readonly WireHeader[] = [];

/** A word that a C function fills. */
function wordOut(): { readonly words: BigUint64Array; readonly bytes: Buffer } {
  const words = new BigUint64Array(1);
  return { words, bytes: Buffer.from(words.buffer) };
}

/** What a batch needs from its consumer. */
export interface PartitionNumbers {
  /** A small number for a partition, unchanged while it is assigned. */
  numberOf(topic: Address, partition: number): number;
  /** Called when the end of a partition is reached (`enable.partition.eof`). */
  onEnd(partitionNumber: number, offset: number): void;
  /** Called for a message that is an error. @param topic 0 if it is about none */
  onError(code: number, text: string, topic: Address): void;
}

export class FetchedBatch implements ConsumedBatch {
  count = 0;
  /** Payloads; null for tombstones. */
  readonly values: ByteColumn;
  offsets: Float64Array;
  /** Partition numbers, see `PartitionNumbers`. */
  partitions: Int32Array;
  /** Keys; empty if only values are wanted. */
  readonly keys: (Buffer | null)[] = [];
  /** Timestamps and headers; only if everything is wanted. */
  timestamps: Float64Array;
  readonly timestampTypes: TimestampType[] = [];
  readonly headers: (readonly WireHeader[])[] = [];
  private pointers: ReturnType<typeof allocateWords>;
  private structs: ReturnType<typeof allocateWords>;
  /** The current capacity in messages, and whether the last batch filled it. */
  private room: number;
  private wasFull = false;
  private runStart = 0;
  private runEnd = 0;
  /** Output arguments of librdkafka, shared by all messages. */
  private readonly typeOut = [0];
  private readonly listOut = wordOut();

  /**
   * @param maxCount the most messages in a batch
   * @param want which parts of each message are wanted
   */
  constructor(
    private readonly lib: Librdkafka,
    readonly maxCount: number,
    private readonly want: Wanted,
  ) {
    this.room = Math.min(FIRST_COUNT, maxCount);
    this.values = new ByteColumn(this.room, 0);
    this.offsets = new Float64Array(this.room);
    this.partitions = new Int32Array(this.room);
    this.timestamps = new Float64Array(this.room);
    this.pointers = allocateWords(2 * this.room);
    this.structs = allocateWords(MESSAGE.words * this.room);
  }

  /** Enlarges the capacity; the content of the last batch is lost. */
  private grow(): void {
    this.room = Math.min(this.room * GROWTH, this.maxCount);
    this.offsets = new Float64Array(this.room);
    this.partitions = new Int32Array(this.room);
    this.timestamps = new Float64Array(this.room);
    this.pointers = allocateWords(2 * this.room);
    this.structs = allocateWords(MESSAGE.words * this.room);
  }

  /**
   * Fills the batch with the messages now in the queue, at most `maxCount`; never waits.
   * @returns messages taken, including ends and errors
   */
  fill(queue: Address, numbers: PartitionNumbers): number {
    this.count = 0;
    this.values.clear();
    if (this.wasFull && this.room < this.maxCount) this.grow();
    const taken = this.lib.consumeBatchQueue(queue, 0, this.pointers.buffer, this.room);
    this.wasFull = taken === this.room;
    if (taken <= 0) return 0;
    const bytes = this.readStructs(taken);
    this.values.reserve(taken, bytes);
    this.runStart = 0;
    this.runEnd = 0;
    for (let i = 0; i < taken; i++) this.take(i, numbers);
    this.flushRun();
    for (let i = 0; i < taken; i++) this.lib.messageDestroy(joinAddress(this.pointers.words, 2 * i));
    return taken;
  }

  /** Copies the message structs. @returns the most bytes that the payloads may take, including gaps */
  private readStructs(taken: number): number {
    const { address, words } = this.structs;
    let bytes = 0;
    for (let i = 0; i < taken; i++) {
      copyMemory(address + MESSAGE.bytes * i, joinAddress(this.pointers.words, 2 * i), MESSAGE.bytes);
      bytes += (words[MESSAGE.words * i + MESSAGE.length] as number) + SAME_RUN_BYTES;
    }
    return bytes;
  }

  private take(i: number, numbers: PartitionNumbers): void {
    const { words } = this.structs;
    const at = MESSAGE.words * i;
    const code = (words[at + MESSAGE.err] as number) | 0;
    const message = joinAddress(this.pointers.words, 2 * i);
    if (code !== RESP_ERR.NO_ERROR && code !== RESP_ERR.PARTITION_EOF) {
      numbers.onError(code, String(this.lib.messageErrorText(message)), joinAddress(words, at + MESSAGE.topic));
      return;
    }
    const partition = numbers.numberOf(joinAddress(words, at + MESSAGE.topic), (words[at + MESSAGE.partition] as number) | 0);
    const offset = joinAddress(words, at + MESSAGE.offset);
    if (code === RESP_ERR.PARTITION_EOF) {
      numbers.onEnd(partition, offset);
      return;
    }
    const n = this.count++;
    this.partitions[n] = partition;
    this.offsets[n] = offset;
    this.takePayload(n, joinAddress(words, at + MESSAGE.payload), words[at + MESSAGE.length] as number);
    if (this.want !== 'values') this.takeKey(n, at);
    if (this.want === 'all') this.takeDetails(n, message);
  }

  /** Notes where a payload will be; its bytes are copied with its run. */
  private takePayload(n: number, payload: Address, length: number): void {
    this.values.count = n + 1;
    this.values.lengths[n] = payload === 0 ? NULL_TEXT : length;
    this.values.starts[n] = this.values.used;
    if (payload === 0) return;
    if (this.runEnd === 0 || payload < this.runEnd || payload - this.runEnd >= SAME_RUN_BYTES) {
      this.flushRun();
      this.runStart = payload;
    }
    this.values.starts[n] = this.values.used + (payload - this.runStart);
    this.runEnd = payload + length;
  }

  private flushRun(): void {
    const size = this.runEnd - this.runStart;
    if (size > 0) {
      copyMemory(addressOf(this.values.bytes) + this.values.used, this.runStart, size);
      this.values.used += size;
    }
    this.runStart = 0;
    this.runEnd = 0;
  }

  private takeKey(n: number, at: number): void {
    const { words } = this.structs;
    const key = joinAddress(words, at + MESSAGE.key);
    this.keys[n] = key === 0 ? null : readBytes(key, words[at + MESSAGE.keyLength] as number);
  }

  private takeDetails(n: number, message: Address): void {
    const { typeOut } = this;
    this.timestamps[n] = Number(this.lib.messageTimestamp(message, typeOut));
    this.timestampTypes[n] = TIMESTAMP_TYPES[typeOut[0] ?? 0] ?? 'NoTimestampType';
    this.headers[n] = this.readHeaders(message);
  }

  private readHeaders(message: Address): readonly WireHeader[] {
    if (this.lib.messageHeaders(message, this.listOut.bytes) !== RESP_ERR.NO_ERROR) return NO_HEADERS;
    const list = Number(this.listOut.words[0]);
    const result: WireHeader[] = [];
    const value = new BigUint64Array(1);
    const size = new BigUint64Array(1);
    for (let i = 0, count = this.lib.headerCount(list); i < count; i++) {
      const name = [''];
      this.lib.headerGetAll(list, i, name, Buffer.from(value.buffer), Buffer.from(size.buffer));
      const address = Number(value[0]);
      result.push({ key: name[0] ?? '', value: address === 0 ? null : readBytes(address, Number(size[0])) });
    }
    return result;
  }
}

/** The offset of a message; undefined for one that is an error. */
export function readPosition(lib: Librdkafka, message: Address): PartitionOffset | undefined {
  const { address, words } = allocateWords(MESSAGE.words);
  copyMemory(address, message, MESSAGE.bytes);
  if (words[MESSAGE.err] !== RESP_ERR.NO_ERROR) return undefined;
  const topic = String(lib.topicName(joinAddress(words, MESSAGE.topic)));
  return { topic, partition: (words[MESSAGE.partition] as number) | 0, offset: joinAddress(words, MESSAGE.offset) };
}
