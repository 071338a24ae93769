import { JsonConverter } from '../../src/converters/json/json-converter';
import { SimpleHeaderConverter } from '../../src/converters/simple-header-converter';
import { StringConverter } from '../../src/converters/string-converter';
import { INT32_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { schemasEqual } from '../../src/data/schema/equality';
import type { Schema } from '../../src/data/schema/schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { project } from '../../src/data/schema/schema-projector';
import { Struct } from '../../src/data/schema/struct';
import { inferSchema } from '../../src/data/values/value-inference';
import { parseValueText } from '../../src/data/values/value-parser';
import { valueText } from '../../src/data/values/value-text';
import { ConnectError } from '../../src/errors';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';
import { sourceRecord } from '../../src/testing/data/sample-records';

const LEVELS = 10_000;
const LONG_TEXT_LENGTH = 100 * 1024 * 1024;

/** All that any of the transformations needs; they look at the field `a`, which nested maps and structs have. */
const SETTINGS = {
  spec: 'a:string',
  field: 'a',
  fields: 'a',
  headers: 'h',
  operation: 'move',
  'topic.field': 't',
  header: 'h',
  'value.literal': '1',
  regex: '.*',
  replacement: 'x',
  'schema.name': 'n',
  'target.type': 'unix',
};

function json(settings: Readonly<Record<string, string>>): JsonConverter {
  const converter = new JsonConverter();
  converter.configure({ ...settings }, 'value');
  return converter;
}

const enveloped = json({});
const plain = json({ 'schemas.enable': 'false' });
const strings = new StringConverter();
strings.configure({}, 'value');

function nestedList(): unknown {
  let list: unknown = [];
  for (let i = 0; i < LEVELS; i++) list = [list];
  return list;
}

function nestedMap(): unknown {
  let map: unknown = new Map();
  for (let i = 0; i < LEVELS; i++) map = new Map([['a', map]]);
  return map;
}

function nestedSchema(wrap: (schema: Schema) => SchemaBuilder): Schema {
  let schema: Schema = INT32_SCHEMA;
  for (let i = 0; i < LEVELS; i++) schema = wrap(schema).build();
  return schema;
}

const arrays = (): Schema => nestedSchema(SchemaBuilder.array);
const structs = (): Schema => nestedSchema(schema => SchemaBuilder.struct().optional().field('a', schema));

/** Checks that a step ends: with a result, or as Connect refuses data. */
function endsOrderly(step: () => unknown): void {
  try {
    step();
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectError);
    expect(['DataException', 'ConnectException']).toContain((error as ConnectError).code);
  }
}

