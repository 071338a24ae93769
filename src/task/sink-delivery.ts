/**
 * From the consumer to the sink task: one batch at a time. Where the task takes texts and the converters allow it, payloads stay
 * bytes; otherwise each message becomes a record.
 */
import type { PartitionOffset, SinkTask } from '../api/sink';
import { javaText } from '../data/java-text';
import { PackedTexts } from '../data/packed-texts';
import type { SinkRecord } from '../data/record';
import { encodeUtf8 } from '../data/utf8';
import { toError } from '../errors';
import type { KafkaConsumer } from '../kafka/consumer';
import { FetchedBatch } from '../kafka/fetched-batch';
import type { Librdkafka } from '../kafka/librdkafka';
import type { Outcome } from '../pipeline/error-handler';
import { TransformationChain } from '../pipeline/transformation-chain';
import type { OldestPending, TaskCounters } from '../thread/task-counters';
import type { DeliveredOffsets } from './delivered-offsets';
import type { ErrantRecords } from './errant-records';
import { RecordReader } from './record-reader';
import { releaseWindow, WINDOW_OVERHEAD_BYTES } from './retention-windows';
import type { TaskConverters } from './task-converters';
import type { TaskHost } from './task-host';

/** Messages in a packed batch: enough to make a call cheap, few enough to keep memory small. */
const PACKED_BATCH = 2048;

/** What a delivery is made with, besides its task and consumer. */
export interface DeliveryParts {
  readonly lib: Librdkafka;
  readonly converters: TaskConverters;
  /** Where the task reports records; null if it may not. */
  readonly errant: ErrantRecords | null;
  /** True if a report shows the whole record, not only where it lies. */
  readonly keepsOriginals: boolean;
  /** Most records of a `put` (`max.poll.records`). */
  readonly maxPollRecords: number;
}

export class SinkDelivery {
  /** `converting` while a failed record is tried again or waits for its report: then there is nothing to put, and nothing to fetch. */
  state: 'idle' | 'converting' | 'ready' = 'idle';
  /** Set when a record has failed the task. */
  failure: Error | null = null;
  /** Records and payload bytes delivered so far. */
  records = 0;
  bytes = 0;
  /** Messages fetched, less those given back; records put; records that a transformation has dropped. */
  private read = 0;
  private acknowledged = 0;
  private filtered = 0;
  /** Messages of the batch that have no answer yet, and since when in epoch milliseconds. */
  private underWay = 0;
  private fetchedAtMs = 0;
  private readonly chain: TransformationChain<SinkRecord>;
  private readonly packed: boolean;
  private readonly batch: FetchedBatch;
  private readonly reader: RecordReader;
  private readonly texts = new PackedTexts(16, 1 << 10);
  private converted: SinkRecord[] = [];
  /** True if nobody wants the batch any more that is being converted. */
  private abandoned = false;

  constructor(
    private readonly task: SinkTask,
    private readonly consumer: KafkaConsumer,
    private readonly host: TaskHost,
    private readonly parts: DeliveryParts,
  ) {
    const { key, value, header } = parts.converters;
    const { spec, plugins, errors, logger } = host;
    this.chain = new TransformationChain({ props: spec.connectorProps, plugins, logger });
    this.packed =
      this.chain.isEmpty && task.putTexts !== undefined && value.converter.toTexts !== undefined && header.converter.readsAnyBytes === true;
    const keysNeeded = key.converter.readsAnyBytes !== true;
    const mayFail = keysNeeded || value.converter.readsAnyBytes !== true;
    const want = !this.packed || (parts.keepsOriginals && mayFail) ? 'all' : keysNeeded ? 'values and keys' : 'values';
    this.batch = new FetchedBatch(parts.lib, this.packed ? PACKED_BATCH : parts.maxPollRecords, want);
    const source = { batch: this.batch, partitionOf: (number: number) => consumer.partitionOf(number) };
    this.reader = new RecordReader(source, parts.converters, this.chain, errors);
  }

