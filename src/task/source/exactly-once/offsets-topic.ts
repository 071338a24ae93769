/** Where an exactly-once source task begins: the committed offsets of its connector, read from their topic. */
import { MARK_HEADER } from '../../../kafka/admin/offsets-topic';
import type { KafkaClients } from '../../../kafka/clients/kafka-clients';
import { canonicalKey, parseOffsetKey } from '../../../offsets/offset-key';
import type { OffsetEntry } from '../../../thread/messages';

/** The committed offsets of a connector. @throws what the brokers refuse */
export async function readOffsetsTopic(
  topic: string,
  connector: string,
  clients: Pick<KafkaClients, 'readTopic'>,
  signal: AbortSignal,
): Promise<OffsetEntry[]> {
  const entries = new Map<string, OffsetEntry>();
  await clients.readTopic(topic, signal, ({ key, value, headers }) => {
    const text = key?.toString();
    const parsed = text === undefined ? null : parseOffsetKey(text);
    if (text === undefined || parsed === null || 'problem' in parsed || parsed.connector !== connector) return;
    const mark = headers.find(header => header.key === MARK_HEADER)?.value?.toString();
    const offset = value?.toString() ?? null;
    entries.set(canonicalKey(text), mark === undefined ? [text, offset] : [text, offset, mark]);
  });
  return [...entries.values()];
}

/** What is stored, with other entries over it; a null value removes one. Keys are compared by content. */
export function mergeOffsets(stored: readonly OffsetEntry[], over: readonly OffsetEntry[]): OffsetEntry[] {
  const merged = new Map(stored.map(entry => [canonicalKey(entry[0]), entry]));
  for (const entry of over) merged.set(canonicalKey(entry[0]), entry);
  return [...merged.values()].filter(([, value]) => value !== null);
}
