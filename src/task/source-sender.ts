/**
 * From a polled batch to the producer. Texts that nothing transforms stay packed bytes all the way; everything else is transformed and
 * converted record by record into packed form. Both wait when the producer or the embedded broker has no room, and never drop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordMetadata, SourceTask, TextBatch } from '../api/source';
import { STRING_SCHEMA } from '../data/connect-schema';
import { PackedTexts } from '../data/packed-texts';
import type { Header, SourceRecord } from '../data/record';
import { ConnectError, toError } from '../errors';
import { PackedRecords } from '../kafka/packed-records';
import { type DeliveryListener, type KafkaProducer, MAX_BATCH_MESSAGES, type Rejection } from '../kafka/producer';
import type { Logger } from '../log';
import type { ErrorHandler } from '../pipeline/error-handler';
import type { TransformationChain } from '../pipeline/transformation-chain';
import { type RetentionWindow, UNUSED_SLOT } from '../thread/messages';
import { RecordPacker } from './record-packer';
import { SubmittedRecords } from './submitted-records';
import type { TaskConverters } from './task-converters';

const PRODUCER_CLASS = 'org.apache.kafka.clients.producer.KafkaProducer';
/** Wait for room at most this long before looking again; normally a delivery ends the wait. */
const ROOM_WAIT_MS = 100;
const WINDOW_WAIT_MS = 2;
/** So many bytes of values are packed before they are handed over. */
const MAX_PACKED_BYTES = 1 << 20;
const NO_HEADERS: readonly Header[] = [];
/** What a record takes in an embedded broker besides its bytes; keeps its limit of messages too. */
export const WINDOW_OVERHEAD_BYTES = 70;

/** What the sender needs from the loop around it. */
export interface SenderHost {
  /** Waits for deliveries. */
  waitForRoom(timeoutMs: number): Promise<void>;
  /** Throws if the task is to fail, returns true if it is to end without sending the rest. */
  interrupted(): boolean;
  onTopic(topic: string): void;
  /**
   * Called before records go to a topic: true if they may go at once. Otherwise the topic is looked for, and made; the answer is false
   * if the task was interrupted meanwhile. @throws ConnectException if there can be no such topic
   */
  topicReady(topic: string): true | Promise<boolean>;
}

/** Records to be sent, each made when its turn has come. */
interface RecordRun {
  readonly count: number;
  readonly recordAt: (i: number) => SourceRecord;
  /** @returns the slot of the record among those submitted */
  readonly submit: (record: SourceRecord, i: number) => number;
}

export class SourceSender implements DeliveryListener {
  readonly submitted: SubmittedRecords;
  /** Records and bytes handed over so far. */
  records = 0;
  bytes = 0;
  /** Set when the producer has failed for good. */
  failure: Error | null = null;
  private readonly encoded = new PackedTexts(1, 0);
  private readonly rejections: Rejection[] = [];
  private readonly slots = new Int32Array(MAX_BATCH_MESSAGES);
  private readonly packed = new PackedRecords();
  private readonly packer: RecordPacker;
  /** Records under way by slot, and where they go; only for tasks that want to hear of them. */
  private readonly sourceRecords = new Map<number, { readonly record: SourceRecord; readonly topic: string }>();
  private answered: [SourceRecord, RecordMetadata | null][] = [];

  constructor(
    private readonly task: SourceTask,
    private readonly producer: KafkaProducer,
    private readonly chain: TransformationChain<SourceRecord>,
    private readonly converters: TaskConverters,
    private readonly errors: ErrorHandler,
    private readonly host: SenderHost,
    private readonly windows: readonly RetentionWindow[],
    maxInFlight: number,
    private readonly logger: Logger,
  ) {
    this.submitted = new SubmittedRecords(maxInFlight);
    this.packer = new RecordPacker(chain, converters, errors);
  }

  /** True if texts need not become records: nothing transforms them, the value converter takes them in bulk, there are no keys. */
  private isBulk(topic: string): boolean {
    const { key, value } = this.converters;
    return this.chain.isEmpty && value.converter.fromTexts !== undefined && key.converter.fromConnectData(topic, null, null) === null;
  }

  /** Hands a batch of texts over. Resolves when librdkafka has copied all of it, or the task is interrupted. */
  async sendTexts(batch: TextBatch): Promise<void> {
    if (!this.isBulk(batch.topic)) {
      const { sourcePartition, positions, offsetAt } = batch;
      // By position: an offset object for each record under way would be much for the garbage collector.
      const submit = (_: SourceRecord, i: number): number => this.submitted.submitText(sourcePartition, positions[i] as number, offsetAt);
      await this.sendEach({ count: batch.texts.count, recordAt: recordsOf(batch), submit });
      return;
    }
    if (!(await this.host.topicReady(batch.topic))) return;
    const values = this.converters.value.converter.fromTexts?.(batch.texts, this.encoded) ?? batch.texts;
    this.host.onTopic(batch.topic);
    const bytesEach = Math.ceil(totalBytes(values, 0, values.count) / values.count);
    for (let from = 0; from < values.count; ) {
      if (!(await this.waitForSlots())) return;
      const room = await this.waitForRoom(batch.topic, bytesEach);
      if (room === 0) return;
      const count = Math.min(room, this.submitted.room, values.count - from, MAX_BATCH_MESSAGES);
      if (!(await this.sendSome(batch, values, from, count))) return;
      this.claimWindow(batch.topic, totalBytes(values, from, count) + count * WINDOW_OVERHEAD_BYTES);
      from += count;
    }
  }

