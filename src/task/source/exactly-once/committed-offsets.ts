/**
 * The committed offsets of an exactly-once task: read from their topic where it begins, noted as they are committed, told to the main
 * thread.
 */
import { ensureOffsetsTopic, MARK_HEADER } from '../../../kafka/admin/offsets-topic';
import type { KafkaClients } from '../../../kafka/clients/kafka-clients';
import { canonicalKey, parseOffsetKey } from '../../../offsets/offset-key';
import type { OffsetEntry } from '../../../thread/messages';
import type { ExactlyOnceServices, SourceServices } from '../source-services';
import type { SubmittedRecords } from '../submitted-records';
import { fencedBy } from './fences';

/** Committed offsets go to the offset file at most so often: it is a cache, which nothing depends on. */
const REPORT_EVERY_MS = 500;

export class CommittedOffsets {
  /** Committed offsets that the main thread has not been told of. */
  private unreported = new Map<string, OffsetEntry>();
  private reportedAtMs = 0;

  constructor(
    private readonly services: SourceServices,
    private readonly exactlyOnce: ExactlyOnceServices,
  ) {}

  /** Name of the topic. */
  get topic(): string {
    return this.exactlyOnce.settings.offsetsTopic;
  }

  /** Makes the topic if it is not there. @throws what the brokers refuse */
  async ensureTopic(): Promise<void> {
    const { settings, isTopicReady } = this.exactlyOnce;
    if (isTopicReady) return;
    const { host, stopSignal } = this.services;
    await host.kafka.admins('offsets topic').use(admin => ensureOffsetsTopic(settings, admin, host.logger, stopSignal));
    this.exactlyOnce.isTopicReady = true;
  }

  /** After a break: somebody with the same uuid may have taken over, and must not be fenced in turn. @throws ProducerFencedException */
  async checkStillOurs(): Promise<void> {
    const { committed, attempted, settings } = this.exactlyOnce;
    if (committed.size === 0) return;
    const found = new Map((await this.readTopic()).map(([key, value]) => [canonicalKey(key), value]));
    // A commit without an answer may have gone through.
    const last = new Map(attempted.map(([key, value]) => [canonicalKey(key), value]));
    const changed = [...committed].find(
      ([key, [, value]]) => found.get(key) !== value && (!last.has(key) || found.get(key) !== last.get(key)),
    );
    if (changed) throw fencedBy(settings.transactionalId, `the offset of ${changed[1][0]} was changed by somebody else`);
  }

  /** Where the task is to begin: what is stored, with what the topic has over it. @throws what the brokers refuse */
  async readOver(stored: readonly OffsetEntry[]): Promise<OffsetEntry[]> {
    const read = await this.readTopic();
    this.note(read);
    return mergeOffsets(stored, read);
  }

  private readTopic(): Promise<OffsetEntry[]> {
    const { spec, kafka } = this.services.host;
    return readOffsetsTopic(this.topic, spec.id.connector, kafka, this.services.stopSignal);
  }

  /** What a transaction is to commit: the offsets behind all that was submitted, or only behind what is acknowledged without a gap. */
  behind(submitted: SubmittedRecords, which: 'submitted' | 'acknowledged'): readonly OffsetEntry[] {
    const offsets = which === 'submitted' ? submitted.submittedOffsets() : submitted.takeCommittable();
    const entries = offsets.map(offset => this.services.codec.encode(offset));
    this.exactlyOnce.attempted = entries;
    return entries;
  }

  /** They are committed. */
  add(entries: readonly OffsetEntry[]): void {
    this.note(entries);
    for (const entry of entries) this.exactlyOnce.committed.set(canonicalKey(entry[0]), entry);
  }

  private note(entries: readonly OffsetEntry[]): void {
    for (const entry of entries) this.unreported.set(canonicalKey(entry[0]), entry);
  }

  /** True when it is time to tell the main thread. */
  get isReportDue(): boolean {
    return Date.now() - this.reportedAtMs >= REPORT_EVERY_MS;
  }

  /** Committed offsets for the offset file, each once. */
  takeUnreported(): OffsetEntry[] {
    const entries = [...this.unreported.values()];
    this.unreported = new Map();
    this.reportedAtMs = Date.now();
    return entries;
  }
}

/** The committed offsets of a connector. @throws what the brokers refuse */
async function readOffsetsTopic(
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
function mergeOffsets(stored: readonly OffsetEntry[], over: readonly OffsetEntry[]): OffsetEntry[] {
  const merged = new Map(stored.map(entry => [canonicalKey(entry[0]), entry]));
  for (const entry of over) merged.set(canonicalKey(entry[0]), entry);
  return [...merged.values()].filter(([, value]) => value !== null);
}
