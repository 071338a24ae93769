/**
 * From a polled batch to the producer. Texts take the packed lane (converted in bulk, handed over in bulk); records take the
 * record lane, one by one. Both wait when the producer or the embedded broker has no room, and never drop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordMetadata, SourceTask, TextBatch } from '../api/source';
import { STRING_SCHEMA } from '../data/connect-schema';
import { PackedTexts } from '../data/packed-texts';
import type { SourceRecord } from '../data/record';
import { ConnectError } from '../errors';
import { type DeliveryListener, type KafkaProducer, MAX_BATCH_MESSAGES, type Rejection, type WireRecord } from '../kafka/producer';
import type { Logger } from '../log';
import type { ErrorHandler } from '../pipeline/error-handler';
import { type RetentionWindow, UNUSED_SLOT } from '../thread/messages';
import { SubmittedRecords } from './submitted-records';
import type { TaskConverters } from './task-converters';

const PRODUCER_CLASS = 'org.apache.kafka.clients.producer.KafkaProducer';
/** Wait for room at most this long before looking again; normally a delivery ends the wait. */
const ROOM_WAIT_MS = 100;
const WINDOW_WAIT_MS = 2;
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
  private readonly sourceRecords = new Map<number, SourceRecord>();
  private answered: [SourceRecord, RecordMetadata | null][] = [];

  constructor(
    private readonly task: SourceTask,
    private readonly producer: KafkaProducer,
    private readonly converters: TaskConverters,
    private readonly errors: ErrorHandler,
    private readonly host: SenderHost,
    private readonly windows: readonly RetentionWindow[],
    maxInFlight: number,
    private readonly logger: Logger,
  ) {
    this.submitted = new SubmittedRecords(maxInFlight);
  }

  /** True if this value converter takes texts in bulk. */
  private get bulk(): boolean {
    return this.converters.value.converter.fromTexts !== undefined;
  }

  /** Hands a batch of texts over. Resolves when librdkafka has copied all of it, or the task is interrupted. */
  async sendTexts(batch: TextBatch): Promise<void> {
    if (!this.bulk || this.converters.key.converter.fromConnectData(batch.topic, null, null) !== null) {
      await this.sendRecords(toRecords(batch));
      return;
    }
    if (!(await this.host.topicReady(batch.topic))) return;
    const values = this.converters.value.converter.fromTexts?.(batch.texts, this.encoded) ?? batch.texts;
    this.host.onTopic(batch.topic);
    const bytesEach = Math.ceil(totalBytes(values, 0, values.count) / values.count);
    for (let from = 0; from < values.count; ) {
      const room = await this.waitForRoom(batch.topic, bytesEach);
      if (room === 0) return;
      const count = Math.min(room, values.count - from, MAX_BATCH_MESSAGES);
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

  /** Hands records over one by one, in order. */
  async sendRecords(records: readonly SourceRecord[]): Promise<void> {
    for (const record of records) {
      const wire = this.convert(record);
      const ready = wire === null || this.host.topicReady(wire.topic);
      if (ready !== true && !(await ready)) return;
      const bytes = wire?.value?.length ?? 0;
      if ((await this.waitForRoom(record.topic, bytes)) === 0) return;
      const slot = this.submitted.submit(record.sourcePartition, record.sourceOffset);
      if (!wire) this.dropped(record, slot);
      else if (!(await this.sendOne(record, wire, slot, bytes))) return;
    }
    this.commitRecords();
  }

  /** A record left out: its offset counts as done, or an idle source would read it again for ever (KAFKA-15296). */
  private dropped(record: SourceRecord, slot: number): void {
    this.submitted.acknowledge(slot);
    if (this.task.commitRecord) this.answered.push([record, null]);
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

  /** @returns false when the task was interrupted before the record was taken */
  private async sendOne(record: SourceRecord, wire: WireRecord, slot: number, bytes: number): Promise<boolean> {
    let taken = this.producer.sendRecord(wire, slot);
    while (taken === false) {
      if (this.host.interrupted()) return false;
      await this.host.waitForRoom(ROOM_WAIT_MS);
      taken = this.producer.sendRecord(wire, slot);
    }
    if (taken === true) {
      if (this.task.commitRecord) this.sourceRecords.set(slot, record);
      this.host.onTopic(record.topic);
      this.claimWindow(record.topic, bytes + WINDOW_OVERHEAD_BYTES);
      this.records++;
      this.bytes += bytes;
      return true;
    }
    this.skipFailed(taken);
    this.dropped(record, slot);
    return true;
  }

  /** Header, key, value, in Java's order; null when the record failed and is tolerated. */
  private convert(record: SourceRecord): WireRecord | null {
    const { key, value, header } = this.converters;
    const describe = (): string =>
      `source record is = SourceRecord{sourcePartition=${JSON.stringify(record.sourcePartition)}, topic='${record.topic}'}`;
    const attempt = <T>(
      stage: 'HEADER_CONVERTER' | 'KEY_CONVERTER' | 'VALUE_CONVERTER',
      className: string,
      run: () => T,
    ): T | undefined => {
      try {
        return run();
      } catch (error) {
        this.errors.skipOrThrow({ stage, className, error, describe });
        return undefined;
      }
    };
    const headers = attempt('HEADER_CONVERTER', header.className, () =>
      record.headers.map(h => ({ key: h.key, value: header.converter.fromConnectHeader(record.topic, h.key, h.schema, h.value) })),
    );
    if (headers === undefined) return null;
    const keyBytes = attempt('KEY_CONVERTER', key.className, () =>
      key.converter.fromConnectData(record.topic, record.keySchema, record.key),
    );
    if (keyBytes === undefined) return null;
    const valueBytes = attempt('VALUE_CONVERTER', value.className, () =>
      value.converter.fromConnectData(record.topic, record.valueSchema, record.value),
    );
    if (valueBytes === undefined) return null;
    return {
      topic: record.topic,
      partition: record.kafkaPartition,
      key: keyBytes,
      value: valueBytes,
      timestamp: wireTimestamp(record),
      headers,
    };
  }

  /** How many records may be sent now; waits until it is at least one. 0 when the task was interrupted meanwhile. */
  private async waitForRoom(topic: string, bytesEach: number): Promise<number> {
    for (;;) {
      if (this.host.interrupted()) return 0;
      const room = Math.min(this.producer.room(bytesEach), this.submitted.room);
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
    const record = this.sourceRecords.get(slot);
    if (record) this.sourceRecords.delete(slot);
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
    if (record) this.answered.push([record, error ? null : { topic: record.topic, partition, offset }]);
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

/** Java's rule for timestamps: none is for the broker to give, -1 is none, less is an error. */
function wireTimestamp(record: SourceRecord): number | null {
  if (record.timestamp === null || record.timestamp === -1) return null;
  if (record.timestamp < -1) throw new ConnectError('DataException', `Invalid record timestamp ${record.timestamp}`);
  return record.timestamp;
}

/** The same batch for converters that take no texts in bulk. */
function toRecords(batch: TextBatch): SourceRecord[] {
  const timestamp = Date.now();
  return Array.from({ length: batch.texts.count }, (_, i) => ({
    topic: batch.topic,
    kafkaPartition: null,
    keySchema: null,
    key: null,
    valueSchema: STRING_SCHEMA,
    value: batch.texts.at(i)?.toString('utf8') ?? null,
    timestamp,
    headers: [],
    sourcePartition: batch.sourcePartition,
    sourceOffset: batch.offsetAt(batch.positions[i] as number),
  }));
}
