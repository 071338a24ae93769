/** Headers of records: an ordered list in which keys may repeat (org.apache.kafka.connect.header.ConnectHeaders). Lists are not changed, a change makes a new one. */
import { ConnectError } from '../errors';
import { javaText } from './java-text';
import type { Header } from './record';
import type { Schema } from './schema';
import { fitsSchema } from './validate-value';

/** A header whose value is of the class its schema asks for; a null schema fits anything. @throws DataException */
export function makeHeader(key: string, schema: Schema | null, value: unknown): Header {
  if (schema && value === null && !schema.optional) {
    throw new ConnectError('DataException', `A null value requires an optional schema but was ${String(schema)}`);
  }
  if (schema && value !== null && !fitsSchema(schema, value)) {
    throw new ConnectError('DataException', `The value ${javaText(value)} is not compatible with the schema ${String(schema)}`);
  }
  return { key, schema, value };
}

/** All headers with this key, in order. */
export function headersWithKey(headers: readonly Header[], key: string): Header[] {
  return headers.filter(header => header.key === key);
}

/** The last header with this key, which is the one that counts, or null. */
export function lastHeader(headers: readonly Header[], key: string): Header | null {
  return headers.findLast(header => header.key === key) ?? null;
}

/** The headers but for those with this key. */
export function withoutHeader(headers: readonly Header[], key: string): Header[] {
  return headers.filter(header => header.key !== key);
}
