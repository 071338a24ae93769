/**
 * From a polled batch to the producer. Texts and rows that nothing transforms become no records (bulk-lane.ts); everything else is transformed
 * and converted record by record into packed form. Both wait when the producer or the embedded broker has no room, and never drop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowBatch, SourceTask, TextBatch } from '../../api/source';
import { ByteColumn } from '../../data/batch/byte-column';
import type { SourceRecord } from '../../data/record/record';
import { ConnectError, toError } from '../../errors';
import { type DeliveryListener, MAX_BATCH_MESSAGES, type RecordOutlet, type Rejection } from '../../kafka/clients/record-outlet';
import { claimWindow, WINDOW_OVERHEAD_BYTES, windowRoom } from '../../kafka/embedded/retention-windows';
import { PackedRecords } from '../../kafka/producer/packed-records';
import type { Logger } from '../../log';
import type { ErrorHandler, Outcome } from '../../pipeline/error-handler';
import type { TransformationChain } from '../../pipeline/transformation-chain';
import type { RetentionWindow } from '../../thread/messages';
import type { TaskConverters } from '../shared/task-converters';
import { BulkLane } from './bulk-lane';
import { LeftOutRecords } from './left-out-records';
import { RecordAcks } from './record-acks';
import { RecordPacker } from './record-packer';
import { recordsOfRows } from './row-records';
import { SourceCounts } from './source-counts';
import { SubmittedRecords } from './submitted-records';
import { recordsOf } from './text-records';

/** Wait for room at most this long before looking again; normally a delivery ends the wait. */
const ROOM_WAIT_MS = 100;
const WINDOW_WAIT_MS = 2;
/** So many bytes of values are packed before they are handed over. */
const MAX_PACKED_BYTES = 1 << 20;

/** What the sender needs from the loop around it. */
export interface SenderHost {
  /** Waits for deliveries. */
  waitForRoom(timeoutMs: number): Promise<void>;
  /** Throws if the task is to fail, returns true if it is to end, or to begin anew, without sending the rest. */
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

/** A record whose way into packed form has failed; it may still be kept. */
interface FailedRecord {
  readonly outcome: Promise<Outcome>;
  /** Where it will lie among the packed ones. */
  readonly at: number;
}

export class SourceSender implements DeliveryListener {
  readonly submitted: SubmittedRecords;
  /** Records and bytes handed over so far. */
  records = 0;
  bytes = 0;
  readonly counts: SourceCounts;
  /** Set when a record has failed that may not be left out. */
  failure: Error | null = null;
  /** Set when the producer takes and delivers nothing any more, or is not allowed to. */
  broken: ConnectError | null = null;
  /** True once a broker has acknowledged a record. */
  hasDelivered = false;
  readonly answers: RecordAcks;
  private readonly encoded = new ByteColumn(1, 0);
  private readonly rejections: Rejection[] = [];
  private readonly packed = new PackedRecords();
  private readonly packer: RecordPacker;
  private readonly lane: BulkLane;
  private readonly leftOut: LeftOutRecords;

  constructor(
    task: SourceTask,
    private readonly producer: Pick<RecordOutlet, 'room' | 'sendTexts' | 'sendRecords'>,
    private readonly chain: TransformationChain<SourceRecord>,
    private readonly converters: TaskConverters,
    errors: ErrorHandler,
    private readonly host: SenderHost,
    private readonly windows: readonly RetentionWindow[],
    maxInFlight: number,
    logger: Logger,
  ) {
    this.submitted = new SubmittedRecords(maxInFlight);
    this.answers = new RecordAcks(task, logger);
    this.counts = new SourceCounts(this.submitted, errors);
    this.leftOut = new LeftOutRecords(this.submitted, this.answers, errors);
    this.packer = new RecordPacker(chain, converters, errors);
    this.lane = new BulkLane(producer, this.submitted, this.counts, {
      waitForSlots: () => this.waitForSlots(),
      waitForRoom: (topic, bytesEach) => this.waitForRoom(topic, bytesEach),
      waitForDeliveries: () => this.waitForDeliveries(),
      handOver: send => this.handOver(send),
      skip: (error, slot) => this.leftOut.skip(error, slot),
      sent: (topic, records, bytes) => this.sent(topic, records, bytes),
    });
  }

  /** True if values need not become records: nothing transforms them, nobody asks for them later, and there are no keys. */
  private isBulk(topic: string): boolean {
    const asTheyAre = !this.answers.keepsRecords && this.chain.isEmpty && this.leftOut.isPossible(topic);
    return asTheyAre && this.converters.key.converter.fromConnectData(topic, null, null) === null;
  }