  /**
   * Hands over texts for which there is room; a full queue, which room has not foreseen, is waited for.
   * @returns false when the task was interrupted meanwhile
   */
  private async sendSome(batch: TextBatch, values: PackedTexts, from: number, count: number): Promise<boolean> {
    const { slots } = this;
    this.submitted.submitTexts(batch.sourcePartition, batch.positions, batch.offsetAt, from, count, slots);
    for (let sent = 0; sent < count; ) {
      const begin = sent;
      sent += this.producer.sendTexts(batch.topic, values, from + sent, count - sent, slots.subarray(sent), this.rejections);
      if (sent === begin) {
        if (this.host.interrupted()) return false;
        await this.host.waitForRoom(ROOM_WAIT_MS);
      }
    }
    this.records += count - this.rejections.length;
    this.bytes += totalBytes(values, from, count);
    if (this.rejections.length > 0) this.answerRejections(batch, values, from);
    return true;
  }

  private answerRejections(batch: TextBatch, values: PackedTexts, from: number): void {
    for (const { index, error } of this.rejections.splice(0)) {
      const offset = JSON.stringify(batch.offsetAt(batch.positions[index] as number), (_, value) =>
        typeof value === 'bigint' ? Number(value) : value,
      );
      this.skipFailed(
        new ConnectError(error.code, `${error.message}: a record of ${values.lengths[index]} bytes before source offset ${offset}`, error),
      );
      this.submitted.acknowledge(this.slots[index - from] as number);
    }
  }

  private skipFailed(error: Error): void {
    this.errors.skipOrThrow({ stage: 'KAFKA_PRODUCE', className: PRODUCER_CLASS, error, describe: () => 'source record is a line' });
  }

  /** Hands records over, in order. */
  async sendRecords(records: readonly SourceRecord[]): Promise<void> {
    await this.sendEach({
      count: records.length,
      recordAt: i => records[i] as SourceRecord,
      submit: ({ sourcePartition, sourceOffset }) => this.submitted.submit(sourcePartition, sourceOffset),
    });
  }

  private async sendEach(records: RecordRun): Promise<void> {
    for (let from = 0; from < records.count; ) {
      if (!(await this.waitForSlots())) return;
      const { next, failure } = this.packSome(
        records,
        from,
        Math.min(records.count, from + this.submitted.room, from + MAX_BATCH_MESSAGES),
      );
      if (!(await this.sendPacked())) return;
      // Records before one that fails the task are sent all the same, as in Java.
      if (failure) throw failure;
      from = next;
    }
    this.commitRecords();
  }

  /** Transforms and converts records up to a limit; fewer when they are large, or when one of them fails the task. */
  private packSome(records: RecordRun, from: number, limit: number): { next: number; failure: Error | null } {
    const { packed } = this;
    packed.clear();
    let next = from;
    try {
      for (; next < limit && packed.values.used < MAX_PACKED_BYTES; next++) {
        const record = records.recordAt(next);
        const slot = records.submit(record, next);
        if (!this.packer.pack(record, slot, packed)) this.dropped(record, slot);
        else if (this.task.commitRecord) this.sourceRecords.set(slot, { record, topic: packed.topics[packed.count - 1] as string });
      }
      return { next, failure: null };
    } catch (error) {
      return { next, failure: toError(error) };
    }
  }

  /** Hands the packed records over, topic by topic. @returns false when the task was interrupted meanwhile */
  private async sendPacked(): Promise<boolean> {
    const { packed } = this;
    const bytesEach = Math.ceil((packed.values.used + packed.keys.used) / Math.max(1, packed.count));
    for (let from = 0; from < packed.count; ) {
      const topic = packed.topics[from] as string;
      const ready = this.host.topicReady(topic);
      if (ready !== true && !(await ready)) return false;
      const room = await this.waitForRoom(topic, bytesEach);
      if (room === 0) return false;
      const handled = this.producer.sendRecords(packed, from, this.runLength(from, room), this.rejections);
      if (handled === 0) await this.host.waitForRoom(ROOM_WAIT_MS);
      else this.account(topic, from, handled);
      from += handled;
    }
    return true;
  }

  /** How many packed records from here on go to the same topic, at most `limit`. */
  private runLength(from: number, limit: number): number {
    const { topics, count } = this.packed;
    let end = from + 1;
    while (end < count && end - from < limit && topics[end] === topics[from]) end++;
    return end - from;
  }

