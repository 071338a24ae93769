/** librdkafka's lists of partitions (rd_kafka_topic_partition_list_t). */
import type { PartitionOffset, TopicPartition } from '../../api/sink';
import type { Address, Librdkafka } from './librdkafka';
import { allocateWords, copyMemory, joinAddress, readCString } from './native-memory';

/** rd_kafka_topic_partition_list_t: cnt i32 @0, size i32 @4, elems pointer @8. */
const LIST_BYTES = 16;
/** rd_kafka_topic_partition_t, 64 bytes: topic @0, partition i32 @8, offset i64 @16, err i32 @48. */
const ELEMENT_BYTES = 64;
const ELEMENT_WORDS = 16;

/** One element of a list that librdkafka returned. */
export interface ListedPartition extends PartitionOffset {
  /** librdkafka's error code for this partition; 0 is none. */
  readonly error: number;
  /** The offset, exact above 2^53 too. */
  readonly exactOffset: bigint;
}

/** A partition with an offset to be set, or without. */
type Settable = TopicPartition & { readonly offset?: number | bigint };

/** Creates a list; the caller destroys it. */
export function makePartitionList(lib: Librdkafka, partitions: readonly Settable[]): Address {
  const list = lib.partitionsNew(partitions.length);
  for (const { topic, partition, offset } of partitions) {
    lib.partitionsAdd(list, topic, partition);
    if (offset !== undefined) lib.partitionsSetOffset(list, topic, partition, offset);
  }
  return list;
}

/** Runs `use` with a list that is destroyed afterwards. */
export function withPartitionList<T>(lib: Librdkafka, partitions: readonly Settable[], use: (list: Address) => T): T {
  const list = makePartitionList(lib, partitions);
  try {
    return use(list);
  } finally {
    lib.partitionsDestroy(list);
  }
}

/** The elements of a list, copied. An offset below zero is one of librdkafka's special values (none, invalid). */
export function readPartitionList(list: Address): ListedPartition[] {
  if (list === 0) return [];
  const head = allocateWords(LIST_BYTES / 4);
  copyMemory(head.address, list, LIST_BYTES);
  const count = head.words[0] as number;
  const elements = joinAddress(head.words, 2);
  const element = allocateWords(ELEMENT_WORDS);
  const result: ListedPartition[] = [];
  for (let i = 0; i < count; i++) {
    copyMemory(element.address, elements + i * ELEMENT_BYTES, ELEMENT_BYTES);
    const exactOffset = element.buffer.readBigInt64LE(16);
    result.push({
      topic: readCString(joinAddress(element.words, 0)),
      partition: (element.words[2] as number) | 0,
      offset: Number(exactOffset),
      exactOffset,
      error: (element.words[12] as number) | 0,
    });
  }
  return result;
}
