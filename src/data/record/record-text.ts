/** Records as Java's toString shows them, for messages and logs. */
import { javaText } from '../java/java-text';
import type { ConnectRecord, Header, SinkRecord, SourceRecord } from './record';

/** The text of SourceRecord.toString or SinkRecord.toString. */
export function recordText(record: ConnectRecord): string {
  const { topic, kafkaPartition, keySchema, valueSchema, timestamp } = record;
  const headers = record.headers.length === 0 ? '' : `[${record.headers.map(headerText).join(', ')}]`;
  const parts = [
    `topic='${topic}'`,
    `kafkaPartition=${kafkaPartition}`,
    `key=${javaText(record.key)}`,
    `keySchema=${keySchema}`,
    `value=${javaText(record.value)}`,
    `valueSchema=${valueSchema}`,
    `timestamp=${timestamp}`,
    `headers=ConnectHeaders(headers=${headers})`,
  ];
  return `${originText(record)} ConnectRecord{${parts.join(', ')}}`;
}

function headerText({ key, value, schema }: Header): string {
  return `ConnectHeader(key=${key}, value=${javaText(value)}, schema=${schema})`;
}

function originText(record: ConnectRecord): string {
  return 'kafkaOffset' in record ? sinkText(record as SinkRecord) : sourceText(record as SourceRecord);
}

function sinkText({ kafkaOffset, timestampType, originalTopic, originalKafkaPartition, originalKafkaOffset }: SinkRecord): string {
  const original = `originalTopic=${originalTopic}, originalKafkaPartition=${originalKafkaPartition}`;
  return `SinkRecord{kafkaOffset=${kafkaOffset}, timestampType=${timestampType}, ${original}, originalKafkaOffset=${originalKafkaOffset}}`;
}

function sourceText({ sourcePartition, sourceOffset }: SourceRecord): string {
  return `SourceRecord{sourcePartition=${mapText(sourcePartition)}, sourceOffset=${mapText(sourceOffset)}}`;
}

/** The text of a partition or offset. Whole numbers in it are integers in Java. */
export function mapText(map: Readonly<Record<string, unknown>> | null): string {
  if (map === null) return 'null';
  const show = (value: unknown): string => (Number.isInteger(value) ? String(value) : javaText(value));
  return `{${Object.entries(map)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(', ')}}`;
}