  /** Counts records that librdkafka has taken; those it has refused are left out, or fail the task. */
  private account(topic: string, from: number, handled: number): void {
    const refused = this.rejections.splice(0);
    const taken = handled - refused.length;
    const { values, slots } = this.packed;
    let bytes = totalBytes(values, from, handled);
    for (const { index } of refused) bytes -= totalBytes(values, index, 1);
    if (taken > 0) this.host.onTopic(topic);
    this.records += taken;
    this.bytes += bytes;
    this.claimWindow(topic, bytes + taken * WINDOW_OVERHEAD_BYTES);
    for (const { index, error } of refused) {
      this.skipFailed(error);
      this.submitted.acknowledge(slots[index] as number);
      this.answer(slots[index] as number, null);
    }
  }

  /** A record left out: its offset counts as done, or an idle source would read it again for ever (KAFKA-15296). */
  private dropped(record: SourceRecord, slot: number): void {
    this.submitted.acknowledge(slot);
    if (this.task.commitRecord) this.answered.push([record, null]);
  }

  /** Notes what became of a record, for `commitRecords`. @param place where it is, null if it was left out */
  private answer(slot: number, place: { partition: number; offset: number } | null): void {
    const sent = this.sourceRecords.get(slot);
    if (!sent) return;
    this.sourceRecords.delete(slot);
    this.answered.push([sent.record, place && { topic: sent.topic, ...place }]);
  }

  /** Tells the task of its records that have got their answers, apart from the round that brought them: it may take its time. */
  commitRecords(): void {
    if (this.answered.length === 0) return;
    const answered = this.answered;
    this.answered = [];
    for (const [record, metadata] of answered) {
      try {
        this.task.commitRecord?.(record, metadata);
      } catch (error) {
        this.logger.error('Exception thrown while calling task.commitRecord()', error);
      }
    }
  }

  /** Waits until a record may be submitted. @returns false when the task was interrupted meanwhile */
  private async waitForSlots(): Promise<boolean> {
    while (this.submitted.room === 0) {
      if (this.host.interrupted()) return false;
      await this.host.waitForRoom(ROOM_WAIT_MS);
    }
    return !this.host.interrupted();
  }

  /** How many records may be sent now; waits until it is at least one. 0 when the task was interrupted meanwhile. */
  private async waitForRoom(topic: string, bytesEach: number): Promise<number> {
    for (;;) {
      if (this.host.interrupted()) return 0;
      const room = this.producer.room(bytesEach);
      const window = this.windowRoom(topic, bytesEach + WINDOW_OVERHEAD_BYTES);
      if (room > 0 && window > 0) return Math.min(room, window);
      if (room <= 0) await this.host.waitForRoom(ROOM_WAIT_MS);
      else await sleep(WINDOW_WAIT_MS);
    }
  }

  /** Records that the embedded broker still keeps for its slowest sink; unlimited on a real one. */
  private windowRoom(topic: string, bytesEach: number): number {
    const window = this.windows.find(candidate => candidate.topic === topic);
    if (!window) return Number.POSITIVE_INFINITY;
    const ahead = Number(Atomics.load(window.counters, 0) - slowestGroup(window));
    return ahead <= 0 ? Math.max(1, Math.floor(window.limitBytes / bytesEach)) : Math.floor((window.limitBytes - ahead) / bytesEach);
  }

  private claimWindow(topic: string, bytes: number): void {
    const window = this.windows.find(candidate => candidate.topic === topic);
    if (window) Atomics.add(window.counters, 0, BigInt(bytes));
  }

  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void {
    if (error) {
      try {
        this.skipFailed(error);
      } catch (fatal) {
        // Not acknowledged: the offsets stay before this record, and a restart sends it again.
        this.failure ??= new ConnectError('ConnectException', 'Unrecoverable exception from producer send callback', fatal);
        return;
      }
    }
    this.submitted.acknowledge(slot);
    this.answer(slot, error ? null : { partition, offset });
  }

  onFailure(error: ConnectError): void {
    this.failure ??= new ConnectError('ConnectException', 'Unrecoverable exception from producer', error);
  }
}

/** What the slowest group has delivered; nothing before the first group has come. */
function slowestGroup({ counters }: RetentionWindow): bigint {
  let slowest = UNUSED_SLOT;
  for (let slot = 1; slot < counters.length; slot++) {
    const delivered = Atomics.load(counters, slot);
    if (delivered !== UNUSED_SLOT && (slowest === UNUSED_SLOT || delivered < slowest)) slowest = delivered;
  }
  return slowest === UNUSED_SLOT ? 0n : slowest;
}

function totalBytes(texts: PackedTexts, from: number, count: number): number {
  let total = 0;
  for (let i = from; i < from + count; i++) total += Math.max(0, texts.lengths[i] as number);
  return total;
}

/** The records of a batch of texts, each made when it is asked for. */
function recordsOf({ topic, texts, sourcePartition, positions, offsetAt }: TextBatch): (i: number) => SourceRecord {
  const timestamp = Date.now();
  return i => ({
    topic,
    kafkaPartition: null,
    keySchema: null,
    key: null,
    valueSchema: STRING_SCHEMA,
    value: texts.textAt(i),
    timestamp,
    headers: NO_HEADERS,
    sourcePartition,
    sourceOffset: offsetAt(positions[i] as number),
  });
}