  /** Hands a batch of texts over. Resolves when librdkafka has copied all of it, or the task is interrupted. */
  async sendTexts(batch: TextBatch): Promise<void> {
    const { topic, texts, sourcePartition, positions, offsetAt } = batch;
    const { converter } = this.converters.value;
    this.counts.polled(texts.count);
    if (!converter.fromTexts || !this.isBulk(topic)) {
      // By position: an offset object for each record under way would be much for the garbage collector.
      const submit = (_: SourceRecord, i: number): number => this.submitted.submitText(sourcePartition, positions[i] as number, offsetAt);
      await this.sendEach({ count: texts.count, recordAt: recordsOf(batch), submit });
      return;
    }
    if (!(await this.host.topicReady(topic))) return;
    const values = converter.fromTexts(texts, this.encoded);
    await this.lane.send({ topic, values, sourcePartition, positions, offsetAt, first: 0 });
  }

  /** Hands a batch of rows over, as `sendTexts` does; a row that the converter does not take in bulk goes as a record. */
  async sendRows(batch: RowBatch): Promise<void> {
    const { topic, rows, keys, sourcePartition, offsetAt } = batch;
    const { converter } = this.converters.value;
    this.counts.polled(rows.count);
    const recordAt = recordsOfRows(batch);
    const submit = (_: SourceRecord, i: number): number => this.submitted.submitText(sourcePartition, i, offsetAt);
    if (!converter.appendRows || keys !== null || !this.isBulk(topic)) {
      await this.sendEach({ count: rows.count, recordAt, submit });
      return;
    }
    if (!(await this.host.topicReady(topic))) return;
    for (let from = 0; from < rows.count; ) {
      const values = this.encoded;
      values.clear();
      const count = converter.appendRows(rows, from, rows.count - from, values, MAX_PACKED_BYTES);
      if (count > 0) {
        if (!(await this.lane.send({ topic, values, sourcePartition, positions: null, offsetAt, first: from }))) return;
        from += count;
      } else {
        const row = from++;
        await this.sendEach({ count: 1, recordAt: () => recordAt(row), submit: record => submit(record, row) });
      }
    }
  }

  /** Values of the bulk lane are on their way. */
  private sent(topic: string, records: number, bytes: number): void {
    if (records > 0) this.host.onTopic(topic);
    this.records += records;
    this.bytes += bytes;
    claimWindow(this.windows, topic, bytes + records * WINDOW_OVERHEAD_BYTES);
  }

  /** What the producer has handled; nothing if it takes no records any more, which ends the attempt and not the task. */
  private handOver(send: () => number): number {
    try {
      return send();
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      this.onFailure(error);
      return 0;
    }
  }

  /** Hands records over, in order. */
  async sendRecords(records: readonly SourceRecord[]): Promise<void> {
    this.counts.polled(records.length);
    await this.sendEach({
      count: records.length,
      recordAt: i => records[i] as SourceRecord,
      submit: ({ sourcePartition, sourceOffset }) => this.submitted.submit(sourcePartition, sourceOffset),
    });
  }

  private async sendEach(records: RecordRun): Promise<void> {
    for (let from = 0; from < records.count; ) {
      if (!(await this.waitForSlots())) return;
      const limit = Math.min(records.count, from + this.submitted.room, from + MAX_BATCH_MESSAGES);
      const { next, failed } = this.packSome(records, from, limit);
      // Records before one that fails go their way all the same, while it is tried again and when it fails the task.
      if (!(await this.sendPacked(0, failed?.at ?? this.packed.count))) return;
      if (failed && !(await this.sendLate(failed))) return;
      from = next;
    }
    this.answers.tellTask();
  }

  /** Transforms and converts records up to a limit; fewer when they are large, or when one of them fails. */
  private packSome(records: RecordRun, from: number, limit: number): { next: number; failed: FailedRecord | null } {
    const { packed } = this;
    packed.clear();
    let next = from;
    while (next < limit && packed.values.used < MAX_PACKED_BYTES) {
      const record = records.recordAt(next);
      const slot = records.submit(record, next++);
      this.counts.unsent--;
      const outcome = this.tryToPack(record, slot);
      if (typeof outcome !== 'string') return { next, failed: { outcome, at: packed.count } };
      this.packedOne(record, slot, outcome);
    }
    return { next, failed: null };
  }

  private tryToPack(record: SourceRecord, slot: number): Outcome | Promise<Outcome> {
    try {
      const outcome = this.packer.pack(record, slot, this.packed);
      return typeof outcome === 'string' ? outcome : this.whenPacked(record, slot, outcome);
    } catch (error) {
      return this.whenPacked(record, slot, Promise.reject<Outcome>(toError(error)));
    }
  }