  /** Takes what is there and converts it, to be put when the state is `ready`. @returns false if there was nothing */
  fetch(): boolean {
    // Ends of partitions count as messages taken, and are none.
    for (this.batch.count = 0; this.batch.count === 0; ) if (this.consumer.fetch(this.batch) === 0) return false;
    this.abandoned = false;
    this.fetchedAtMs = Date.now();
    this.read += this.batch.count;
    this.underWay += this.batch.count;
    const converted = this.packed ? this.convertTexts() : this.convertRecords();
    if (converted === true) this.state = 'ready';
    else void this.finishLater(converted);
    return true;
  }

  /** Makes an empty batch, for a task that is to be called without records. */
  fetchNothing(): void {
    this.batch.count = 0;
    this.texts.clear();
    this.converted = [];
    this.state = 'ready';
  }

  private async finishLater(converted: Promise<boolean>): Promise<void> {
    this.state = 'converting';
    try {
      const whole = await converted;
      this.state = whole && !this.abandoned ? 'ready' : 'idle';
    } catch (error) {
      this.state = 'idle';
      if (!this.abandoned) this.failure = toError(error);
    }
    if (this.abandoned) this.giveBack();
    this.host.wake.notify();
  }

  /** Puts the batch, for the first time or again. @throws what the task throws, or has reported where errors are not tolerated */
  async put(): Promise<void> {
    if (this.packed) await this.task.putTexts?.(this.texts);
    else await this.task.put(this.converted);
    this.parts.errant?.throwIfExceeded();
  }

  /** The batch was put: its offsets count as delivered. @returns how many messages it came from */
  done(offsets: DeliveredOffsets): number {
    this.state = 'idle';
    this.countPut();
    const { batch } = this;
    for (let i = 0; i < batch.count; ) {
      const number = batch.partitions[i] as number;
      const first = batch.offsets[i] as number;
      let next = first;
      for (; i < batch.count && batch.partitions[i] === number; i++) {
        this.bytes += Math.max(0, batch.values.lengths[i] as number);
        next = (batch.offsets[i] as number) + 1;
      }
      offsets.delivered(this.consumer.partitionOf(number), first, next);
    }
    this.records += batch.count;
    this.countWindows();
    return batch.count;
  }

  private countPut(): void {
    const put = this.packed ? this.texts.count : this.converted.length;
    this.acknowledged += put;
    this.underWay -= put;
    this.parts.errant?.endPut('taken');
  }

  /** What became of all that was read. Counts are kept apart, so that a record that is forgotten, or answered twice, shows. */
  counters(): TaskCounters {
    const { read, filtered } = this;
    const { errors } = this.host;
    const moved = this.parts.errant?.moved ?? 0;
    const acknowledged = this.acknowledged - moved;
    const deadLettered = errors.deadLettered + (errors.hasReporter ? moved : 0);
    const skipped = errors.skipped + (errors.hasReporter ? 0 : moved);
    const counts = { read, acknowledged, filtered, deadLettered, skipped, pending: this.underWay + errors.reporting };
    return this.underWay > 0 ? { ...counts, oldestPending: this.oldest() } : counts;
  }

  /** A batch has one answer for all, so that its first message stands for it. */
  private oldest(): OldestPending {
    const { topic, partition } = this.consumer.partitionOf(this.batch.partitions[0] as number);
    return { topic, partition, sinceMs: this.fetchedAtMs };
  }

  /** Messages without an answer will be fetched again, and count then. */
  private giveBack(): void {
    this.read -= this.underWay;
    this.underWay = 0;
    this.parts.errant?.endPut('given back');
  }

