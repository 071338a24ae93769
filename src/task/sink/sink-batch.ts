/** One batch on its way from the consumer to a sink task: the messages, and the records or texts that they become. */

import { ByteColumn } from '../../data/batch/byte-column';
import { javaText } from '../../data/java/java-text';
import type { SinkRecord } from '../../data/record/record';
import { encodeUtf8 } from '../../data/utf8';
import type { ConsumedBatch, RecordInlet } from '../../kafka/clients/record-inlet';
import type { Outcome } from '../../pipeline/error-handler';
import type { TaskConverters } from '../shared/task-converters';
import type { ErrantRecords } from './errant-records';
import type { RecordReader } from './record-reader';

/** What a batch needs of the consumer. */
type Inlet = Pick<RecordInlet, 'fetch' | 'partitionOf'>;

/** What a batch is made with. */
export interface BatchOptions {
  readonly fetched: ConsumedBatch;
  readonly reader: RecordReader;
  readonly converters: TaskConverters;
  /** True if the task takes columns of texts. */
  readonly inColumns: boolean;
  /** Remembers how messages looked, for reports that show them; null if none does. */
  readonly originals: ErrantRecords | null;
}

export class SinkBatch {
  /** `converting` while a failed record is tried again or waits for its report: then there is nothing to put. */
  state: 'idle' | 'converting' | 'ready' = 'idle';
  /** What the messages have become, one of the two. */
  records: SinkRecord[] = [];
  readonly texts = new ByteColumn(16, 1 << 10);
  /** Messages without an outcome yet, and since when in epoch milliseconds. */
  underWay = 0;
  fetchedAtMs = 0;
  /** Messages that transformations have dropped, of this batch and those before. */
  filtered = 0;
  /** True once the task has seen it. */
  wasPut = false;
  /** True if nobody wants it any more, while it is being converted. */
  abandoned = false;
  /** The next message to convert. */
  private at = 0;
  private withKeys = false;

  constructor(private readonly options: BatchOptions) {}

  get fetched(): ConsumedBatch {
    return this.options.fetched;
  }

  /** How many records or texts there are to put. */
  get size(): number {
    return this.options.inColumns ? this.texts.count : this.records.length;
  }

  /** Takes the messages that are there; they are not converted yet. @returns false if there were none */
  fetch(consumer: Inlet): boolean {
    const { fetched, converters, inColumns } = this.options;
    this.clear();
    // Ends of partitions count as messages taken, and are none.
    while (fetched.count === 0) if (consumer.fetch(fetched) === 0) return false;
    this.underWay = fetched.count;
    this.fetchedAtMs = Date.now();
    if (inColumns) this.withKeys = converters.key.converter.readsAnyBytes !== true && !this.keysAreFine(consumer);
    return true;
  }

  /** Makes it an empty batch. */
  clear(): void {
    this.options.fetched.count = 0;
    this.texts.clear();
    this.records = [];
    this.underWay = 0;
    this.at = 0;
    this.wasPut = false;
    this.abandoned = false;
  }

  /** True while there are messages that were not converted. */
  get isUnconverted(): boolean {
    return this.at < this.options.fetched.count;
  }

  /**
   * Converts more of its messages. What transformations drop and what fails and is tolerated is left out.
   * @returns true when that is done; a promise if a record has failed, whose outcome may be to try it again or to report it: false if that
   *   was interrupted, otherwise all messages are converted
   */
  convert(count: number): true | Promise<boolean> {
    const end = Math.min(this.at + count, this.options.fetched.count);
    return this.options.inColumns ? this.convertTexts(end) : this.convertRecords(end);
  }

  private convertRecords(end: number): true | Promise<boolean> {
    for (; this.at < end; this.at++) {
      const outcome = this.options.reader.read(this.at);
      if (typeof outcome !== 'string') return outcome.then(late => this.goOn(this.addRecord(late)));
      this.addRecord(outcome);
    }
    return true;
  }

  private convertTexts(end: number): true | Promise<boolean> {
    for (; this.at < end; this.at++) {
      this.decodeTexts(end);
      if (this.at >= end) break;
      const outcome = this.options.reader.readValue(this.at, this.withKeys);
      if (typeof outcome !== 'string') return outcome.then(late => this.goOn(this.addText(late)));
      this.addText(outcome);
    }
    return true;
  }

  /** Converts messages in bulk, topic by topic, up to one that the converter leaves to be converted alone. */
  private decodeTexts(end: number): void {
    const { fetched, converters, reader } = this.options;
    const { converter } = converters.value;
    if (this.withKeys) return;
    while (this.at < end) {
      const topic = reader.topicOf(this.at);
      let next = this.at + 1;
      while (next < end && (fetched.partitions[next] === fetched.partitions[next - 1] || reader.topicOf(next) === topic)) next++;
      this.at += converter.decode?.(topic, fetched.values, this.at, next - this.at, this.texts) ?? 0;
      if (this.at < next) return;
    }
  }

  /** After a record whose outcome came late, the rest. */
  private goOn(settled: boolean): boolean | Promise<boolean> {
    if (!settled) return false;
    this.at++;
    return this.convert(this.options.fetched.count);
  }

  /** @returns false if the record has no outcome yet */
  private addText(outcome: Outcome): boolean {
    const { value } = this.options.reader;
    if (outcome === 'failed') this.underWay--;
    if (outcome === 'kept') this.texts.append(value === null || value === undefined ? null : encodeUtf8(javaText(value)));
    return outcome !== 'interrupted';
  }

  /** @returns false if the record has no outcome yet */
  private addRecord(outcome: Outcome): boolean {
    const { reader, originals } = this.options;
    const { record } = reader;
    if (outcome === 'dropped') this.filtered++;
    if (outcome === 'dropped' || outcome === 'failed') this.underWay--;
    if (outcome === 'kept' && record) {
      this.records.push(record);
      originals?.remember(record, reader.consumed(this.at));
    }
    return outcome !== 'interrupted';
  }

  /** Keys are not used, but one that cannot be read is an error of its record. */
  private keysAreFine(consumer: Inlet): boolean {
    const { fetched, converters } = this.options;
    try {
      for (let i = 0; i < fetched.count; i++) {
        const key = fetched.keys[i];
        if (key) converters.key.converter.toConnectData(consumer.partitionOf(fetched.partitions[i] as number).topic, key);
      }
      return true;
    } catch {
      return false;
    }
  }
}
