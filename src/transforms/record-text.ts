/** Records as Java's toString shows them, for messages. */
import { javaText } from '../data/java-text';
import type { ConnectRecord, Header, SinkRecord, SourceRecord } from '../data/record';

/** The text of SourceRecord.toString or SinkRecord.toString. */
export function recordText(record: ConnectRecord): string {
  const { topic, kafkaPartition, keySchema, valueSchema, timestamp } = record;
  const headers = record.headers.length === 0 ? '' : `[${record.headers.map(headerText).join(', ')}]`;
  const parts = [
    `topic='${topic}'`,
    `kafkaPartition=${kafkaPartition}`,
    `key=${textOf(record.key)}`,
    `keySchema=${keySchema}`,
    `value=${textOf(record.value)}`,
    `valueSchema=${valueSchema}`,
    `timestamp=${timestamp}`,
    `headers=ConnectHeaders(headers=${headers})`,
  ];
  return `${originText(record)} ConnectRecord{${parts.join(', ')}}`;
}

const textOf = (value: unknown): string => (value === null || value === undefined ? 'null' : javaText(value));

function headerText({ key, value, schema }: Header): string {
  return `ConnectHeader(key=${key}, value=${textOf(value)}, schema=${schema})`;
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

/** Numbers of partitions and offsets are whole ones. */
function mapText(map: Readonly<Record<string, unknown>> | null): string {
  return map === null
    ? 'null'
    : `{${Object.entries(map)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(', ')}}`;
}
