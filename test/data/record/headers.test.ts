import { BigDecimal } from '../../../src/data/java/big-numbers';
import { Int16, Int32 } from '../../../src/data/java/boxed';
import {
  headersWithKey,
  lastHeader,
  latestHeaders,
  makeHeader,
  transformHeaders,
  withHeader,
  withoutHeader,
} from '../../../src/data/record/headers';
import type { Header } from '../../../src/data/record/record';
import { BYTES_SCHEMA, INT32_SCHEMA, STRING_SCHEMA } from '../../../src/data/schema/connect-schema';
import { DATE_SCHEMA, decimalBuilder, TIME_SCHEMA, TIMESTAMP_SCHEMA } from '../../../src/data/schema/logical';
import { DECIMAL_NAME, TIMESTAMP_NAME } from '../../../src/data/schema/logical-names';
import type { Schema } from '../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { Struct } from '../../../src/data/schema/struct';

const HEADERS = ['a', 'b', 'a', 'c', 'b'].map((key, i) => makeHeader(key, null, i));

function keysAndValues(headers: readonly Header[]): string {
  return headers.map(({ key, value }) => `${key}${String(value)}`).join(' ');
}

test.each<[string, readonly Header[], string]>([
  ['all with a key', headersWithKey(HEADERS, 'a'), 'a0 a2'],
  ['all but those with a key', withoutHeader(HEADERS, 'a'), 'b1 c3 b4'],
  ['one more', withHeader(HEADERS, 'a', null, 9), 'a0 b1 a2 c3 b4 a9'],
  ['the latest of each key', latestHeaders(HEADERS), 'a2 c3 b4'],
  ['the latest of one key', latestHeaders(HEADERS, 'a'), 'b1 a2 c3 b4'],
  ['the latest of a key that is not there', latestHeaders(HEADERS, 'x'), 'a0 b1 a2 c3 b4'],
  ['all changed', transformHeaders(HEADERS, ({ value }) => makeHeader('z', null, value)), 'z0 z1 z2 z3 z4'],
  ['those with a key left out', transformHeaders(HEADERS, () => null, 'b'), 'a0 a2 c3'],
])('%s', (_name, headers, shown) => {
  expect(keysAndValues(headers)).toBe(shown);
  expect(keysAndValues(HEADERS)).toBe('a0 b1 a2 c3 b4');
});

test('the last one with a key counts', () => {
  expect([lastHeader(HEADERS, 'a')?.value, lastHeader(HEADERS, 'x')]).toEqual([2, null]);
});

test('a struct without a schema beside it has its own', () => {
  const value = new Struct(SchemaBuilder.struct().field('a', INT32_SCHEMA).build());
  expect(makeHeader('k', null, value)).toEqual({ key: 'k', schema: value.schema, value });
});

describe('a header with a schema', () => {
  test.each<[string, Schema, unknown]>([
    ['a date', DATE_SCHEMA, new Date(0)],
    ['days', DATE_SCHEMA, Int32.of(5)],
    ['a time', TIME_SCHEMA, new Date(0)],
    ['a timestamp', TIMESTAMP_SCHEMA, new Date(0)],
    ['milliseconds', TIMESTAMP_SCHEMA, 5n],
    ['a decimal of any scale', decimalBuilder(1).build(), new BigDecimal(155n, 2)],
    ['bytes of a decimal', decimalBuilder(1).build(), Buffer.alloc(1)],
    ['a list of anything', SchemaBuilder.array(INT32_SCHEMA).build(), ['x']],
    ['null, optional', new SchemaBuilder('INT8').optional().build(), null],
  ])('takes %s', (_name, schema, value) => expect(withHeader([], 'k', schema, value)).toEqual([{ key: 'k', schema, value }]));

  test.each<[string, Schema, unknown, string]>([
    ['another type', INT32_SCHEMA, 'x', 'The value x is not compatible with the schema Schema{INT32}'],
    ['a narrower number', INT32_SCHEMA, Int16.of(1), 'The value 1 is not compatible with the schema Schema{INT32}'],
    ['null', STRING_SCHEMA, null, 'A null value requires an optional schema but was Schema{STRING}'],
    ['a decimal as bytes', BYTES_SCHEMA, new BigDecimal(1n, 0), 'The value 1 is not compatible with the schema Schema{BYTES}'],
    [
      'a date as integer',
      INT32_SCHEMA,
      new Date(0),
      'The value Thu Jan 01 00:00:00 UTC 1970 is not compatible with the schema Schema{INT32}',
    ],
    [
      'a date under a name of another type',
      new SchemaBuilder('INT32').name(TIMESTAMP_NAME).build(),
      new Date(0),
      `The value Thu Jan 01 00:00:00 UTC 1970 is not compatible with the schema Schema{${TIMESTAMP_NAME}:INT32}`,
    ],
    [
      'a decimal under a name of another type',
      new SchemaBuilder('STRING').name(DECIMAL_NAME).build(),
      new BigDecimal(1n, 0),
      `The value 1 is not compatible with the schema Schema{${DECIMAL_NAME}:STRING}`,
    ],
  ])('refuses %s', (_name, schema, value, message) => {
    expect(() => withHeader([], 'k', schema, value)).toThrow(expect.objectContaining({ code: 'DataException', message }) as Error);
  });
});
