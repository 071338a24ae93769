import { BigDecimal } from '../../../src/data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../../src/data/java/boxed';
import {
  FLOAT32_SCHEMA,
  INT8_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../../../src/data/schema/connect-schema';
import { DATE_SCHEMA, decimalBuilder } from '../../../src/data/schema/logical';
import type { Schema, SchemaType } from '../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { project } from '../../../src/data/schema/schema-projector';
import { Struct } from '../../../src/data/schema/struct';

const WIDTHS: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'];
const SEVEN = [Int8.of(7), Int16.of(7), Int32.of(7), 7n, Float32.of(7), 7];

function refused(message: string): Error {
  return expect.objectContaining({ code: 'SchemaProjectorException', message }) as Error;
}

describe('numbers', () => {
  const pairs = WIDTHS.flatMap((from, i) => WIDTHS.map((to, j) => [from, to, SEVEN[i], SEVEN[j], i <= j] as const));

  test.each(pairs)('from %s to %s', (from, to, value, widened, promotable) => {
    const step = () => project(new SchemaBuilder(from).build(), value, new SchemaBuilder(to).build());
    if (promotable) expect(step()).toEqual(widened);
    else expect(step).toThrow(refused(`Schema type mismatch. source type: ${from} and target type: ${to}`));
  });

  test('of another class than their schema says are made to fit', () => {
    expect(project(INT8_SCHEMA, Int32.of(300), INT8_SCHEMA)).toEqual(Int8.of(44));
    expect(project(INT8_SCHEMA, 1e10, INT32_SCHEMA)).toEqual(Int32.of(2 ** 31 - 1));
    expect(project(INT32_SCHEMA, new BigDecimal(19n, 1), INT64_SCHEMA)).toBe(1n);
  });

  test('become the nearest float in one step', () => {
    // the double nearest to this lies halfway between two floats
    const long = 2n ** 60n + 2n ** 36n + 1n;
    expect(project(INT64_SCHEMA, long, FLOAT32_SCHEMA)).toEqual(Float32.of(2 ** 60 + 2 ** 37));
  });
});

describe('schemas must go together', () => {
  const named = (name: string): Schema => new SchemaBuilder('INT32').name(name).build();
  test.each<[string, Schema, Schema, string]>([
    ['types', STRING_SCHEMA, INT8_SCHEMA, 'Schema type mismatch. source type: STRING and target type: INT8'],
    ['names', named('a'), named('b'), 'Schema name mismatch. source name: a and target name: b'],
    ['a name and none', DATE_SCHEMA, INT32_SCHEMA, `Schema name mismatch. source name: ${DATE_SCHEMA.name} and target name: null`],
    [
      'scales',
      decimalBuilder(2).build(),
      decimalBuilder(3).build(),
      'Schema parameters not equal. source parameters: {scale=2} and target parameters: {scale=3}',
    ],
    [
      'optional and required',
      OPTIONAL_STRING_SCHEMA,
      STRING_SCHEMA,
      'Writer schema is optional, however, target schema does not provide a default value.',
    ],
  ])('%s', (_name, source, target, message) => expect(() => project(source, null, target)).toThrow(refused(message)));

  test('values of logical types stay as they are', () => {
    const date = new Date(0);
    expect(project(DATE_SCHEMA, date, DATE_SCHEMA)).toBe(date);
  });
});

describe('null', () => {
  const withDefault = new SchemaBuilder('STRING').defaultValue('d').build();
  test.each([
    [OPTIONAL_STRING_SCHEMA, withDefault, 'd'],
    [OPTIONAL_STRING_SCHEMA, OPTIONAL_STRING_SCHEMA, null],
    [STRING_SCHEMA, withDefault, null],
  ])('from %s to %s', (source, target, result) => expect(project(source, null, target)).toBe(result));
});

describe('structs', () => {
  const source = SchemaBuilder.struct().field('id', INT8_SCHEMA).field('gone', STRING_SCHEMA).build();
  const value = new Struct(source).put('id', Int8.of(1)).put('gone', 'x');

  test('keep what both have and take defaults for what is new', () => {
    const target = SchemaBuilder.struct()
      .field('new', new SchemaBuilder('STRING').defaultValue('d').build())
      .field('id', INT64_SCHEMA)
      .field('maybe', OPTIONAL_STRING_SCHEMA)
      .build();
    expect(project(source, value, target)).toEqual(new Struct(target).put('new', 'd').put('id', 1n));
  });

  test('lack what is required', () => {
    const target = SchemaBuilder.struct().field('more', STRING_SCHEMA).build();
    expect(() => project(source, value, target)).toThrow(refused('Required field `more` is missing from source schema: Schema{STRUCT}'));
  });

  test('name the field in which something is wrong', () => {
    const target = SchemaBuilder.struct().field('id', STRING_SCHEMA).build();
    const cause = refused('Schema type mismatch. source type: INT8 and target type: STRING');
    expect(() => project(source, value, target)).toThrow(expect.objectContaining({ message: 'Error projecting id', cause }) as Error);
  });

  test('do not take null for what is required now', () => {
    const unset = new Struct(source).put('gone', 'x');
    expect(() => project(source, unset, source)).toThrow('Invalid value: null used for required field: "id", schema type: INT8');
  });
});

describe('containers', () => {
  const array = (schema: Schema): Schema => SchemaBuilder.array(schema).build();
  const map = (key: Schema, schema: Schema): Schema => SchemaBuilder.map(key, schema).build();

  test('are projected with all that they hold', () => {
    expect(project(array(INT8_SCHEMA), [Int8.of(1), Int8.of(2)], array(INT64_SCHEMA))).toEqual([1n, 2n]);
    const projected = project(map(INT8_SCHEMA, INT8_SCHEMA), new Map([[Int8.of(1), Int8.of(2)]]), map(INT64_SCHEMA, FLOAT32_SCHEMA));
    expect(projected).toEqual(new Map([[1n, Float32.of(2)]]));
  });

  test.each<[string, Schema, string]>([
    ['an array', array(INT8_SCHEMA), 'java.util.List'],
    ['a map', map(STRING_SCHEMA, STRING_SCHEMA), 'java.util.Map'],
    ['a struct', SchemaBuilder.struct().build(), 'org.apache.kafka.connect.data.Struct'],
  ])('that are no %s', (_name, schema, className) => {
    const error = { code: 'ClassCastException', message: `class java.lang.String cannot be cast to class ${className}` };
    expect(() => project(schema, 'x', schema)).toThrow(expect.objectContaining(error) as Error);
  });

  test('without schema of their elements', () => {
    const bare = new SchemaBuilder('ARRAY').build();
    expect(() => project(bare, [1n], bare)).toThrow(expect.objectContaining({ code: 'NullPointerException' }) as Error);
  });
});
