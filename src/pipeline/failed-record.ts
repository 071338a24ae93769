/** A record that failed, as reporters see it, and how Java writes it into its log (org.apache.kafka.connect.runtime.errors.LogReporter). */
import type { SourceOffset, SourcePartition, SourceRecord, TimestampType } from '../data/record/record';
import { mapText, recordText } from '../data/record/record-text';

/** Where a record failed (org.apache.kafka.connect.runtime.errors.Stage). */
export type Stage =
  | 'TASK_POLL'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'TASK_PUT'
  | 'KAFKA_CONSUME';

/** A record as it lay on its topic, bytes unchanged. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch milliseconds; negative where there is none. */
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
}

/** What failed; `text` stands for what never became a record. */
export type FailedRecord =
  | { readonly type: 'consumed'; readonly record: ConsumedRecord }
  | { readonly type: 'source'; readonly record: SourceRecord }
  | { readonly type: 'text'; readonly text: string; readonly place?: string };

/** One failure of one record. */
export interface RecordFailure {
  readonly stage: Stage;
  /** Java class name of what failed. */
  readonly className: string;
  readonly error: unknown;
  /** The record before anything was done to it; made when it is asked for. */
  readonly original: () => FailedRecord;
}

/** Which record it is, for the log: never the bytes of a consumed one, all of a source record, as in Java. */
export function describeFailed(failed: FailedRecord): string {
  switch (failed.type) {
    case 'consumed':
      return `consumed record is ${consumedText(failed.record)}`;
    case 'source':
      return `source record is = ${recordText(failed.record)}`;
    case 'text':
      return failed.text;
    default:
      return failed satisfies never;
  }
}

/** Where a record is to be found: on its topic, or in what the source reads; empty if nobody knows. Nothing of what it holds. */
export function placeOf(failed: FailedRecord): string {
  switch (failed.type) {
    case 'consumed':
      return `topic='${failed.record.topic}', partition=${failed.record.partition}, offset=${failed.record.offset}`;
    case 'source':
      return sourcePlace(failed.record.topic, failed.record.sourcePartition, failed.record.sourceOffset);
    case 'text':
      return failed.place ?? '';
    default:
      return failed satisfies never;
  }
}

/** Where a record of a source comes from, and the topic that it was for. */
export function sourcePlace(topic: string, partition: SourcePartition | null, offset: SourceOffset | null): string {
  return `topic='${topic}', sourcePartition=${mapText(partition)}, sourceOffset=${mapText(offset)}`;
}

function consumedText({ topic, partition, offset, timestamp, timestampType }: ConsumedRecord): string {
  const time = timestampType === 'NoTimestampType' ? '' : `, timestamp=${timestamp}, timestampType=${timestampType}`;
  return `{topic='${topic}', partition=${partition}, offset=${offset}${time}}`;
}
