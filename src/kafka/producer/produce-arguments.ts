/** The arguments of rd_kafka_produceva for records that lie packed: one array, filled anew for each call. */
import { type ByteColumn, NULL_TEXT } from '../../data/batch/byte-column';
import { NO_TIMESTAMP } from '../../data/batch/record-batch';
import type { Address } from '../native/librdkafka';
import { addressOf, allocateWords, splitAddress } from '../native/native-memory';
import type { WireBatch } from './wire-batch';

/** rd_kafka_vu_t: 72 bytes; the type, then from byte 8 on the union of its up to three members. */
const VU = { words: 18, first: 2, second: 4, third: 6 } as const;
const TYPE = { topic: 2, partition: 3, value: 4, key: 5, opaque: 6, flags: 7, timestamp: 8, header: 9 } as const;
/** Where the arguments stand that every record has. */
const AT = { topic: 0, partition: 1, value: 2, key: 3, opaque: 4, flags: 5 } as const;
const FIXED = 6;
/** librdkafka copies keys and values before the call returns. */
const MSG_F_COPY = 2;

export class ProduceArguments {
  private array = allocateWords(0);
  private keysAt = 0;
  private valuesAt = 0;
  private headerNamesAt = 0;
  private headerValuesAt = 0;

  constructor() {
    this.makeRoom(FIXED + 1);
  }

  /** Address of the array; valid until the next `fill`. */
  get address(): Address {
    return this.array.address;
  }

  /** Looks where these records lie; to be called before `fill`, as their buffers move when they grow. */
  aim(records: WireBatch, topic: Address): void {
    this.keysAt = addressOf(records.keys.bytes);
    this.valuesAt = addressOf(records.values.bytes);
    this.headerNamesAt = addressOf(records.headerNames.bytes);
    this.headerValuesAt = addressOf(records.headerValues.bytes);
    splitAddress(this.array.words, AT.topic * VU.words + VU.first, topic);
  }

  /** Lays record `i` out. @returns how many arguments it has */
  fill(records: WireBatch, i: number): number {
    const headers = (records.headerEnds[i] as number) - records.firstHeader(i);
    if (headers > 0) this.makeRoom(FIXED + 1 + headers);
    const { words } = this.array;
    words[AT.partition * VU.words + VU.first] = (records.partitions[i] as number) >>> 0;
    putText(words, AT.value * VU.words + VU.first, records.values, this.valuesAt, i);
    putText(words, AT.key * VU.words + VU.first, records.keys, this.keysAt, i);
    words[AT.opaque * VU.words + VU.first] = records.slots[i] as number;
    let count = FIXED;
    const timestamp = records.timestamps[i] as number;
    if (timestamp !== NO_TIMESTAMP) {
      words[count * VU.words] = TYPE.timestamp;
      splitAddress(words, count * VU.words + VU.first, timestamp);
      count++;
    }
    return headers === 0 ? count : this.putHeaders(records, i, count);
  }

  private putHeaders(records: WireBatch, i: number, count: number): number {
    const { words } = this.array;
    const { headerNames, headerValues, headerEnds } = records;
    let at = count;
    for (let header = records.firstHeader(i); header < (headerEnds[i] as number); header++, at++) {
      words[at * VU.words] = TYPE.header;
      splitAddress(words, at * VU.words + VU.first, this.headerNamesAt + (headerNames.starts[header] as number));
      putText(words, at * VU.words + VU.second, headerValues, this.headerValuesAt, header);
    }
    return at;
  }

  /** A larger array, with what every record has. */
  private makeRoom(count: number): void {
    if (this.array.words.length >= count * VU.words) return;
    const { words } = this.array;
    this.array = allocateWords(2 * count * VU.words);
    this.array.words.set(words);
    for (const [name, at] of Object.entries(AT)) this.array.words[at * VU.words] = TYPE[name as keyof typeof AT];
    this.array.words[AT.flags * VU.words + VU.first] = MSG_F_COPY;
  }
}

/**
 * Lays a text out where librdkafka looks for an address and a length. An empty one still has an address, since NULL means a null; one that its
 * column does not hold is null.
 * @param to the word at which the address begins; the length is two words after it
 * @param base address of the column's bytes
 * @returns the length, 0 for null
 */
export function putText(words: Uint32Array, to: number, texts: ByteColumn, base: Address, i: number): number {
  const length = i < texts.count ? (texts.lengths[i] as number) : NULL_TEXT;
  const isNull = length === NULL_TEXT;
  splitAddress(words, to, isNull ? 0 : base + (texts.starts[i] as number));
  words[to + 2] = isNull ? 0 : length;
  return isNull ? 0 : length;
}
