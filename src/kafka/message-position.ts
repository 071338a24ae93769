/** Reads where a message of librdkafka lies, and nothing else of it. */
import type { PartitionOffset } from '../api/sink';
import { type Address, type Librdkafka, RESP_ERR } from './librdkafka';
import { allocateWords, copyMemory, joinAddress } from './native-memory';

/** Where a message lies; undefined for one that is an error. rd_kafka_message_t: err i32 @0, rkt @8, partition i32 @16, offset i64 @56. */
export function readPosition(lib: Librdkafka, message: Address): PartitionOffset | undefined {
  const struct = allocateWords(18);
  copyMemory(struct.address, message, 72);
  if (struct.words[0] !== RESP_ERR.NO_ERROR) return undefined;
  const topic = String(lib.topicName(joinAddress(struct.words, 2)));
  return { topic, partition: (struct.words[4] as number) | 0, offset: joinAddress(struct.words, 14) };
}
