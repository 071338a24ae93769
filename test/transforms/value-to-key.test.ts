import { Int32 } from '../../src/data/java/boxed';
import { INT32_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { Struct } from '../../src/data/schema/struct';
import { sinkRecord, sourceRecord } from '../../src/testing/data/sample-records';
import { valueToKeyPlugin } from '../../src/transforms/value-to-key';
import { configured } from '../helpers/fakes/configured';

const FIRST = SchemaBuilder.struct().name('n').field('a', INT32_SCHEMA).field('b', STRING_SCHEMA).build();
const SECOND = SchemaBuilder.struct().field('b', INT32_SCHEMA).field('z', INT32_SCHEMA).field('a', STRING_SCHEMA).build();

const toKey = (fields: string) => configured([valueToKeyPlugin], 'ValueToKey', { fields });

test('The key has the fields in the order of the settings, whatever their order in the value', () => {
  const transformation = toKey('b,a');
  const first = sourceRecord({ valueSchema: FIRST, value: new Struct(FIRST).put('a', Int32.of(1)).put('b', 'x') });
  const second = sourceRecord({ valueSchema: SECOND, value: new Struct(SECOND).put('a', 'y').put('b', Int32.of(2)) });
  const keys = [first, second, first].map(record => transformation.apply(record));
  expect(keys.map(record => (record.key as Struct).values)).toEqual([
    ['x', Int32.of(1)],
    [Int32.of(2), 'y'],
    ['x', Int32.of(1)],
  ]);
  expect(keys[0]?.keySchema).toMatchObject({
    name: null,
    optional: false,
    fields: [
      { name: 'b', index: 0 },
      { name: 'a', index: 1 },
    ],
  });
  expect(keys[2]?.keySchema).toBe(keys[0]?.keySchema);
  expect(keys[0]).toMatchObject({ valueSchema: FIRST, value: first.value, topic: 'orders', kafkaPartition: 2 });
});

test('A key that was there is replaced, with its schema', () => {
  const record = sinkRecord({ keySchema: STRING_SCHEMA, key: 'old', value: new Map([['a', 1n]]) });
  const key = new Map([
    ['a', 1n],
    ['b', null],
  ]);
  expect(toKey('a,b').apply(record)).toEqual({ ...record, keySchema: null, key });
});

test('The schema of the struct counts where the record says another', () => {
  const record = sourceRecord({ valueSchema: SECOND, value: new Struct(FIRST).put('a', Int32.of(1)).put('b', 'x') });
  expect(toKey('a').apply(record)).toMatchObject({ valueSchema: FIRST, keySchema: { fields: [{ name: 'a', schema: INT32_SCHEMA }] } });
});

test('A field named twice is one field', () => {
  const record = sourceRecord({ valueSchema: FIRST, value: new Struct(FIRST).put('a', Int32.of(1)).put('b', 'x') });
  expect(toKey('a,a').apply(record).keySchema?.fields).toHaveLength(1);
});

test.each<[string, ReturnType<typeof sourceRecord>, string]>([
  [
    'a bare tombstone',
    sourceRecord(),
    'Only Map objects supported in absence of schema for [copying fields from value to key], found: null',
  ],
  [
    'a tombstone with a schema',
    sourceRecord({ valueSchema: FIRST }),
    'Only Struct objects supported for [copying fields from value to key], found: null',
  ],
  ['a struct without the field', sourceRecord({ valueSchema: SECOND, value: new Struct(SECOND) }), 'Field does not exist: q'],
])('%s is refused', (_, record, message) => {
  expect(() => toKey('a,q').apply(record)).toThrow(expect.objectContaining({ code: 'DataException', message }));
});
