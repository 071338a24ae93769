/**
 * From the consumer to the sink task: one batch at a time. Where the task takes texts and the converters allow it, payloads stay
 * bytes; otherwise each message becomes a record.
 */
import type { PartitionOffset, SinkTask } from '../api/sink';
import { javaText } from '../data/java-text';
import { PackedTexts } from '../data/packed-texts';
import type { SchemaAndValue, SinkRecord } from '../data/record';
import { encodeUtf8 } from '../data/utf8';
import type { KafkaConsumer } from '../kafka/consumer';
import { FetchedBatch } from '../kafka/fetched-batch';
import type { Librdkafka } from '../kafka/librdkafka';
import type { Stage } from '../pipeline/error-handler';
import { TransformationChain } from '../pipeline/transformation-chain';
import type { RetentionWindow } from '../thread/messages';
import type { DeliveredOffsets } from './delivered-offsets';
import { WINDOW_OVERHEAD_BYTES } from './source-sender';
import type { TaskConverters } from './task-converters';
import type { TaskHost } from './task-host';

/** Messages in a packed batch: enough to make a call cheap, few enough to keep memory small. */
const PACKED_BATCH = 2048;

export class SinkDelivery {
  /** True while a batch waits to be put (again). */
  pending = false;
  /** Records and payload bytes delivered so far. */
  records = 0;
  bytes = 0;
  private readonly chain: TransformationChain<SinkRecord>;
  private readonly packed: boolean;
  private readonly batch: FetchedBatch;
  private readonly texts = new PackedTexts(16, 1 << 10);
  private converted: readonly SinkRecord[] = [];

  /** @param maxPollRecords most records of a `put` (`max.poll.records`) */
  constructor(
    private readonly task: SinkTask,
    lib: Librdkafka,
    private readonly consumer: KafkaConsumer,
    private readonly converters: TaskConverters,
    private readonly host: TaskHost,
    maxPollRecords: number,
  ) {
    const { key, value, header } = converters;
    const { spec, plugins, errors, logger } = host;
    this.chain = new TransformationChain({ props: spec.connectorProps, plugins, errors, describe: describeConsumed, logger });
    this.packed =
      this.chain.isEmpty && task.putTexts !== undefined && value.converter.toTexts !== undefined && header.converter.readsAnyBytes === true;
    const keysNeeded = key.converter.readsAnyBytes !== true;
    this.batch = this.packed
      ? new FetchedBatch(lib, PACKED_BATCH, keysNeeded ? 'values and keys' : 'values')
      : new FetchedBatch(lib, maxPollRecords, 'all');
  }

  /**
   * Takes what is there and converts it. @returns false if there was nothing
   * @throws ConnectException when a record fails and errors are not tolerated
   */
  fetch(): boolean {
    // Ends of partitions count as messages taken, and are none.
    for (this.batch.count = 0; this.batch.count === 0; ) if (this.consumer.fetch(this.batch) === 0) return false;
    if (this.packed) this.convertTexts();
    else this.convertRecords();
    this.pending = true;
    return true;
  }

  /** Puts the batch, for the first time or again. @throws what the task throws */
  async put(): Promise<void> {
    if (this.packed) await this.task.putTexts?.(this.texts);
    else await this.task.put(this.converted);
  }

  /** The batch was put: its offsets count as delivered. */
  done(offsets: DeliveredOffsets): void {
    this.pending = false;
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
  }

