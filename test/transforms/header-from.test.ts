import { Int32 } from '../../src/data/java/boxed';
import type { Header } from '../../src/data/record/record';
import { INT32_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { Struct } from '../../src/data/schema/struct';
import { sourceRecord } from '../../src/testing/data/sample-records';
import { headerFromPlugins } from '../../src/transforms/header-from';
import { configured } from '../helpers/fakes/configured';

const WITH_DEFAULT = new SchemaBuilder('INT32').defaultValue(Int32.of(9)).build();
const SCHEMA = SchemaBuilder.struct()
  .name('n')
  .field('a', INT32_SCHEMA)
  .field('b', OPTIONAL_STRING_SCHEMA)
  .field('d', WITH_DEFAULT)
  .build();
const OTHER = SchemaBuilder.struct().field('c', STRING_SCHEMA).field('a', STRING_SCHEMA).build();
const KNOWN: Header = { key: 'h', schema: null, value: 'known' };

const headerFrom = (settings: Record<string, string>) => configured(headerFromPlugins, '$Value', settings);
const move = headerFrom({ fields: 'a,b', headers: 'h,h', operation: 'move' });
const copy = headerFrom({ fields: 'a,a', headers: 'h,i', operation: 'copy' });
const structRecord = () =>
  sourceRecord({ valueSchema: SCHEMA, value: new Struct(SCHEMA).put('a', Int32.of(1)).put('d', Int32.of(2)), headers: [KNOWN] });

test('Headers come behind those of the record, repeated keys too, with the schemas of their fields', () => {
  expect(move.apply(structRecord()).headers).toEqual([
    KNOWN,
    { key: 'h', schema: INT32_SCHEMA, value: Int32.of(1) },
    { key: 'h', schema: OPTIONAL_STRING_SCHEMA, value: null },
  ]);
});

test('A move leaves the other fields under a schema of the same name; a copy leaves the value itself', () => {
  const moved = move.apply(structRecord());
  expect(moved.valueSchema).toMatchObject({ name: 'n', fields: [{ name: 'd', index: 0 }] });
  expect((moved.value as Struct).values).toEqual([Int32.of(2)]);
  const record = structRecord();
  const copied = copy.apply(record);
  expect([copied.valueSchema, copied.value]).toEqual([record.valueSchema, record.value]);
  expect(copied.headers).toHaveLength(3);
});

test('Records of changing schemas are told apart', () => {
  const transformation = headerFrom({ fields: 'a', headers: 'h', operation: 'move' });
  const other = sourceRecord({ valueSchema: OTHER, value: new Struct(OTHER).put('a', 'x').put('c', 'y') });
  const results = [structRecord(), other, structRecord(), other].map(record => transformation.apply(record));
  expect(results.map(result => result.headers.at(-1)?.value)).toEqual([Int32.of(1), 'x', Int32.of(1), 'x']);
  expect(results.map(result => (result.value as Struct).values)).toEqual([[null, Int32.of(2)], ['y'], [null, Int32.of(2)], ['y']]);
  expect(results[2]?.valueSchema).toBe(results[0]?.valueSchema);
});

test('A field moved from a map is gone; a field that the map lacks makes a header of null', () => {
  const value = new Map<string, unknown>([
    ['a', 1n],
    ['z', true],
  ]);
  expect(move.apply(sourceRecord({ value }))).toEqual(
    sourceRecord({
      value: new Map([['z', true]]),
      headers: [
        { key: 'h', schema: null, value: 1n },
        { key: 'h', schema: null, value: null },
      ],
    }),
  );
});

test('A struct in a map becomes a header with the schema of the struct', () => {
  const value = new Struct(OTHER).put('a', 'x').put('c', 'y');
  const record = sourceRecord({ value: new Map<string, unknown>([['a', value]]) });
  expect(headerFrom({ fields: 'a', headers: 'h', operation: 'move' }).apply(record).headers).toEqual([{ key: 'h', schema: OTHER, value }]);
});

test('A null that is to stay null fits no header of a required field', () => {
  const settings = { fields: 'd', headers: 'h', operation: 'copy' };
  const record = sourceRecord({ valueSchema: SCHEMA, value: new Struct(SCHEMA).put('a', Int32.of(1)) });
  expect(headerFrom(settings).apply(record).headers).toEqual([{ key: 'h', schema: WITH_DEFAULT, value: Int32.of(9) }]);
  expect(() => headerFrom({ ...settings, 'replace.null.with.default': 'false' }).apply(record)).toThrow(
    expect.objectContaining({ code: 'DataException', message: 'A null value requires an optional schema but was Schema{INT32}' }),
  );
});

describe('A struct of another schema than the record says', () => {
  const record = sourceRecord({ valueSchema: SCHEMA, value: new Struct(OTHER).put('a', 'x').put('c', 'y') });

  test('lacks the fields that are to stay', () => {
    const transformation = headerFrom({ fields: 'a', headers: 'h', operation: 'move' });
    expect(() => transformation.apply(record)).toThrow(
      expect.objectContaining({ code: 'DataException', message: 'b is not a valid field name' }),
    );
  });

  test('gives a value that does not fit the header', () => {
    const message = 'The value x is not compatible with the schema Schema{INT32}';
    expect(() => copy.apply(record)).toThrow(expect.objectContaining({ code: 'DataException', message }));
  });
});

test.each<[string, ReturnType<typeof sourceRecord>, string]>([
  ['move', sourceRecord({ valueSchema: INT32_SCHEMA, value: new Struct(OTHER) }), 'Cannot list fields on non-struct type'],
  ['copy', sourceRecord({ valueSchema: INT32_SCHEMA, value: new Struct(OTHER) }), 'Cannot look up fields on non-struct type'],
  ['move', sourceRecord({ valueSchema: SCHEMA }), 'Only Struct objects supported for [header move], found: null'],
  ['copy', sourceRecord(), 'Only Map objects supported in absence of schema for [header copy], found: null'],
])('A %s is refused without fields: %#', (operation, record, message) => {
  const transformation = headerFrom({ fields: 'a', headers: 'h', operation });
  expect(() => transformation.apply(record)).toThrow(expect.objectContaining({ code: 'DataException', message }));
});
