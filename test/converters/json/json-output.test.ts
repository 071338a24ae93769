import { JsonConverter } from '../../../src/converters/json/json-converter';
import { JsonOutput, quote } from '../../../src/converters/json/json-output';
import { ByteColumn } from '../../../src/data/batch/byte-column';
import { Int32 } from '../../../src/data/java/boxed';
import { OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { randomText, seeded } from '../../../src/testing/data/random';

/** What Jackson makes of a text, by its rules and character by character. */
function jacksonQuote(text: string): string {
  const short: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  const units = Array.from({ length: text.length }, (_, i) => text.charAt(i));
  const isEscaped = (unit: string): boolean => unit < ' ' || (unit >= '\ud800' && unit <= '\udfff');
  const hex = (unit: string): string => unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `"${units.map(unit => short[unit] ?? (isEscaped(unit) ? `\\u${hex(unit)}` : unit)).join('')}"`;
}

/** What is written by one step, starting with as little room as there can be. */
function writtenBy(step: (out: JsonOutput) => void): string | null {
  const texts = new ByteColumn(0, 0);
  texts.append(Buffer.from('before'));
  const out = new JsonOutput();
  out.begin(texts);
  step(out);
  out.end();
  texts.append(Buffer.from('behind'));
  expect([texts.textAt(0), texts.textAt(2), texts.count]).toEqual(['before', 'behind', 3]);
  return texts.textAt(1);
}

const PIECES = [
  'plain text',
  '"',
  '\\',
  '\u0000\u001f\b\f\n\r\t',
  '\u007f\u0080\u07ff\u0800\uffff',
  '😀',
  '\ud83d',
  '\ude00',
  'grüße',
  '你好',
];

test.each([0, 1, 10, 31, 32, 33, 1000, 4095, 4096, 4097, 8192, 10_000])(
  'strings of %d units and some more are escaped as by Jackson',
  length => {
    for (const piece of PIECES) {
      for (const text of ['a'.repeat(length) + piece, piece + 'a'.repeat(length), piece.repeat(length / piece.length)]) {
        expect(quote(text)).toBe(jacksonQuote(text));
      }
    }
  },
);

test('random texts are escaped as by Jackson', () => {
  const random = seeded(20261121);
  for (let i = 0; i < 2000; i++) {
    const text = randomText(random) + randomText(random);
    expect(quote(text)).toBe(jacksonQuote(text));
  }
});

test.each([0, 1, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 2_147_483_647, -1, -10, -2_147_483_648])('the integer %d', value => {
  expect(writtenBy(out => out.putInt(value))).toBe(String(value));
});

test.each([1, 32, 33, 500])('pieces of %d bytes stay as they are', length => {
  const text = 'x'.repeat(length);
  expect(writtenBy(out => out.putAscii(text))).toBe(text);
  expect(writtenBy(out => out.putBytes(Buffer.from(text)))).toBe(text);
});

test('what is no string is put in quotes, what is one stays', () => {
  const put = (step: (out: JsonOutput) => void): string | null =>
    writtenBy(out => {
      const { place } = out;
      step(out);
      out.quoteFrom(place);
    });
  expect(put(out => out.putAscii('null'))).toBe('"null"');
  expect(put(out => out.putString('a'))).toBe('"a"');
});

test('a value that fails halfway leaves nothing behind, and the next is whole', () => {
  const converter = new JsonConverter();
  converter.configure({ 'schemas.enable': 'false' }, 'value');
  const texts = new ByteColumn(1, 4);
  const append = (value: unknown): number =>
    converter.encode('t', { kind: 'values', schemas: [null], values: [value] }, 0, 1, texts, 1 << 20);
  append('first');
  const used = texts.used;
  expect(() => append(['x'.repeat(10_000), new Date(0)])).toThrow('corresponding schema type');
  expect([texts.count, texts.used]).toEqual([1, used]);
  append([Int32.of(7)]);
  expect([texts.textAt(0), texts.textAt(1)]).toEqual(['"first"', '[7]']);
});

test.each([
  ['null', OPTIONAL_STRING_SCHEMA],
  ['x"y', new SchemaBuilder('STRING').defaultValue('x"y').build()],
])('the null key of a map is the name %s, which Java has once in an object', (name, keySchema) => {
  const converter = new JsonConverter();
  converter.configure({ 'schemas.enable': 'false' }, 'value');
  const schema = SchemaBuilder.map(keySchema, OPTIONAL_STRING_SCHEMA).build();
  const write = (...entries: [string | null, string | null][]): string =>
    String(converter.fromConnectData('t', schema, new Map<string | null, string | null>(entries)));
  expect(write([null, 'a'], ['b', null])).toBe(`{${JSON.stringify(name)}:"a","b":null}`);
  expect(write([null, 'a'], ['b', null], [name, 'c'])).toBe(`{${JSON.stringify(name)}:"c","b":null}`);
});

test('a null key that is neither optional nor has a default is refused', () => {
  const schema = SchemaBuilder.map(STRING_SCHEMA, OPTIONAL_STRING_SCHEMA).build();
  expect(() => new JsonConverter().fromConnectData('t', schema, new Map([[null, 'a']]))).toThrow('null value for field that is required');
});