  /** Gives up the batch that waits. @returns where each of its partitions has to be fetched again */
  abandon(): PartitionOffset[] {
    if (!this.pending) return [];
    this.pending = false;
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
      const window: RetentionWindow | undefined = retentionWindows.find(candidate => candidate.topic === topic);
      const bytes = Math.max(0, batch.values.lengths[i] as number) + WINDOW_OVERHEAD_BYTES;
      if (window) Atomics.add(window.counters, window.slot, BigInt(bytes));
    }
  }

  /** Closes the transformations at the end of the task. */
  close(): void {
    this.chain.close();
  }

  private convertTexts(): void {
    const { batch, texts } = this;
    texts.clear();
    const { key, value } = this.converters;
    if (key.converter.readsAnyBytes !== true && !this.keysAreFine()) {
      this.convertOneByOne();
      return;
    }
    for (let from = 0; from < batch.count; ) {
      from += value.converter.toTexts?.(batch.values, from, texts) ?? 0;
      if (from < batch.count) this.convertOne(from++);
    }
  }

  /** Keys are not used, but one that cannot be read is an error of its record. */
  private keysAreFine(): boolean {
    const { converter } = this.converters.key;
    try {
      for (let i = 0; i < this.batch.count; i++) {
        const key = this.batch.keys[i];
        if (key) converter.toConnectData(this.topicOf(i), key);
      }
      return true;
    } catch {
      return false;
    }
  }

  private convertOneByOne(): void {
    for (let i = 0; i < this.batch.count; i++) {
      const { key } = this.converters;
      const read = this.attempt('KEY_CONVERTER', key.className, i, () =>
        key.converter.toConnectData(this.topicOf(i), this.batch.keys[i] ?? null),
      );
      if (read) this.convertOne(i);
    }
  }

  /** One value through the record lane, its text added to the others. */
  private convertOne(i: number): void {
    const data = this.convertValue(i);
    if (data) this.texts.append(data.value === null || data.value === undefined ? null : encodeUtf8(javaText(data.value)));
  }

  private convertValue(i: number): SchemaAndValue | undefined {
    const { value } = this.converters;
    return this.attempt('VALUE_CONVERTER', value.className, i, () =>
      value.converter.toConnectData(this.topicOf(i), this.batch.values.at(i)),
    );
  }

  /** Key, value, headers, in Java's order, then the transformations; what they drop and what fails and is tolerated is left out. */
  private convertRecords(): void {
    const records: SinkRecord[] = [];
    for (let i = 0; i < this.batch.count; i++) {
      const record = this.toRecord(i);
      const transformed = record && this.chain.apply(record);
      if (transformed) records.push(transformed);
    }
    this.converted = records;
  }

  private toRecord(i: number): SinkRecord | undefined {
    const { batch } = this;
    const { key, header } = this.converters;
    const topic = this.topicOf(i);
    const keyData = this.attempt('KEY_CONVERTER', key.className, i, () => key.converter.toConnectData(topic, batch.keys[i] ?? null));
    const valueData = keyData && this.convertValue(i);
    const headers =
      valueData &&
      this.attempt('HEADER_CONVERTER', header.className, i, () =>
        (batch.headers[i] ?? []).map(h => ({ key: h.key, ...header.converter.toConnectHeader(topic, h.key, h.value) })),
      );
    if (!keyData || !valueData || !headers) return undefined;
    const { partition } = this.consumer.partitionOf(batch.partitions[i] as number);
    const kafkaOffset = batch.offsets[i] as number;
    const timestamp = batch.timestamps[i] as number;
    return {
      topic,
      kafkaPartition: partition,
      keySchema: keyData.schema,
      key: keyData.value,
      valueSchema: valueData.schema,
      value: valueData.value,
      timestamp: timestamp < 0 ? null : timestamp,
      headers,
      kafkaOffset,
      timestampType: batch.timestampTypes[i] ?? 'NoTimestampType',
      originalTopic: topic,
      originalKafkaPartition: partition,
      originalKafkaOffset: kafkaOffset,
    };
  }

  private attempt<T>(stage: Stage, className: string, i: number, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.host.errors.skipOrThrow({ stage, className, error, describe: () => this.describe(i) });
      return undefined;
    }
  }

  private topicOf(i: number): string {
    return this.consumer.partitionOf(this.batch.partitions[i] as number).topic;
  }

  private describe(i: number): string {
    const { topic, partition } = this.consumer.partitionOf(this.batch.partitions[i] as number);
    return describe(topic, partition, this.batch.offsets[i] as number);
  }
}

function describe(topic: string, partition: number, offset: number): string {
  return `consumed record is {topic='${topic}', partition=${partition}, offset=${offset}}`;
}

function describeConsumed({ originalTopic, originalKafkaPartition, originalKafkaOffset }: SinkRecord): string {
  return describe(originalTopic, originalKafkaPartition, originalKafkaOffset);
}