  /** The record gets its answer at once, whenever it is asked for: the error handler counts it from that moment on. */
  private whenPacked(record: SourceRecord, slot: number, outcome: Promise<Outcome>): Promise<Outcome> {
    const answered = outcome.then(late => {
      this.packedOne(record, slot, late);
      return late;
    });
    answered.catch(() => {}); // It is awaited later, when the records before are on their way.
    return answered;
  }

  private packedOne(record: SourceRecord, slot: number, outcome: Outcome): void {
    if (outcome === 'interrupted') return;
    if (outcome === 'dropped') this.counts.filtered++;
    if (outcome !== 'kept') this.dropped(record, slot);
    else this.answers.sent(record, slot, this.packed.topics[this.packed.count - 1] as string);
  }

  /** Waits for what becomes of a record that has failed. @returns false when the task was interrupted meanwhile */
  private async sendLate({ outcome, at }: FailedRecord): Promise<boolean> {
    return (await outcome) !== 'interrupted' && this.sendPacked(at, this.packed.count);
  }

  /** Hands packed records over, topic by topic. @returns false when the task was interrupted meanwhile */
  private async sendPacked(first: number, end: number): Promise<boolean> {
    const { packed } = this;
    const bytesEach = Math.ceil((packed.values.used + packed.keys.used) / Math.max(1, end));
    for (let from = first; from < end; ) {
      const topic = packed.topics[from] as string;
      if (!this.leftOut.isPossible(topic)) {
        from += this.leftOut.leaveOutFor(topic, packed.slots.subarray(from, from + this.runLength(from, end - from)));
        continue;
      }
      const ready = this.host.topicReady(topic);
      if (ready !== true && !(await ready)) return false;
      const room = await this.waitForRoom(topic, bytesEach);
      if (room === 0) return false;
      const count = this.runLength(from, Math.min(room, end - from));
      this.submitted.handedOver(topic, packed.slots.subarray(from), count);
      const handled = this.handOver(() => this.producer.sendRecords(packed, from, count, this.rejections));
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
    const bytes = refused.reduce((sum, { index }) => sum - values.sizeOf(index, 1), values.sizeOf(from, handled));
    if (taken > 0) this.host.onTopic(topic);
    this.records += taken;
    this.bytes += bytes;
    claimWindow(this.windows, topic, bytes + taken * WINDOW_OVERHEAD_BYTES);
    for (const { index, error } of refused) this.leftOut.leaveOut(error, slots[index] as number);
  }

  /** A record left out: its offset counts as done, or an idle source would read it again for ever (KAFKA-15296). */
  private dropped(record: SourceRecord, slot: number): void {
    this.submitted.acknowledge(slot);
    this.answers.dropped(record);
  }

  /** Waits until a record may be submitted. @returns false when the task was interrupted meanwhile */
  private async waitForSlots(): Promise<boolean> {
    while (this.submitted.room === 0) {
      if (this.host.interrupted()) return false;
      await this.host.waitForRoom(ROOM_WAIT_MS);
    }
    return !this.host.interrupted();
  }

  /** Waits for deliveries. @returns false when the task was interrupted meanwhile */
  private async waitForDeliveries(): Promise<boolean> {
    if (this.host.interrupted()) return false;
    await this.host.waitForRoom(ROOM_WAIT_MS);
    return true;
  }

  /** How many records may be sent now; waits until it is at least one. 0 when the task was interrupted meanwhile. */
  private async waitForRoom(topic: string, bytesEach: number): Promise<number> {
    for (;;) {
      if (this.host.interrupted()) return 0;
      const room = this.producer.room(bytesEach);
      const window = windowRoom(this.windows, topic, bytesEach + WINDOW_OVERHEAD_BYTES);
      if (room > 0 && window > 0) return Math.min(room, window);
      if (room <= 0) await this.host.waitForRoom(ROOM_WAIT_MS);
      else await sleep(WINDOW_WAIT_MS);
    }
  }

  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void {
    if (error) {
      try {
        this.leftOut.skip(error, slot);
      } catch (fatal) {
        // Not acknowledged: the offsets stay before this record, and a restart sends it again.
        this.failure ??= new ConnectError('ConnectException', 'Unrecoverable exception from producer send callback', fatal);
        return;
      }
    } else {
      this.counts.acknowledged++;
      this.hasDelivered = true;
    }
    this.submitted.acknowledge(slot);
    this.answers.answer(slot, error ? null : { partition, offset });
  }

  onFailure(error: ConnectError): void {
    this.broken ??= error;
  }
}
