/** The topic of source offsets of exactly-once tasks, in Java's format: made if it is missing, read before a task starts. */
import type { ExactlyOnceSettings } from '../config/exactly-once';
import { ConnectError } from '../errors';
import type { NewTopic, TopicAdmin } from '../kafka/topic-admin';
import { readWholeTopic, type TopicReaderOptions } from '../kafka/topic-reader';
import type { Logger } from '../log';
import { canonicalKey, parseOffsetKey } from '../offsets/offset-key';
import type { OffsetEntry } from '../thread/messages';

/** What is asked of the brokers; `TopicAdmin`, or what stands for it in tests. */
type Topics = Pick<TopicAdmin, 'describeTopic' | 'createTopic'>;

/** Makes the topic, compacted, unless it is there. @throws ConnectException; or what the brokers refuse */
export async function ensureOffsetsTopic(
  settings: ExactlyOnceSettings,
  topics: Topics,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { offsetsTopic: name, partitions, replicationFactor } = settings;
  const missing = await topics.describeTopic(name, signal);
  if (!missing) return;
  if (missing.code !== 'UnknownTopicOrPartitionException') throw explained(name, missing);
  const topic: NewTopic = { name, partitions, replicationFactor, configs: { 'cleanup.policy': 'compact' } };
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

/** The committed offsets of a connector; a null value removes one. @throws what the brokers refuse */
export async function readOffsetsTopic(topic: string, connector: string, options: TopicReaderOptions): Promise<OffsetEntry[]> {
  const entries = new Map<string, OffsetEntry>();
  await readWholeTopic(topic, options, ({ key, value }) => {
    const text = key?.toString();
    const parsed = text === undefined ? null : parseOffsetKey(text);
    if (text === undefined || parsed === null || 'problem' in parsed || parsed.connector !== connector) return;
    entries.set(canonicalKey(text), [text, value?.toString() ?? null]);
  });
  return [...entries.values()];
}

/** What is stored, with other entries over it; a null value removes one. Keys are compared by content. */
export function mergeOffsets(stored: readonly OffsetEntry[], over: readonly OffsetEntry[]): OffsetEntry[] {
  const merged = new Map(stored.map(entry => [canonicalKey(entry[0]), entry]));
  for (const entry of over) merged.set(canonicalKey(entry[0]), entry);
  return [...merged.values()].filter(([, value]) => value !== null);
}