  /**
   * Gives up the batch that waits.
   * @param atEnd true if this task fetches nothing any more: the batch counts as under way for good
   * @returns where each of its partitions has to be fetched again
   */
  abandon(atEnd: boolean): PartitionOffset[] {
    if (this.state === 'idle' || this.abandoned) return [];
    if (this.state === 'converting') {
      this.abandoned = true;
      this.host.errors.interrupt();
    } else {
      this.state = 'idle';
      if (!atEnd) this.giveBack();
    }
    const first = new Map<number, number>();
    for (let i = 0; i < this.batch.count; i++) {
      const number = this.batch.partitions[i] as number;
      if (!first.has(number)) first.set(number, this.batch.offsets[i] as number);
    }
    return [...first].map(([number, offset]) => ({ ...this.consumer.partitionOf(number), offset }));
  }

  /** Tells sources how far this group has come, where an embedded broker keeps little. */
  private countWindows(): void {
    const { retentionWindows } = this.host.spec;
    if (retentionWindows.length === 0) return;
    const { batch } = this;
    for (let i = 0; i < batch.count; i++) {
      const { topic } = this.consumer.partitionOf(batch.partitions[i] as number);
      releaseWindow(retentionWindows, topic, Math.max(0, batch.values.lengths[i] as number) + WINDOW_OVERHEAD_BYTES);
    }
  }

  /** Closes the transformations at the end of the task. */
  close(): void {
    this.chain.close();
  }

  private convertTexts(): true | Promise<boolean> {
    this.texts.clear();
    const withKeys = this.parts.converters.key.converter.readsAnyBytes !== true && !this.keysAreFine();
    return this.convertTextsFrom(0, withKeys);
  }

  /** @returns false, late, if it was interrupted */
  private convertTextsFrom(first: number, withKeys: boolean): true | Promise<boolean> {
    const { batch, texts } = this;
    const { converter } = this.parts.converters.value;
    for (let from = first; from < batch.count; from++) {
      if (!withKeys) from += converter.toTexts?.(batch.values, from, texts) ?? 0;
      if (from >= batch.count) break;
      const outcome = this.reader.readValue(from, withKeys);
      if (typeof outcome !== 'string') return outcome.then(late => this.addText(late) && this.convertTextsFrom(from + 1, withKeys));
      this.addText(outcome);
    }
    return true;
  }

  /** @returns false if the record has no answer yet */
  private addText(outcome: Outcome): boolean {
    const { value } = this.reader;
    if (outcome === 'failed') this.underWay--;
    if (outcome === 'kept') this.texts.append(value === null || value === undefined ? null : encodeUtf8(javaText(value)));
    return outcome !== 'interrupted';
  }

  /** Keys are not used, but one that cannot be read is an error of its record. */
  private keysAreFine(): boolean {
    const { batch, consumer } = this;
    const { converter } = this.parts.converters.key;
    try {
      for (let i = 0; i < batch.count; i++) {
        const key = batch.keys[i];
        if (key) converter.toConnectData(consumer.partitionOf(batch.partitions[i] as number).topic, key);
      }
      return true;
    } catch {
      return false;
    }
  }

  private convertRecords(): true | Promise<boolean> {
    this.converted = [];
    return this.convertRecordsFrom(0);
  }

  /** What transformations drop and what fails and is tolerated is left out. @returns false, late, if it was interrupted */
  private convertRecordsFrom(first: number): true | Promise<boolean> {
    for (let i = first; i < this.batch.count; i++) {
      const outcome = this.reader.read(i);
      if (typeof outcome !== 'string') return outcome.then(late => this.addRecord(i, late) && this.convertRecordsFrom(i + 1));
      this.addRecord(i, outcome);
    }
    return true;
  }

  /** @returns false if the record has no answer yet */
  private addRecord(i: number, outcome: Outcome): boolean {
    const { record } = this.reader;
    if (outcome === 'dropped') this.filtered++;
    if (outcome === 'dropped' || outcome === 'failed') this.underWay--;
    if (outcome === 'kept' && record) {
      this.converted.push(record);
      if (this.parts.keepsOriginals) this.parts.errant?.remember(record, this.reader.consumed(i));
    }
    return outcome !== 'interrupted';
  }
}
