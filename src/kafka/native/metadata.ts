/** Metadata of topics (rd_kafka_metadata_t). */
import { type Address, type Librdkafka, RESP_ERR } from './librdkafka';
import { allocateWords, copyMemory, joinAddress, readCString } from './native-memory';

/** rd_kafka_metadata_t: topic_cnt i32 @16, topics @24. */
const HEAD = { bytes: 32, topicCount: 4, topics: 6 } as const;
/** rd_kafka_metadata_topic_t: name @0, partition_cnt i32 @8, partitions @16, err i32 @24. */
const TOPIC = { bytes: 32, name: 0, partitionCount: 2, partitions: 4, err: 6 } as const;
/** rd_kafka_metadata_partition_t: id i32 @0, leader i32 @8. */
const PARTITION = { bytes: 40, id: 0, leader: 2 } as const;
const NO_LEADER = -1;

/** A topic as the brokers list it. */
export interface ListedTopic {
  readonly name: string;
  /** librdkafka's error code for this topic; 0 if it exists. */
  readonly error: number;
  readonly partitions: number;
  /** Partitions without a leader, which cannot be written to at the moment. */
  readonly leaderless: readonly number[];
}

/**
 * Requests metadata of topics. Blocks the thread for `timeoutMs` at most.
 * @param topic handle of a topic; 0 for all, null for those that the client uses already
 * @returns undefined if no broker answered in time
 */
export function readTopics(lib: Librdkafka, client: Address, topic: Address | null, timeoutMs: number): ListedTopic[] | undefined {
  const out = new BigUint64Array(1);
  if (lib.metadata(client, topic === 0 ? 1 : 0, topic ?? 0, Buffer.from(out.buffer), timeoutMs) !== RESP_ERR.NO_ERROR) return undefined;
  const metadata = Number(out[0]);
  const head = allocateWords(HEAD.bytes / 4);
  copyMemory(head.address, metadata, HEAD.bytes);
  const entries = joinAddress(head.words, HEAD.topics);
  const entry = allocateWords(TOPIC.bytes / 4);
  const topics: ListedTopic[] = [];
  for (let i = 0; i < (head.words[HEAD.topicCount] as number); i++) {
    copyMemory(entry.address, entries + TOPIC.bytes * i, TOPIC.bytes);
    const partitions = entry.words[TOPIC.partitionCount] as number;
    topics.push({
      name: readCString(joinAddress(entry.words, TOPIC.name)),
      error: (entry.words[TOPIC.err] as number) | 0,
      partitions,
      leaderless: readLeaderless(joinAddress(entry.words, TOPIC.partitions), partitions),
    });
  }
  lib.metadataDestroy(metadata);
  return topics;
}

function readLeaderless(first: Address, count: number): number[] {
  const { words, address } = allocateWords(PARTITION.bytes / 4);
  const leaderless: number[] = [];
  for (let i = 0; i < count; i++) {
    copyMemory(address, first + PARTITION.bytes * i, PARTITION.bytes);
    if (((words[PARTITION.leader] as number) | 0) === NO_LEADER) leaderless.push(words[PARTITION.id] as number);
  }
  return leaderless;
}
