/** The topic of source offsets of exactly-once tasks, in Java's format: creates it if it is missing, and writes to it. */
import type { ExactlyOnceSettings } from '../../config/keys/exactly-once';
import { NO_TIMESTAMP, PARTITION_UNASSIGNED } from '../../data/batch/record-batch';
import { asSentence, ConnectError, type ErrorCode } from '../../errors';
import type { Logger } from '../../log';
import type { OffsetEntry } from '../../thread/messages';
import type { RecordOutlet, Rejection } from '../clients/record-outlet';
import type { NewTopic, TopicCalls } from '../clients/topic-admins';
import { WireBatch } from '../producer/wire-batch';

/** The calls that are needed. */
type Topics = Pick<TopicCalls, 'describeTopic' | 'createTopic' | 'cleanupPolicy'>;

/** The slot of offset records in delivery reports; slots of source records are small numbers. */
export const OFFSETS_SLOT = 0xffff_ffff;

/** Header of an offset that holds its mark; named after the first use of marks. Java does not look at headers. */
export const MARK_HEADER = 'connect.position.hash';

/** Smaller segments than the brokers' 1 GiB, since only full ones are compacted and a starting task reads the whole topic. */
const TOPIC_CONFIGS = { 'cleanup.policy': 'compact', 'segment.bytes': '104857600' };

/** Errors of brokers that do not show a topic's settings, to anyone or to this user: then the policy cannot be checked. */
const HIDDEN: readonly ErrorCode[] = [
  'TopicAuthorizationException',
  'ClusterAuthorizationException',
  'UnsupportedVersionException',
  'UnknownTopicOrPartitionException',
];

/**
 * Creates the topic, compacted, unless it exists.
 * @throws ConnectException; ConfigException for a topic whose policy is not compact alone; or the brokers' error
 */
export async function ensureOffsetsTopic(
  settings: Pick<ExactlyOnceSettings, 'offsetsTopic' | 'partitions' | 'replicationFactor'>,
  topics: Topics,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { offsetsTopic: name, partitions, replicationFactor } = settings;
  const missing = await topics.describeTopic(name, signal);
  if (!missing) return checkPolicy(name, topics, logger, signal);
  if (missing.code !== 'UnknownTopicOrPartitionException') throw explained(name, missing);
  const topic: NewTopic = { name, partitions, replicationFactor, configs: TOPIC_CONFIGS };
  const refused = await topics.createTopic(topic, signal);
  if (refused && refused.code !== 'TopicExistsException') throw explained(name, refused);
  if (refused) return checkPolicy(name, topics, logger, signal);
  logger.info(`Created topic ${name} for the offsets of sources, compacted.`);
}

/** A topic that deletes old records would lose offsets (TopicAdmin.verifyTopicCleanupPolicyOnlyCompact, with its texts). */
async function checkPolicy(topic: string, topics: Topics, logger: Logger, signal: AbortSignal): Promise<void> {
  const policy = await policyOf(topic, topics, signal);
  if (policy === '') {
    logger.info(
      `Unable to use admin client to verify the cleanup policy of '${topic}' topic is 'compact', either because the broker is an older ` +
        'version or because the Kafka principal used for Connect internal topics does not have the required permission to describe topic ' +
        'configurations.',
    );
  } else if (policy !== 'compact') {
    throw new ConnectError(
      'ConfigException',
      `Topic '${topic}' supplied via the 'offset.storage.topic' property is required to have 'cleanup.policy=compact' to guarantee ` +
        `consistency and durability of source connector offsets, but found the topic currently has 'cleanup.policy=${policy}'. Continuing ` +
        'would likely result in eventually losing source connector offsets and problems restarting this Connect cluster in the future. ' +
        "Change the 'offset.storage.topic' property in the Connect worker configurations to use a topic with 'cleanup.policy=compact'.",
    );
  }
}

/** The cleanup policy; empty if it is not shown. */
async function policyOf(topic: string, topics: Topics, signal: AbortSignal): Promise<string> {
  try {
    return await topics.cleanupPolicy(topic, signal);
  } catch (error) {
    if (error instanceof ConnectError && HIDDEN.includes(error.code)) return '';
    throw error;
  }
}

function explained(topic: string, error: ConnectError): ConnectError {
  return new ConnectError(
    'ConnectException',
    `Could not find or create the topic of source offsets ${topic}: ${asSentence(error.message)} The user of the producer needs Describe, Read and Write on it, ` +
      'and Create where it is missing.',
    error,
  );
}

/**
 * Sends offsets to the topic; a null value removes one.
 * @param serve called while the queue is full: takes deliveries and waits a little
 * @throws ConnectError if one is refused
 */
export async function writeOffsets(
  outlet: Pick<RecordOutlet, 'send'>,
  topic: string,
  entries: readonly OffsetEntry[],
  serve: () => Promise<void>,
): Promise<void> {
  const batch = new WireBatch();
  const rejections: Rejection[] = [];
  for (const [key, value, mark] of entries) {
    batch.begin();
    if (mark !== undefined) batch.appendHeader(MARK_HEADER, Buffer.from(mark));
    batch.keys.append(Buffer.from(key));
    batch.values.append(value === null ? null : Buffer.from(value));
    batch.add(topic, PARTITION_UNASSIGNED, NO_TIMESTAMP, -1);
  }
  for (let from = 0; from < entries.length; ) {
    const handled = outlet.send(batch, from, entries.length - from, rejections);
    const [refused] = rejections.splice(0);
    if (refused) throw new ConnectError(refused.error.code, `An offset cannot be stored: ${refused.error.message}`, refused.error);
    from += handled;
    if (handled === 0) await serve();
  }
}
