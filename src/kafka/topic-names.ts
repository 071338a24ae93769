/** The names of all topics of a cluster (rd_kafka_metadata_t). */
import { type Address, type Librdkafka, RESP_ERR } from './librdkafka';
import { allocateWords, copyMemory, joinAddress, readCString } from './native-memory';

/** rd_kafka_metadata_t: topic_cnt i32 @16, topics @24. */
const HEAD = { bytes: 32, topicCount: 4, topics: 6 } as const;
/** rd_kafka_metadata_topic_t: 32 bytes, name @0. */
const TOPIC_BYTES = 32;

/** @returns undefined if no broker answered in time, which blocks the thread for so long at most */
export function readTopicNames(lib: Librdkafka, client: Address, timeoutMs: number): string[] | undefined {
  const out = new BigUint64Array(1);
  if (lib.metadata(client, 1, 0, Buffer.from(out.buffer), timeoutMs) !== RESP_ERR.NO_ERROR) return undefined;
  const metadata = Number(out[0]);
  const head = allocateWords(HEAD.bytes / 4);
  copyMemory(head.address, metadata, HEAD.bytes);
  const topics = joinAddress(head.words, HEAD.topics);
  const entry = allocateWords(TOPIC_BYTES / 4);
  const names: string[] = [];
  for (let i = 0; i < (head.words[HEAD.topicCount] as number); i++) {
    copyMemory(entry.address, topics + TOPIC_BYTES * i, TOPIC_BYTES);
    names.push(readCString(joinAddress(entry.words, 0)));
  }
  lib.metadataDestroy(metadata);
  return names;
}
