/** Where an exactly-once source task begins: the committed offsets of its connector, read from their topic. */
import { HASH_HEADER } from '../kafka/offsets-topic';
import { readWholeTopic, type TopicReaderOptions } from '../kafka/topic-reader';
import { canonicalKey, parseOffsetKey } from '../offsets/offset-key';
import type { OffsetEntry } from '../thread/messages';

/** An offset as it lies on the topic. */
export interface CommittedOffset {
  /** A null value removes one. */
  readonly entry: OffsetEntry;
  /** What was said of it when it was committed, see offsets/position-hashes.ts. */
  readonly hash: string | null;
}

/** The committed offsets of a connector. @throws what the brokers refuse */
export async function readOffsetsTopic(topic: string, connector: string, options: TopicReaderOptions): Promise<CommittedOffset[]> {
  const entries = new Map<string, CommittedOffset>();
  await readWholeTopic(topic, options, ({ key, value, headers }) => {
    const text = key?.toString();
    const parsed = text === undefined ? null : parseOffsetKey(text);
    if (text === undefined || parsed === null || 'problem' in parsed || parsed.connector !== connector) return;
    const hash = headers.find(header => header.key === HASH_HEADER)?.value?.toString() ?? null;
    entries.set(canonicalKey(text), { entry: [text, value?.toString() ?? null], hash });
  });
  return [...entries.values()];
}

/** What is stored, with other entries over it; a null value removes one. Keys are compared by content. */
export function mergeOffsets(stored: readonly OffsetEntry[], over: readonly OffsetEntry[]): OffsetEntry[] {
  const merged = new Map(stored.map(entry => [canonicalKey(entry[0]), entry]));
  for (const entry of over) merged.set(canonicalKey(entry[0]), entry);
  return [...merged.values()].filter(([, value]) => value !== null);
}
