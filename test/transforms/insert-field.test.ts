import { Int32 } from '../../src/data/java/boxed';
import { INT32_SCHEMA, OPTIONAL_INT32_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { schemasEqual } from '../../src/data/schema/equality';
import { TIMESTAMP_SCHEMA } from '../../src/data/schema/logical';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { Struct } from '../../src/data/schema/struct';
import { sinkRecord, sourceRecord } from '../../src/testing/data/sample-records';
import { insertFieldPlugins } from '../../src/transforms/insert-field';
import { configured } from '../helpers/fakes/configured';

const SCHEMA = SchemaBuilder.struct().name('n').version(3).optional().field('a', INT32_SCHEMA).build();
const OTHER = SchemaBuilder.struct().field('b', STRING_SCHEMA).build();
const ALL = {
  'topic.field': 't!',
  'partition.field': 'p',
  'timestamp.field': 'ts!',
  'static.field': 's?',
  'static.value': 'x',
};

const insert = (settings: Record<string, string>) => configured(insertFieldPlugins, '$Value', settings);
const structRecord = () => sourceRecord({ valueSchema: SCHEMA, value: new Struct(SCHEMA).put('a', Int32.of(1)) });

test('Fields stand behind those of the record, required or optional, under a schema that keeps its name and loses optional', () => {
  const { valueSchema, value } = insert(ALL).apply(structRecord());
  const expected = SchemaBuilder.struct().name('n').version(3).field('a', INT32_SCHEMA).field('t', STRING_SCHEMA);
  expected.field('p', OPTIONAL_INT32_SCHEMA).field('ts', TIMESTAMP_SCHEMA).field('s', OPTIONAL_STRING_SCHEMA);
  expect(schemasEqual(valueSchema, expected.build())).toBe(true);
  expect((value as Struct).values).toEqual([Int32.of(1), 'orders', Int32.of(2), new Date(1_700_000_000_123), 'x']);
});

test('A map gets plain values, whatever the suffixes say, and a value of its own goes', () => {
  const record = sourceRecord({ value: new Map<string, unknown>([['t', 'old']]) });
  const expected = new Map<string, unknown>([
    ['t', 'orders'],
    ['p', Int32.of(2)],
    ['ts', 1_700_000_000_123n],
    ['s', 'x'],
  ]);
  expect(insert(ALL).apply(record)).toEqual({ ...record, value: expected });
});

test('What a record does not have is left out of a map and left null in a struct', () => {
  const parts = { kafkaPartition: null, timestamp: null };
  const struct = insert(ALL).apply({ ...structRecord(), ...parts }).value as Struct;
  expect(struct.values).toEqual([Int32.of(1), 'orders', null, null, 'x']);
  const map = insert(ALL).apply(sourceRecord({ ...parts, value: new Map() })).value as Map<string, unknown>;
  expect([...map.keys()]).toEqual(['t', 's']);
});

test('The schema is made once for each that comes in', () => {
  const transformation = insert({ 'topic.field': 't' });
  const other = sourceRecord({ valueSchema: OTHER, value: new Struct(OTHER).put('b', 'x') });
  const schemas = [structRecord(), other, structRecord(), other].map(record => transformation.apply(record).valueSchema);
  expect(schemas.map(schema => schema?.fields?.map(({ name }) => name))).toEqual([
    ['a', 't'],
    ['b', 't'],
    ['a', 't'],
    ['b', 't'],
  ]);
  expect(new Set(schemas).size).toBe(2);
});

describe('The offset', () => {
  const transformation = insert({ 'offset.field': 'o' });
  const refusal = 'Only SinkRecord supported for [field insertion], found: org.apache.kafka.connect.source.SourceRecord';

  test('is that of a sink record', () => {
    const value = new Map<string, unknown>();
    expect(transformation.apply(sinkRecord({ value })).value).toEqual(new Map([['o', 42n]]));
  });

  test.each([
    ['a struct', structRecord()],
    ['a map', sourceRecord({ value: new Map() })],
  ])('is refused for %s of a source record', (_, record) => {
    expect(() => transformation.apply(record)).toThrow(expect.objectContaining({ code: 'DataException', message: refusal }));
  });

  test('does not matter for a tombstone', () => {
    const tombstone = sourceRecord({ valueSchema: SCHEMA });
    expect(transformation.apply(tombstone)).toBe(tombstone);
  });
});

test('Two insertions of one name are refused for structs; the last one counts in maps', () => {
  const transformation = insert({ 'topic.field': 'x', 'static.field': 'x', 'static.value': 'v' });
  const refusal = { code: 'SchemaBuilderException', message: 'Cannot create field because of field name duplication x' };
  expect(() => transformation.apply(structRecord())).toThrow(expect.objectContaining(refusal));
  expect(transformation.apply(sourceRecord({ value: new Map() })).value).toEqual(new Map([['x', 'v']]));
});

test.each<[string, Record<string, string>, string]>([
  ['nothing', {}, 'No field insertion configured'],
  ['a static value without field', { 'static.value': 'x' }, 'No field insertion configured'],
  [
    'a static field without value',
    { 'static.field': 's?' },
    'Invalid value null for configuration static.value: No value specified for static field: s?',
  ],
])('Settings with %s are refused', (_, settings, message) => {
  expect(() => insert(settings)).toThrow(expect.objectContaining({ code: 'ConfigException', message }));
});
