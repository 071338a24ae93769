/** What a transformation may ask of the data it is given (org.apache.kafka.connect.transforms.util.Requirements). */
import { javaClassOf } from '../data/java/java-class';
import type { ConnectRecord, SinkRecord } from '../data/record/record';
import type { Schema } from '../data/schema/schema';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';

const classText = (value: unknown): string => (value === null || value === undefined ? 'null' : javaClassOf(value));

/** @throws DataException if there is no schema */
export function requireSchema(schema: Schema | null, purpose: string): Schema {
  if (schema) return schema;
  throw new ConnectError('DataException', `Schema required for [${purpose}]`);
}

/** The map that schemaless data has to be. @throws DataException otherwise, for null too */
export function requireMap(value: unknown, purpose: string): ReadonlyMap<string, unknown> {
  if (value instanceof Map) return value;
  throw new ConnectError('DataException', `Only Map objects supported in absence of schema for [${purpose}], found: ${classText(value)}`);
}

/** As `requireMap`, but lets null pass. */
export function requireMapOrNull(value: unknown, purpose: string): ReadonlyMap<string, unknown> | null {
  return value === null || value === undefined ? null : requireMap(value, purpose);
}

/** The text that a key of a map has to be where it is a field's name; null passes. @throws ClassCastException otherwise */
export function requireTextKey(key: unknown): string | null {
  if (typeof key === 'string' || key === null) return key;
  throw new ConnectError('ClassCastException', `class ${classText(key)} cannot be cast to class java.lang.String`);
}

/** The struct that data with a schema has to be. @throws DataException otherwise, for null too */
export function requireStruct(value: unknown, purpose: string): Struct {
  if (value instanceof Struct) return value;
  throw new ConnectError('DataException', `Only Struct objects supported for [${purpose}], found: ${classText(value)}`);
}

/** As `requireStruct`, but lets null pass. */
export function requireStructOrNull(value: unknown, purpose: string): Struct | null {
  return value === null || value === undefined ? null : requireStruct(value, purpose);
}

/** @throws DataException for a record that a source has made */
export function requireSinkRecord(record: ConnectRecord, purpose: string): SinkRecord {
  if ('kafkaOffset' in record) return record as SinkRecord;
  throw new ConnectError(
    'DataException',
    `Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`,
  );
}
