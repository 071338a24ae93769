import { Int32 } from '../../src/data/java/boxed';
import { INT32_SCHEMA, OPTIONAL_INT32_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { Struct } from '../../src/data/schema/struct';
import { sinkRecord, sourceRecord } from '../../src/testing/data/sample-records';
import { extractFieldPlugins } from '../../src/transforms/extract-field';
import { configured } from '../helpers/fakes/configured';

const INNER = SchemaBuilder.struct().optional().field('x', INT32_SCHEMA).build();
const FIRST = SchemaBuilder.struct().optional().field('in', INNER).field('id', INT32_SCHEMA).build();
const SECOND = SchemaBuilder.struct().field('id', STRING_SCHEMA).field('in', STRING_SCHEMA).build();

const extract = (settings: Record<string, string>) => configured(extractFieldPlugins, '$Value', settings);

test('Each schema of a stream of records has its own field of that name', () => {
  const transformation = extract({ field: 'id' });
  const first = sourceRecord({ valueSchema: FIRST, value: new Struct(FIRST).put('id', Int32.of(1)) });
  const second = sourceRecord({ valueSchema: SECOND, value: new Struct(SECOND).put('id', 'one') });
  for (const _ of [1, 2]) {
    expect(transformation.apply(first)).toEqual({ ...first, valueSchema: INT32_SCHEMA, value: Int32.of(1) });
    expect(transformation.apply(second)).toEqual({ ...second, valueSchema: STRING_SCHEMA, value: 'one' });
  }
});

test('A schema without the field fails anew with each record, others still pass', () => {
  const transformation = extract({ field: 'in.x', 'field.syntax.version': 'V2' });
  const good = sourceRecord({ valueSchema: FIRST, value: new Struct(FIRST).put('in', new Struct(INNER).put('x', Int32.of(3))) });
  const bad = sourceRecord({ valueSchema: INNER, value: new Struct(INNER).put('x', Int32.of(3)) });
  for (const _ of [1, 2]) {
    expect(() => transformation.apply(bad)).toThrow(
      expect.objectContaining({ code: 'IllegalArgumentException', message: 'Unknown field: in.x' }),
    );
    expect(transformation.apply(good).value).toEqual(Int32.of(3));
  }
});

test('A null value keeps the schema of the field, and the field must be there', () => {
  const tombstone = sinkRecord({ valueSchema: FIRST });
  expect(extract({ field: 'id' }).apply(tombstone)).toEqual({ ...tombstone, valueSchema: INT32_SCHEMA, value: null });
  expect(() => extract({ field: 'no' }).apply(tombstone)).toThrow('Unknown field: no');
  const bare = sinkRecord();
  expect(extract({ field: 'no' }).apply(bare)).toEqual(bare);
});

test('A null field is its default, unless the settings say otherwise', () => {
  const WITH_DEFAULT = new SchemaBuilder('INT32').optional().defaultValue(Int32.of(9)).build();
  const schema = SchemaBuilder.struct().field('n', WITH_DEFAULT).field('o', OPTIONAL_INT32_SCHEMA).build();
  const record = sourceRecord({ valueSchema: schema, value: new Struct(schema) });
  expect(extract({ field: 'n' }).apply(record).value).toEqual(Int32.of(9));
  expect(extract({ field: 'n', 'replace.null.with.default': 'false' }).apply(record).value).toBeNull();
  expect(extract({ field: 'o' }).apply(record).value).toBeNull();
});

test('A field of the key leaves the value, headers and coordinates alone', () => {
  const transformation = configured(extractFieldPlugins, '$Key', { field: 'id' });
  const record = sinkRecord({
    key: new Map([['id', 5n]]),
    value: new Map([['id', 6n]]),
    headers: [{ key: 'h', schema: OPTIONAL_STRING_SCHEMA, value: null }],
  });
  expect(transformation.apply(record)).toEqual({ ...record, key: 5n });
});
