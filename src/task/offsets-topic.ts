/** Where an exactly-once source task begins: the committed offsets of its connector, read from their topic. */
import { readWholeTopic, type TopicReaderOptions } from '../kafka/topic-reader';
import { canonicalKey, parseOffsetKey } from '../offsets/offset-key';
import type { OffsetEntry } from '../thread/messages';

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
