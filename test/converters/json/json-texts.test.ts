import type { Converter } from '../../../src/api/converter';
import { JsonConverter } from '../../../src/converters/json/json-converter';
import { StringConverter } from '../../../src/converters/string-converter';
import { ByteColumn } from '../../../src/data/batch/byte-column';
import { javaText } from '../../../src/data/java/java-text';
import { STRING_SCHEMA } from '../../../src/data/schema/connect-schema';
import { decodeUtf8, encodeUtf8 } from '../../../src/data/utf8';
import { randomBytes, randomText, seeded } from '../../../src/testing/data/random';

type Lanes = Required<Pick<Converter, 'encode' | 'decode'>> & Converter;

const CONVERTERS: readonly (readonly [string, () => Lanes, Readonly<Record<string, string>>])[] = [
  ['JsonConverter with schemas', () => new JsonConverter(), {}],
  ['JsonConverter without schemas', () => new JsonConverter(), { 'schemas.enable': 'false' }],
  ['JsonConverter with a fixed schema', () => new JsonConverter(), { 'schema.content': '{"type":"string","optional":true}' }],
  ['StringConverter', () => new StringConverter(), {}],
  ['StringConverter in Latin-1', () => new StringConverter(), { 'converter.encoding': 'ISO-8859-1' }],
];

const TEXTS: readonly Buffer[] = [
  '',
  'a',
  'plain text, longer than a word',
  'quote " backslash \\ slash /',
  '\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f',
  'grüße 你好 \ufeff \uffff',
  '😀',
  'abc😀def"\\\u0002',
  '\u2028\u2029',
].map(text => Buffer.from(text));

const BROKEN: readonly Buffer[] = [
  [0xff],
  [0x61, 0xc3],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xa0],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf0, 0x9f, 0x98],
  [0x80, 0x22],
].map(bytes => Buffer.from(bytes));

function configured(create: () => Lanes, props: Readonly<Record<string, string>>): Lanes {
  const converter = create();
  converter.configure(props, 'value');
  return converter;
}

function pack(texts: readonly (Buffer | null)[]): ByteColumn {
  const packed = new ByteColumn(1, 16);
  for (const text of texts) packed.append(text);
  return packed;
}

function unpack(packed: ByteColumn): (string | null)[] {
  return Array.from({ length: packed.count }, (_, i) => packed.at(i)?.toString('latin1') ?? null);
}

/** What the texts are as single records. */
function written(converter: Converter, texts: readonly Buffer[]): (string | null)[] {
  return texts.map(text => converter.fromConnectData('t', STRING_SCHEMA, decodeUtf8(text))?.toString('latin1') ?? null);
}

/** What is read from payloads one by one, up to one that fails. */
function read(converter: Converter, payloads: readonly (Buffer | null)[]): (string | null)[] {
  const texts: (string | null)[] = [];
  for (const payload of payloads) {
    try {
      const { value } = converter.toConnectData('t', payload);
      texts.push(value === null ? null : encodeUtf8(javaText(value)).toString('latin1'));
    } catch {
      break;
    }
  }
  return texts;
}

function encoded(converter: Lanes, texts: ByteColumn): ByteColumn {
  const out = new ByteColumn(1, 8);
  expect(converter.encode('t', { kind: 'text', texts }, 0, texts.count, out, Number.POSITIVE_INFINITY)).toBe(texts.count);
  return out;
}

function expectSameWriting(create: () => Lanes, props: Readonly<Record<string, string>>, texts: readonly Buffer[]): void {
  const converter = configured(create, props);
  expect(unpack(encoded(converter, pack(texts)))).toEqual(written(converter, texts));
}

function expectSameReading(create: () => Lanes, props: Readonly<Record<string, string>>, payloads: readonly (Buffer | null)[]): void {
  const expected = read(configured(create, props), payloads);
  const out = pack([Buffer.from('kept')]);
  expect(configured(create, props).decode('t', pack(payloads), 0, payloads.length, out)).toBe(expected.length);
  expect(unpack(out)).toEqual(['kept', ...expected]);
}

