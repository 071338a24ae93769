import { BigDecimal } from '../../../src/data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../../src/data/java/boxed';
import { ByteBuffer } from '../../../src/data/java/byte-buffer';
import { BYTES_SCHEMA, INT8_SCHEMA, INT32_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../../src/data/schema/connect-schema';
import { dataEqual, mapGet, schemasEqual } from '../../../src/data/schema/equality';
import { DATE_SCHEMA, dateToDays, decimalBuilder, decimalToBytes, TIME_SCHEMA, timeFromMillis } from '../../../src/data/schema/logical';
import type { Field, Schema } from '../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { Struct } from '../../../src/data/schema/struct';
import { schemaTypeOf, validateValue } from '../../../src/data/schema/validate-value';

function person(): SchemaBuilder {
  return SchemaBuilder.struct().name('person').field('id', INT32_SCHEMA).field('name', OPTIONAL_STRING_SCHEMA);
}

function error(code: string, message: string): unknown {
  return expect.objectContaining({ code, message });
}

describe('SchemaBuilder', () => {
  test.each<[string, () => unknown, string]>([
    ['optional and required', () => person().optional().required(), 'Invalid SchemaBuilder call: optional has already been set.'],
    ['two names', () => person().name('x'), 'Invalid SchemaBuilder call: name has already been set.'],
    ['two versions', () => person().version(1).version(2), 'Invalid SchemaBuilder call: version has already been set.'],
    ['two docs', () => person().doc('a').doc('b'), 'Invalid SchemaBuilder call: doc has already been set.'],
    ['a field twice', () => person().field('id', INT8_SCHEMA), 'Cannot create field because of field name duplication id'],
    ['a field without name', () => person().field('', INT8_SCHEMA), 'fieldName cannot be null.'],
    ['a field without schema', () => person().field('x', null), 'fieldSchema for field x cannot be null.'],
    ['a field of no struct', () => new SchemaBuilder('INT8').field('x', INT8_SCHEMA), 'Cannot create fields on type INT8'],
    ['an array of nothing', () => SchemaBuilder.array(null), 'valueSchema cannot be null.'],
    ['a map from nothing', () => SchemaBuilder.map(null, INT8_SCHEMA), 'keySchema cannot be null.'],
    ['a default of another type', () => new SchemaBuilder('INT8').defaultValue('x'), 'Invalid default value'],
    ['a null default where required', () => new SchemaBuilder('INT8').defaultValue(null), 'Invalid default value'],
  ])('refuses %s', (_name, build, message) => expect(build).toThrow(error('SchemaBuilderException', message) as Error));

  test('sets the same value twice', () => expect(person().optional().optional().build().optional).toBe(true));

  test('makes schemas that later calls do not change', () => {
    const builder = person();
    const first = builder.build();
    builder.field('late', INT8_SCHEMA).parameter('p', 'v');
    expect([first.fields?.length, first.field('late'), first.parameters, String(first)]).toEqual([2, null, null, 'Schema{person:STRUCT}']);
  });
});

describe('schemasEqual', () => {
  test('compares by content', () => {
    expect(schemasEqual(person().build(), person().build())).toBe(true);
    expect(schemasEqual(null, null)).toBe(true);
    expect(schemasEqual(person().build(), null)).toBe(false);
  });

  test.each<[string, Schema]>([
    ['optional', person().optional().build()],
    ['version', person().version(1).build()],
    ['doc', person().doc('d').build()],
    ['parameters', person().parameter('a', 'b').build()],
    ['fields', person().field('more', INT8_SCHEMA).build()],
  ])('sees another %s', (_name, other) => expect(schemasEqual(person().build(), other)).toBe(false));

  test('compares defaults as data', () => {
    const bytes = (): Schema => new SchemaBuilder('BYTES').defaultValue(Buffer.from('a')).build();
    expect(schemasEqual(bytes(), bytes())).toBe(true);
  });
});

describe('dataEqual', () => {
  test.each([
    [Int32.of(5000), Int32.of(5000), true],
    [Int32.of(1), Int8.of(1), false],
    [1, 1n, false],
    [Number.NaN, Number.NaN, true],
    [0, -0, false],
    [Float32.of(1.1), Float32.of(1.1), true],
    [new BigDecimal(15n, 1), new BigDecimal(150n, 2), false],
    [new Date(5), new Date(5), true],
    [[1n, ['a']], [1n, ['a']], true],
    [new Map([[Int32.of(5000), 'x']]), new Map([[Int32.of(5000), 'x']]), true],
    [new Map([['a', 1n]]), new Map([['b', 1n]]), false],
    [new ByteBuffer(Buffer.from('xab'), 1), new ByteBuffer(Buffer.from('ab')), true],
    [null, Int32.of(1), false],
  ])('%p and %p: %p', (a, b, equal) => expect(dataEqual(a, b)).toBe(equal));

  test('finds keys that are equal, not identical', () => {
    const map = new Map([[Int32.of(5000), 'x']]);
    expect(mapGet(map, Int32.of(5000))).toBe('x');
    expect(mapGet(map, Int16.of(5000))).toBeUndefined();
  });
});

describe('validateValue', () => {
  const numbers = SchemaBuilder.array(INT32_SCHEMA).build();
  const byName = SchemaBuilder.map(STRING_SCHEMA, INT32_SCHEMA).build();
  test.each<[Schema, unknown, string]>([
    [INT32_SCHEMA, null, 'Invalid value: null used for required field: "f", schema type: INT32'],
    [INT32_SCHEMA, 1n, 'Invalid Java object for schema with type INT32: class java.lang.Long for field: "f"'],
    [STRING_SCHEMA, 1, 'Invalid Java object for schema with type STRING: class java.lang.Double for field: "f"'],
    [
      DATE_SCHEMA,
      Int32.of(1),
      `Invalid Java object for schema "${DATE_SCHEMA.name}" with type INT32: class java.lang.Integer for field: "f"`,
    ],
    [numbers, ['x'], 'Invalid Java object for schema with type INT32: class java.lang.String for element of array field: "f"'],
    [byName, new Map([[1n, 1n]]), 'Invalid Java object for schema with type STRING: class java.lang.Long for key of map field: "f"'],
    [byName, new Map([['a', null]]), 'Invalid value: null used for required value of map field: "f", schema type: INT32'],
    [person().build(), new Struct(person().doc('other').build()).put('id', Int32.of(1)), 'Struct schemas do not match.'],
  ])('%s refuses %p', (schema, value, message) => {
    expect(() => validateValue('f', schema, value)).toThrow(error('DataException', message) as Error);
  });

  test('speaks of a value outside of structs', () => {
    expect(() => validateValue(null, INT32_SCHEMA, null)).toThrow('null used for required value, schema type: INT32');
  });

  test.each([
    ['x', 'STRING'],
    [1n, 'INT64'],
    [1, 'FLOAT64'],
    [Float32.of(1), 'FLOAT32'],
    [Buffer.alloc(0), 'BYTES'],
    [new Map(), 'MAP'],
    [new Date(), null],
    [new BigDecimal(1n, 0), null],
    [{}, null],
  ])('type of %p without schema: %p', (value, type) => expect(schemaTypeOf(value)).toBe(type));
});

describe('Struct', () => {
  const schema = person()
    .field('n', new SchemaBuilder('INT8').optional().defaultValue(Int8.of(7)).build())
    .build();

  test('keeps apart what is set and what is default', () => {
    const struct = new Struct(schema).put('id', Int32.of(1));
    expect([struct.get('n'), struct.getWithoutDefault('n'), struct.get('name'), struct.getTyped('id', 'INT32')]).toEqual([
      Int8.of(7),
      null,
      null,
      Int32.of(1),
    ]);
  });

  test('gives bytes as bytes, and takes no field from beyond its schema', () => {
    const bytes = new Struct(SchemaBuilder.struct().field('b', BYTES_SCHEMA).build()).put('b', new ByteBuffer(Buffer.from('abc'), 1));
    expect(bytes.getTyped('b', 'BYTES')).toEqual(Buffer.from('abc'));
    const foreign = schema.field('n') as Field;
    for (const use of [() => bytes.put(foreign, Int8.of(1)), () => bytes.get(foreign)]) {
      expect(use).toThrow(error('ArrayIndexOutOfBoundsException', 'Index 2 out of bounds for length 1') as Error);
    }
  });

  test.each<[string, () => unknown, string]>([
    ['an unknown field', () => new Struct(schema).put('zz', 1), 'zz is not a valid field name'],
    [
      'another type',
      () => new Struct(schema).put('id', 1),
      'Invalid Java object for schema with type INT32: class java.lang.Double for field: "id"',
    ],
    ['a getter of another type', () => new Struct(schema).getTyped('id', 'STRING'), "Field 'id' is not of type STRING"],
    ['no struct schema', () => new Struct(INT8_SCHEMA), 'Not a struct schema: Schema{INT8}'],
    [
      'a required field unset',
      () => new Struct(schema).validate(),
      'Invalid value: null used for required field: "id", schema type: INT32',
    ],
  ])('refuses %s', (_name, use, message) => expect(use).toThrow(error('DataException', message) as Error));
});

describe('logical types', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a date with a time',
      () => dateToDays(DATE_SCHEMA, new Date(1)),
      'Kafka Connect Date type should not have any time fields set to non-zero values.',
    ],
    [
      'a date under another schema',
      () => dateToDays(INT32_SCHEMA, new Date(0)),
      'Requested conversion of Date object but the schema does not match.',
    ],
    [
      'a time below zero',
      () => timeFromMillis(TIME_SCHEMA, -1),
      'Time values must use number of milliseconds greater than 0 and less than 86400000',
    ],
    [
      'another scale',
      () => decimalToBytes(decimalBuilder(3).build(), new BigDecimal(1n, 2)),
      'Decimal value has mismatching scale for given Decimal schema. Schema has scale 3, value has scale 2.',
    ],
    ['no scale', () => decimalToBytes(INT32_SCHEMA, new BigDecimal(1n, 2)), 'Invalid Decimal schema: scale parameter not found.'],
  ])('refuse %s', (_name, use, message) => expect(use).toThrow(error('DataException', message) as Error));
});
