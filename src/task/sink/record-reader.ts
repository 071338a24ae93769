/**
 * From messages of a batch to what a sink takes: key, value and headers through the converters, in Java's order, then the transformations.
 */
import type { TopicPartition } from '../../api/sink';
import type { Header, SchemaAndValue, SinkRecord } from '../../data/record/record';
import type { ConsumedBatch, WireHeader } from '../../kafka/clients/record-inlet';
import type { ErrorHandler, Outcome } from '../../pipeline/error-handler';
import type { ConsumedRecord, Stage } from '../../pipeline/failed-record';
import { type RecordStep, RecordSteps } from '../../pipeline/record-steps';
import type { Carrier, TransformationChain } from '../../pipeline/transformation-chain';
import type { TaskConverters } from '../shared/task-converters';

const NOTHING: SchemaAndValue = { schema: null, value: null };
const NO_HEADERS: readonly Header[] = [];

/** A message on its way; one object for all, since only one is under way. */
interface Draft extends Carrier<SinkRecord> {
  /** Place in the batch. */
  index: number;
  key: SchemaAndValue;
  value: SchemaAndValue;
}

/** Where the bytes are. */
export interface ReaderSource {
  readonly batch: ConsumedBatch;
  /** False if the batch has no timestamps and no headers, since nobody looks at them. */
  readonly hasMetadata: boolean;
  /** The partition behind a number of the batch. */
  partitionOf(number: number): TopicPartition;
}

export class RecordReader {
  private readonly draft: Draft = { index: 0, key: NOTHING, value: NOTHING, record: null };
  private readonly recordSteps: RecordSteps<Draft>;
  private readonly valueSteps: RecordSteps<Draft>;
  private readonly keyAndValueSteps: RecordSteps<Draft>;

  constructor(
    private readonly source: ReaderSource,
    converters: TaskConverters,
    chain: TransformationChain<SinkRecord>,
    errors: ErrorHandler,
  ) {
    const { batch } = source;
    const { key, value, header } = converters;
    const keyStep = conversion('KEY_CONVERTER', key.className, draft => {
      draft.key = key.converter.toConnectData(this.topicOf(draft.index), batch.keys[draft.index] ?? null);
    });
    const valueStep = conversion('VALUE_CONVERTER', value.className, draft => {
      draft.value = value.converter.toConnectData(this.topicOf(draft.index), batch.values.at(draft.index));
    });
    const headerStep = conversion('HEADER_CONVERTER', header.className, draft => {
      const headers = (source.hasMetadata && batch.headers[draft.index]) || [];
      const topic = this.topicOf(draft.index);
      const convert = (h: WireHeader): Header => ({ key: h.key, ...header.converter.toConnectHeader(topic, h.key, h.value) });
      draft.record = this.makeRecord(draft, headers.length === 0 ? NO_HEADERS : headers.map(convert));
    });
    const through = (steps: readonly RecordStep<Draft>[]): RecordSteps<Draft> =>
      new RecordSteps(steps, errors, ({ index }) => ({ type: 'consumed', record: this.consumed(index) }));
    this.recordSteps = through([keyStep, valueStep, headerStep, ...chain.steps()]);
    this.valueSteps = through([valueStep]);
    this.keyAndValueSteps = through([keyStep, valueStep]);
  }

  /** Makes a record of a message. If the outcome is `kept`, it is in `record` until the next call. */
  read(index: number): Outcome | Promise<Outcome> {
    return this.begin(index, this.recordSteps);
  }

  /** Converts only the value, and the key if asked to; the result is in `value`. */
  readValue(index: number, withKey: boolean): Outcome | Promise<Outcome> {
    return this.begin(index, withKey ? this.keyAndValueSteps : this.valueSteps);
  }

  /** What `read` has made. */
  get record(): SinkRecord | null {
    return this.draft.record;
  }

  /** What `readValue` has made. */
  get value(): unknown {
    return this.draft.value.value;
  }

  /** A message as it lay on the topic; of a batch that has only values the rest is missing. The bytes are copies. */
  consumed(index: number): ConsumedRecord {
    const { batch } = this.source;
    const { topic, partition } = this.source.partitionOf(batch.partitions[index] as number);
    const value = batch.values.at(index);
    return {
      topic,
      partition,
      offset: batch.offsets[index] as number,
      timestamp: batch.timestamps[index] ?? -1,
      timestampType: batch.timestampTypes[index] ?? 'NoTimestampType',
      key: batch.keys[index] ?? null,
      value: value && Buffer.from(value),
      headers: batch.headers[index] ?? [],
    };
  }

  private begin(index: number, steps: RecordSteps<Draft>): Outcome | Promise<Outcome> {
    this.draft.index = index;
    this.draft.record = null;
    return steps.run(this.draft);
  }

  private makeRecord({ index, key, value }: Draft, headers: readonly Header[]): SinkRecord {
    const { batch, hasMetadata } = this.source;
    const { topic, partition } = this.source.partitionOf(batch.partitions[index] as number);
    const kafkaOffset = batch.offsets[index] as number;
    const timestamp = hasMetadata ? (batch.timestamps[index] as number) : -1;
    return {
      topic,
      kafkaPartition: partition,
      keySchema: key.schema,
      key: key.value,
      valueSchema: value.schema,
      value: value.value,
      timestamp: timestamp < 0 ? null : timestamp,
      headers,
      kafkaOffset,
      timestampType: (hasMetadata && batch.timestampTypes[index]) || 'NoTimestampType',
      originalTopic: topic,
      originalKafkaPartition: partition,
      originalKafkaOffset: kafkaOffset,
    };
  }

  /** The topic of a message. */
  topicOf(index: number): string {
    return this.source.partitionOf(this.source.batch.partitions[index] as number).topic;
  }
}

function conversion(stage: Stage, className: string, convert: (draft: Draft) => void): RecordStep<Draft> {
  const run = (draft: Draft): boolean => {
    convert(draft);
    return true;
  };
  return { stage, className, run };
}
