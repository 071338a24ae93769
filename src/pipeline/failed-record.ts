/** A record that failed, as reporters see it, and how Java writes it into its log (org.apache.kafka.connect.runtime.errors.LogReporter). */
import { javaText } from '../data/java-text';
import type { SourceRecord, TimestampType } from '../data/record';
import type { Schema } from '../data/schema';

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
  | { readonly type: 'text'; readonly text: string };

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
      return `source record is = ${sourceRecordText(failed.record)}`;
    case 'text':
      return failed.text;
    default:
      return failed satisfies never;
  }
}

function consumedText({ topic, partition, offset, timestamp, timestampType }: ConsumedRecord): string {
  const time = timestampType === 'NoTimestampType' ? '' : `, timestamp=${timestamp}, timestampType=${timestampType}`;
  return `{topic='${topic}', partition=${partition}, offset=${offset}${time}}`;
}

/** SourceRecord.toString. */
function sourceRecordText(record: SourceRecord): string {
  const { sourcePartition, sourceOffset, topic, kafkaPartition, key, keySchema, value, valueSchema, timestamp } = record;
  const headers = record.headers.map(
    header => `ConnectHeader(key=${header.key}, value=${javaText(header.value)}, schema=${schemaText(header.schema)})`,
  );
  return (
    `SourceRecord{sourcePartition=${objectText(sourcePartition)}, sourceOffset=${objectText(sourceOffset)}} ` +
    `ConnectRecord{topic='${topic}', kafkaPartition=${kafkaPartition}, key=${javaText(key)}, keySchema=${schemaText(keySchema)}, ` +
    `value=${javaText(value)}, valueSchema=${schemaText(valueSchema)}, timestamp=${timestamp}, ` +
    `headers=ConnectHeaders(headers=${headers.length === 0 ? '' : `[${headers.join(', ')}]`})}`
  );
}

const schemaText = (schema: Schema | null): string => (schema === null ? 'null' : String(schema));

function objectText(object: Readonly<Record<string, unknown>> | null): string {
  if (object === null) return 'null';
  return `{${Object.entries(object)
    .map(([key, value]) => `${key}=${typeof value === 'number' && Number.isInteger(value) ? value : javaText(value)}`)
    .join(', ')}}`;
}
