/**
 * Headers of records: an ordered list in which keys may repeat (org.apache.kafka.connect.header.ConnectHeaders). Lists are immutable; a
 * change creates a new one.
 */
import { ConnectError } from '../../errors';
import { javaText } from '../java/java-text';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../schema/logical-names';
import type { Schema, SchemaType } from '../schema/schema';
import { StructValue } from '../schema/struct-value';
import { fitsSchema, fitsType } from '../schema/validate-value';
import type { Header } from './record';

/** The schema types of the classes of logical values. */
const TYPE_OF_LOGICAL: ReadonlyMap<string, SchemaType> = new Map([
  [DECIMAL_NAME, 'BYTES'],
  [DATE_NAME, 'INT32'],
  [TIME_NAME, 'INT32'],
  [TIMESTAMP_NAME, 'INT64'],
]);

/**
 * True if the value is of the class of its schema. Headers of a logical type may also hold the plain value, such as an integer for Date.
 */
function fits(schema: Schema, value: unknown): boolean {
  if (fitsType(schema.type, value)) return true;
  return schema.name !== null && TYPE_OF_LOGICAL.get(schema.name) === schema.type && fitsSchema(schema, value);
}

/**
 * A header whose value is of the class its schema asks for; a null schema accepts anything; a struct then has its own schema.
 * @throws DataException for a value of another class
 */
export function makeHeader(key: string, schema: Schema | null, value: unknown): Header {
  if (schema && value === null && !schema.optional) {
    throw new ConnectError('DataException', `A null value requires an optional schema but was ${String(schema)}`);
  }
  if (schema && value !== null && !fits(schema, value)) {
    throw new ConnectError('DataException', `The value ${javaText(value)} is not compatible with the schema ${String(schema)}`);
  }
  return { key, schema: schema ?? (value instanceof StructValue ? value.schema : null), value };
}

/** All headers with this key, in order (Java's allWithName). */
export function headersWithKey(headers: readonly Header[], key: string): Header[] {
  return headers.filter(header => header.key === key);
}

/** The last header with this key, which is the one that counts, or null (Java's lastWithName). */
export function lastHeader(headers: readonly Header[], key: string): Header | null {
  return headers.findLast(header => header.key === key) ?? null;
}

/** The headers without those of this key (Java's remove). */
export function withoutHeader(headers: readonly Header[], key: string): Header[] {
  return headers.filter(header => header.key !== key);
}

/** The headers with one more at the end (Java's add and addString, addInt and so on). @throws DataException as `makeHeader` */
export function withHeader(headers: readonly Header[], key: string, schema: Schema | null, value: unknown): Header[] {
  return [...headers, makeHeader(key, schema, value)];
}

/** The headers without those that a later one with the same key hides (Java's retainLatest). @param key the only key to look at */
export function latestHeaders(headers: readonly Header[], key?: string): Header[] {
  const last = new Map(headers.map((header, i) => [header.key, i]));
  return headers.filter((header, i) => (key !== undefined && header.key !== key) || last.get(header.key) === i);
}

/**
 * The headers, each replaced by the result of the function, or removed if that is null (Java's apply).
 * @param key the only key to look at; the other headers stay
 */
export function transformHeaders(headers: readonly Header[], transform: (header: Header) => Header | null, key?: string): Header[] {
  return headers.flatMap(header => {
    const changed = key === undefined || header.key === key ? transform(header) : header;
    return changed ? [changed] : [];
  });
}
