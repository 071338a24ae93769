/** Requirements of transformations on their data (org.apache.kafka.connect.transforms.util.Requirements). */
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

/** Schemaless data as a map. @throws DataException for anything else, null included */
export function requireMap(value: unknown, purpose: string): ReadonlyMap<string, unknown> {
  if (value instanceof Map) return value;
  throw new ConnectError('DataException', `Only Map objects supported in absence of schema for [${purpose}], found: ${classText(value)}`);
}

/** As `requireMap`, but allows null. */
export function requireMapOrNull(value: unknown, purpose: string): ReadonlyMap<string, unknown> | null {
  return value === null || value === undefined ? null : requireMap(value, purpose);
}

/** A key of a map as the name of a field: a text or null. @throws ClassCastException otherwise */
export function requireTextKey(key: unknown): string | null {
  if (typeof key === 'string' || key === null) return key;
  throw new ConnectError('ClassCastException', `class ${classText(key)} cannot be cast to class java.lang.String`);
}

/** Data with a schema as a struct. @throws DataException for anything else, null included */
export function requireStruct(value: unknown, purpose: string): Struct {
  if (value instanceof Struct) return value;
  throw new ConnectError('DataException', `Only Struct objects supported for [${purpose}], found: ${classText(value)}`);
}

/** As `requireStruct`, but allows null. */
export function requireStructOrNull(value: unknown, purpose: string): Struct | null {
  return value === null || value === undefined ? null : requireStruct(value, purpose);
}

/** A record of a sink. @throws DataException for a record of a source */
export function requireSinkRecord(record: ConnectRecord, purpose: string): SinkRecord {
  if ('kafkaOffset' in record) return record as SinkRecord;
  throw new ConnectError(
    'DataException',
    `Only SinkRecord supported for [${purpose}], found: org.apache.kafka.connect.source.SourceRecord`,
  );
}
