/** Describes records that cannot become rows, and what would be needed, for errors. */
import type { SinkRecord } from '../../../data/record/record';
import type { Schema } from '../../../data/schema/schema';
import { ConnectError } from '../../../errors';

/** Where a record comes from. */
export const placeOf = (record: SinkRecord): string =>
  `topic '${record.originalTopic}', partition ${record.originalKafkaPartition}, offset ${record.originalKafkaOffset}`;

/** An error with Java's text, and a hint on a line of its own, as databases do it. */
export function withHint(sentence: string, hint: string): ConnectError {
  return new ConnectError('ConnectException', `${sentence}\n  Hint: ${hint}`);
}

/** The error with the record's topic, partition and offset, and the kinds of its key and value. */
export function aboutRecord(error: Error, record: SinkRecord): ConnectError {
  const kinds = `key ${shownKind(record.keySchema, record.key)}, value ${shownKind(record.valueSchema, record.value)}`;
  const code = error instanceof ConnectError ? error.code : 'ConnectException';
  return new ConnectError(code, `${error.message}\n  Record: ${placeOf(record)}: ${kinds}`, error);
}

/** `a struct`, `a map without a schema`, `null (a tombstone)`; never the value itself. */
function shownKind(schema: Schema | null, value: unknown): string {
  if (value === null || value === undefined) return schema === null ? 'null' : `null, of type ${schema.type}`;
  if (schema !== null) return `of type ${schema.type}${schema.name === null ? '' : ` (${schema.name})`}`;
  return `${bareKind(value)} without a schema`;
}

function bareKind(value: unknown): string {
  if (value instanceof Map) return 'a map';
  if (Array.isArray(value)) return 'a list';
  if (Buffer.isBuffer(value)) return 'bytes';
  return { string: 'a text', boolean: 'a boolean', number: 'a number', bigint: 'a number' }[typeof value as 'string'] ?? 'an object';
}

const STRUCTS =
  'rows are made of structs, whose schema comes with the data (JsonConverter with value.converter.schemas.enable=true), or of maps without ' +
  'a schema, where the table is there';

/** What a value must be to become a row with these settings. */
export function hintForValue({ value, valueSchema }: SinkRecord, pkMode: string): string {
  if (value === null || value === undefined) return TOMBSTONE_HINT(pkMode);
  if (valueSchema === null && value instanceof Map) return 'the map has no entries that fields.whitelist lets through';
  if (valueSchema?.type === 'STRUCT') return 'the struct has no fields that fields.whitelist lets through';
  return `${STRUCTS}; the transformation HoistField$Value makes a struct with one field of any value`;
}

const TOMBSTONE_HINT = (pkMode: string): string =>
  `a record without a value (a tombstone) has nothing for a row. It deletes the row of its key with pk.mode=record_key and delete.enabled=true; ` +
  `pk.mode is ${pkMode}. The transformation Filter with the predicate RecordIsTombstone leaves such records out`;

/** The error for a tombstone if deletion is not enabled. */
export function refusedTombstone(pkMode: string): ConnectError {
  return withHint('The record has no value, and delete.enabled is false', TOMBSTONE_HINT(pkMode));
}

export const KEY_HINT =
  'pk.mode=record_key wants a key in each record: a struct, or one plain value, whose column pk.fields names. The transformation ValueToKey makes ' +
  'one of fields of the value; pk.mode=record_value takes such fields as they are, pk.mode=kafka the topic, partition and offset';