describe(`${LEVELS} levels`, () => {
  test.each<[string, () => unknown]>([
    ['JSON of lists', () => plain.fromConnectData('t', null, nestedList())],
    ['JSON of maps', () => plain.fromConnectData('t', null, nestedMap())],
    ['JSON of a schema of arrays', () => enveloped.fromConnectData('t', arrays(), [])],
    ['JSON of a schema of structs', () => enveloped.fromConnectData('t', structs(), null)],
    ['text of lists', () => strings.fromConnectData('t', null, nestedList())],
    ['header text of lists', () => valueText(nestedList())],
    ['header text of maps', () => valueText(nestedMap())],
    ['schema of lists', () => inferSchema(nestedList())],
    ['equality of schemas', () => schemasEqual(arrays(), arrays())],
    ['projection of lists', () => project(arrays(), nestedList(), arrays())],
  ])('%s: a result, or a DataException', (_name, step) => endsOrderly(step));

  test.each([
    ['brackets', '['.repeat(LEVELS)],
    ['lists', '['.repeat(LEVELS) + ']'.repeat(LEVELS)],
    ['lists of more', '[1,'.repeat(LEVELS)],
    ['braces', '{'.repeat(LEVELS)],
    ['maps', '{a:'.repeat(LEVELS)],
    ['quoted keys', '{"a":'.repeat(LEVELS)],
    ['objects', `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
    ['maps as keys', `${'{'.repeat(LEVELS)}1${':1}'.repeat(LEVELS)}`],
    ['quotes', '["'.repeat(LEVELS)],
  ])('reading %s ends', (_name, text) => {
    endsOrderly(() => parseValueText(text));
    for (const converter of [enveloped, plain])
      expect(() => converter.toConnectData('t', Buffer.from(text))).toThrow('serialization error');
    const { value } = new SimpleHeaderConverter().toConnectHeader('t', 'h', Buffer.from(text));
    expect(typeof value === 'string' || Buffer.isBuffer(value) || Array.isArray(value) || value instanceof Map).toBe(true);
  });

  test.each(BUILTIN_PLUGINS.flatMap(plugin => (plugin.type === 'transformation' ? [[plugin.className, plugin] as const] : [])))(
    '%s: a changed record, or one that is refused',
    (_name, plugin) => {
      const schema = structs();
      for (const data of [
        { schema: null, value: nestedMap() },
        { schema: null, value: new Map([['a', nestedList()]]) },
        { schema, value: new Struct(schema) },
      ]) {
        const transformation = plugin.create();
        transformation.configure(SETTINGS);
        const record = sourceRecord({
          timestamp: null,
          keySchema: data.schema,
          key: data.value,
          valueSchema: data.schema,
          value: data.value,
        });
        endsOrderly(() => transformation.apply(record));
      }
    },
  );

  test('a schema in an envelope is refused', () => {
    const text = `{"schema":${'{"type":"array","items":'.repeat(LEVELS)}{"type":"int8"}${'}'.repeat(LEVELS)},"payload":[]}`;
    expect(() => enveloped.toConnectData('t', Buffer.from(text))).toThrow('serialization error');
    const content = () => json({ 'schema.content': text });
    expect(content).toThrow('Failed to parse schema in converter config due to serialization error: ');
  });
});

describe('a thousand levels, as many as Jackson takes', () => {
  test('come back from JSON', () => {
    let schema: Schema = INT32_SCHEMA;
    let value: unknown = null;
    for (let i = 0; i < 300; i++) {
      schema = SchemaBuilder.struct().optional().field('a', schema).build();
      value = i === 0 ? null : new Struct(schema).put('a', value);
    }
    const { schema: read } = enveloped.toConnectData('t', enveloped.fromConnectData('t', schema, value));
    expect(schemasEqual(read, schema)).toBe(true);
    const brackets = '['.repeat(1000) + ']'.repeat(1000);
    expect(String(plain.fromConnectData('t', null, plain.toConnectData('t', Buffer.from(brackets)).value))).toBe(brackets);
    expect(() => plain.toConnectData('t', Buffer.from(`[${brackets}]`))).toThrow('serialization error');
  });
});

describe('much', () => {
  test('a text of 100 MB passes every converter', () => {
    const text = 'a'.repeat(LONG_TEXT_LENGTH);
    const bytes = plain.fromConnectData('t', STRING_SCHEMA, text);
    expect(bytes?.length).toBe(LONG_TEXT_LENGTH + 2);
    const { value } = plain.toConnectData('t', bytes);
    expect(value === text).toBe(true);
    expect(parseValueText(`[${text}`).schema).toBe(STRING_SCHEMA);
    expect(strings.fromConnectData('t', STRING_SCHEMA, text)?.length).toBe(LONG_TEXT_LENGTH);
  }, 30_000);

  test('many keys that are objects cost no search for each', () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => i);
    for (const key of [(i: number) => `${i * 40_000}`, (i: number) => `${i}.5`, (i: number) => `[${i}]`]) {
      const { value } = parseValueText(`{${entries.map(i => `${key(i)}:1`).join(',')}}`);
      expect((value as Map<unknown, unknown>).size).toBe(entries.length);
    }
  }, 10_000);

  test('a hundred thousand digits are a number', () => {
    expect(parseValueText('7'.repeat(100_000)).schema?.type).toBe('BYTES');
    expect(parseValueText(`0.${'3'.repeat(100_000)}`).schema?.type).toBe('FLOAT32');
  }, 10_000);
});

describe('strange texts', () => {
  const header = (bytes: Buffer | string) => new SimpleHeaderConverter().toConnectHeader('t', 'h', Buffer.from(bytes as string));
  test.each<[string, Buffer | string, unknown]>([
    ['nothing', '', ''],
    ['a byte order mark', '\ufeff1', '\ufeff1'],
    ['UTF-8 that is cut off', Buffer.from([0x61, 0xe2, 0x82]), 'a\ufffd'],
    ['no UTF-8 at all', Buffer.from([0xff, 0xfe]), '\ufffd\ufffd'],
    ['not a number', 'NaN', 'NaN'],
    ['infinity', '-Infinity', '-Infinity'],
    ['a zero byte', '\0', '\0'],
    ['the last character', '[\uffff', '[\uffff'],
  ])('%s is a text in a header', (_name, bytes, value) => expect(header(bytes).value).toBe(value));

  test.each([
    ['2^63', '9223372036854775808', '9223372036854775808'],
    ['1e400', '1e400', '1E+400'],
    ['2^63 - 1', '9223372036854775807', '9223372036854775807'],
    ['a tiny one', '1e-400', '0.0'],
  ])('%s keeps its digits as far as Java keeps them', (_name, text, shown) => expect(valueText(header(text).value)).toBe(shown));

  test.each<[string, Buffer | string, unknown]>([
    ['2^63 wraps', '9223372036854775808', -(2n ** 63n)],
    ['1e400', '1e400', Number.POSITIVE_INFINITY],
    ['a byte order mark', '\ufeff1', 1n],
    ['nothing', '', null],
    ['whatever follows', '1 2', 1n],
    ['lone surrogates, escaped', '"\\ud83d\\ud83d\\ude00"', '\ud83d\ud83d\ude00'],
  ])('JSON: %s', (_name, text, value) => expect(plain.toConnectData('t', Buffer.from(text as string)).value).toEqual(value));

  test.each(['NaN', 'Infinity', '-Infinity', '"a', '{"a"', '[1,]', "{'a':1}", '+1', '1e', '\ufeff'])('JSON refuses %p', text => {
    expect(() => plain.toConnectData('t', Buffer.from(text))).toThrow('serialization error');
  });

  test('truncated UTF-8 in JSON is refused', () => {
    expect(() => plain.toConnectData('t', Buffer.from([0x22, 0xe2, 0x82, 0x22]))).toThrow('serialization error');
  });

  test('lone surrogates come back from JSON, and are ? in UTF-8', () => {
    const text = 'a\ud800b\udc00';
    expect(plain.toConnectData('t', plain.fromConnectData('t', null, text)).value).toBe(text);
    expect(String(strings.fromConnectData('t', null, text))).toBe('a?b?');
  });
});
