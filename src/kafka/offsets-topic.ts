/** The topic of source offsets of exactly-once tasks, in Java's format: made if it is missing, and written to. */
import type { ExactlyOnceSettings } from '../config/exactly-once';
import { ConnectError } from '../errors';
import type { Logger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import { NO_TIMESTAMP, PARTITION_UNASSIGNED, PackedRecords } from './packed-records';
import type { KafkaProducer, Rejection } from './producer';
import type { NewTopic, TopicAdmin } from './topic-admin';

/** What is asked of the brokers; `TopicAdmin`, or what stands for it in tests. */
type Topics = Pick<TopicAdmin, 'describeTopic' | 'createTopic'>;

/** Slot of the records that hold offsets, as delivery reports name it; those of source records are small. */
export const OFFSETS_SLOT = 0xffff_ffff;

/** Only full segments are compacted, and a task reads all of the topic when it starts: smaller ones than the brokers' 1 GiB. */
const TOPIC_CONFIGS = { 'cleanup.policy': 'compact', 'segment.bytes': '104857600' };

/** Makes the topic, compacted, unless it is there. @throws ConnectException; or what the brokers refuse */
export async function ensureOffsetsTopic(
  settings: Pick<ExactlyOnceSettings, 'offsetsTopic' | 'partitions' | 'replicationFactor'>,
  topics: Topics,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { offsetsTopic: name, partitions, replicationFactor } = settings;
  const missing = await topics.describeTopic(name, signal);
  if (!missing) return;
  if (missing.code !== 'UnknownTopicOrPartitionException') throw explained(name, missing);
  const topic: NewTopic = { name, partitions, replicationFactor, configs: TOPIC_CONFIGS };
  const refused = await topics.createTopic(topic, signal);
  if (refused && refused.code !== 'TopicExistsException') throw explained(name, refused);
  if (!refused) logger.info(`Created topic ${name} for the offsets of sources, compacted.`);
}

function explained(topic: string, error: ConnectError): ConnectError {
  return new ConnectError(
    'ConnectException',
    `Could not find or create the topic of source offsets ${topic}: ${error.message}. The user of the producer needs Describe, Read and Write on it, ` +
      'and Create where it is missing.',
    error,
  );
}

/**
 * Hands offsets over to a producer; a null value removes one.
 * @param serve takes deliveries and waits a little, where the queue is full
 * @throws ConnectError if the producer refuses one
 */
export async function writeOffsets(
  producer: Pick<KafkaProducer, 'sendRecords'>,
  topic: string,
  entries: readonly OffsetEntry[],
  serve: () => Promise<void>,
): Promise<void> {
  const packed = new PackedRecords();
  const rejections: Rejection[] = [];
  for (const [key, value] of entries) {
    packed.begin();
    packed.keys.append(Buffer.from(key));
    packed.values.append(value === null ? null : Buffer.from(value));
    packed.add(topic, PARTITION_UNASSIGNED, NO_TIMESTAMP, -1);
  }
  for (let from = 0; from < entries.length; ) {
    const handled = producer.sendRecords(packed, from, entries.length - from, rejections);
    const [refused] = rejections.splice(0);
    if (refused) throw new ConnectError(refused.error.code, `An offset cannot be stored: ${refused.error.message}`, refused.error);
    from += handled;
    if (handled === 0) await serve();
  }
}