describe.each(CONVERTERS)('batches of %s are what single records are', (_name, create, props) => {
  test('writing texts of all kinds', () => expectSameWriting(create, props, TEXTS));

  test('writing broken UTF-8', () => expectSameWriting(create, props, [...TEXTS, ...BROKEN]));

  test.each(BROKEN.map((bytes, i) => [bytes.toString('hex'), i] as const))('writing nothing but %s', (_hex, i) =>
    expectSameWriting(create, props, BROKEN.slice(i, i + 1)),
  );

  test('writing texts that together are UTF-8 and alone are not', () => {
    const smile = Buffer.from('a😀b');
    expectSameWriting(create, props, [smile.subarray(0, 3), smile.subarray(3)]);
  });

  test('writing random texts and bytes', () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round++) {
      const texts: Buffer[] = Array.from({ length: 8 }, () => Buffer.from(randomText(random)));
      if (round % 3 === 0) texts.push(randomBytes(random));
      expectSameWriting(create, props, texts);
    }
  });

  test('reading what was written, null among it', () => {
    const converter = configured(create, props);
    const payloads = [...TEXTS, ...TEXTS].map(text => converter.fromConnectData('t', STRING_SCHEMA, text.toString()));
    expectSameReading(create, props, [payloads[0] ?? null, null, ...payloads, null]);
  });

  test('reading payloads cut off or followed by something', () => {
    const converter = configured(create, props);
    const whole = converter.fromConnectData('t', STRING_SCHEMA, 'some "text"') as Buffer;
    for (let length = 0; length <= whole.length; length++) expectSameReading(create, props, [whole, whole.subarray(0, length), whole]);
    for (const more of [' ', '}', '"', ',"a":1}', ' x'])
      expectSameReading(create, props, [whole, Buffer.concat([whole, Buffer.from(more)])]);
  });

  test('reading payloads with a byte changed', () => {
    const random = seeded(11);
    const converter = configured(create, props);
    for (let round = 0; round < 500; round++) {
      const whole = converter.fromConnectData('t', STRING_SCHEMA, randomText(random)) as Buffer;
      const changed = Buffer.from(whole);
      if (changed.length > 0) changed[random(changed.length)] = random(256);
      expectSameReading(create, props, [whole, changed, whole]);
    }
  });

  test('reading from the middle of a batch', () => {
    const converter = configured(create, props);
    const payloads = TEXTS.map(text => converter.fromConnectData('t', STRING_SCHEMA, text.toString()));
    const out = new ByteColumn(1, 1);
    expect(converter.decode('t', pack(payloads), 5, TEXTS.length - 6, out)).toBe(TEXTS.length - 6);
    expect(unpack(out)).toEqual(read(converter, payloads.slice(5, -1)));
  });
});

describe('JsonConverter reads other data as text, too', () => {
  const documents = ['{"b":1,"a":[1.0,null,"x"]}', '12', '1e3', 'null', '"a\\u00e9\\ud83d"', '[]', '"x', 'true'].map(text =>
    Buffer.from(text),
  );

  test('schemaless, up to the malformed one', () => {
    expectSameReading(() => new JsonConverter(), { 'schemas.enable': 'false' }, documents);
  });

  test('envelopes of changing schemas', () => {
    const envelopes = [
      '{"schema":{"type":"string"},"payload":"one"}',
      '{"schema":{"type":"string"},"payload":"two"}',
      '{"schema":{"type":"int32"},"payload":3}',
      '{"schema":{"type":"string"}, "payload" : "four" }',
      '{"payload":"five","schema":{"type":"string"}}',
      '{"schema":{"type":"string"},"payload":"six","payload":"seven"}',
      '{"schema":{"type":"string","optional":true},"payload":null}',
      '{"schema":null,"payload":{"k":[1]}}',
      '{"schema":{"type":"string"},"payload":7}',
    ].map(text => Buffer.from(text));
    expectSameReading(() => new JsonConverter(), {}, [...envelopes.slice(0, 8), ...envelopes]);
  });
});

describe('batches bear large texts', () => {
  test.each(CONVERTERS.slice(0, 2))('%s: 100 MB with a quote at the end', (_name, create, props) => {
    const text = Buffer.alloc(100 * 1024 * 1024, 'x');
    text[text.length - 1] = 0x22;
    const converter = configured(create, props);
    const packed = encoded(converter, pack([text]));
    const out = new ByteColumn(1, 8);
    expect(converter.decode('t', packed, 0, 1, out)).toBe(1);
    expect(out.at(0)?.equals(text)).toBe(true);
  });
});
