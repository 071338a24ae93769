/** Records: what a source returns and what a sink receives. */
import type { Schema } from '../schema/schema';

/** A value with its schema; a null schema means schemaless. */
export interface SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: unknown;
}

/** One header; keys may repeat. */
export interface Header extends SchemaAndValue {
  readonly key: string;
}

/** Where a source record comes from: primitive values by name, e.g. `{filename: 'a.txt'}`. */
export type SourcePartition = Readonly<Record<string, unknown>>;
/** The place within a source partition, e.g. `{position: 22}`. */
export type SourceOffset = Readonly<Record<string, unknown>>;

/** What source and sink records share. Records are not mutated: a change makes a new one. */
export interface ConnectRecord {
  readonly topic: string;
  /** Partition of the topic; null lets the partitioner choose. */
  readonly kafkaPartition: number | null;
  readonly keySchema: Schema | null;
  readonly key: unknown;
  readonly valueSchema: Schema | null;
  readonly value: unknown;
  /** Epoch milliseconds, or null. */
  readonly timestamp: number | null;
  readonly headers: readonly Header[];
}

/** A record made by a source task. */
export interface SourceRecord extends ConnectRecord {
  readonly sourcePartition: SourcePartition | null;
  readonly sourceOffset: SourceOffset | null;
}

export type TimestampType = 'NoTimestampType' | 'CreateTime' | 'LogAppendTime';

/** A record read from a topic. */
export interface SinkRecord extends ConnectRecord {
  readonly kafkaPartition: number;
  readonly kafkaOffset: number;
  readonly timestampType: TimestampType;
  /** Coordinates as consumed, whatever transformations did to topic and partition (KIP-793). */
  readonly originalTopic: string;
  readonly originalKafkaPartition: number;
  readonly originalKafkaOffset: number;
}
