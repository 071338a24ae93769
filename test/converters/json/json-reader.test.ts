import { decodeBase64 } from '../../../src/converters/json/json-base64';
import { JsonConverter } from '../../../src/converters/json/json-converter';
import { asUtf8 } from '../../../src/converters/json/json-encoding';
import { JsonReader } from '../../../src/converters/json/json-reader';
import { JsonDecimal, MISSING } from '../../../src/converters/json/json-value';
import { randomText, seeded } from '../../../src/testing/data/random';

function read(document: string | Buffer): unknown {
  return new JsonReader().read(asUtf8(Buffer.from(document)));
}

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

test.each<[string, unknown]>([
  ['', MISSING],
  [' \n\r\t', MISSING],
  ['0012', 12],
  ['-0', 0],
  ['999999999999999', 999999999999999],
  ['9007199254740993', 9007199254740993n],
  ['-123456789012345678901234567890', -123456789012345678901234567890n],
  ['1.50', new JsonDecimal('1.50')],
  ['1e400', new JsonDecimal('1e400')],
  ['"\\u00e9\\uD83D\\ude00\\ud83d"', 'é😀\ud83d'],
  ['"a\\"\\\\\\/\\b\\f\\n\\r\\t"', 'a"\\/\b\f\n\r\t'],
  ['"\u007f\u2028"', '\u007f\u2028'],
  ['[1 , [ ] , { } , null]', [1, [], new Map(), null]],
  [
    '{"a":1,"b":2,"a":3}',
    new Map([
      ['a', 3],
      ['b', 2],
    ]),
  ],
  ['true]', true],
  ['null"x', null],
  ['"x"garbage', 'x'],
  ['{}}', new Map()],
  ['1 garbage', 1],
])('reads %s', (document, value) => expect(read(document)).toEqual(value));

test.each([
  ['overlong zero', [0x22, 0xc0, 0x80, 0x22], '\u0000'],
  ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], '\ud800'],
  ['UTF-16 little-endian', [...Buffer.from('"é"', 'utf16le')], 'é'],
  ['UTF-16 with mark', [0xff, 0xfe, ...Buffer.from('"é"', 'utf16le')], 'é'],
  ['UTF-32 big-endian', [0, 0, 0, 0x22, 0, 0, 0, 0xe9, 0, 0, 0, 0x22], 'é'],
  ['UTF-8 with mark', [0xef, 0xbb, 0xbf, 0x22, 0x78, 0x22], 'x'],
])('reads %s as Jackson does', (_name, bytes, text) => expect(read(Buffer.from(bytes))).toBe(text));

test.each([
  'NaN',
  'Infinity',
  '-',
  '-x',
  '+1',
  '.5',
  '1.',
  '1.e5',
  '1e',
  '1e+',
  '0x10',
  '1,',
  'tru',
  'truex',
  'nulll',
  'hello',
  '{',
  '[',
  '[1',
  '[1,]',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,}',
  '{a:1}',
  "{'a':1}",
  '"',
  '"a',
  '"\\',
  '"\\x"',
  '"\\u12"',
  '"\\u12g4"',
  '"\n"',
  '"\u0000"',
  '/* */ 1',
  ']',
  '1e99999999999',
  '9'.repeat(1001),
  '\u0000',
  '\u00a01',
])('refuses %j', document => {
  expect(() => read(document)).toThrow(expect.objectContaining({ code: 'SerializationException' }));
});

test.each([[[0x22, 0xff, 0x22]], [[0x22, 0xc3, 0x22]], [[0x22, 0xe2, 0x82, 0x22]], [[0x22, 0xf0, 0x9f, 0x98]], [[0x22, 0x80, 0x22]]])(
  'refuses the bytes %p',
  bytes => expect(() => read(Buffer.from(bytes))).toThrow(expect.objectContaining({ code: 'SerializationException' })),
);

test('bears 1000 levels and refuses more, however many', () => {
  expect(read(nested(1000))).toHaveLength(1);
  for (const levels of [1001, 10_000, 1_000_000]) {
    expect(() => read(nested(levels))).toThrow('nesting depth');
    expect(() => read('{"a":'.repeat(levels))).toThrow('nesting depth');
  }
});

test('reads a string of 100 MB', () => {
  const text = 'x'.repeat(100 * 1024 * 1024);
  expect(read(Buffer.concat([Buffer.from('"'), Buffer.from(text), Buffer.from('"')]))).toBe(text);
});

test.each([
  ['', ''],
  ['dGVzdA==', 'test'],
  [' dGVz dA== ', 'test'],
  ['dA==dGVz', 'ttes'],
])('base64 %p', (text, bytes) => expect(decodeBase64(text)?.toString()).toBe(bytes));

test.each(['%%%', 'dGVzdA', 'dGVzdA=', 'dGV', 'd', 'd===', 'dG=z', 'dGVz=', 'dG Vz', '-_-_'])('base64 refuses %p', text => {
  expect(decodeBase64(text)).toBeNull();
});

describe('JsonConverter with deep data', () => {
  const converter = new JsonConverter();
  converter.configure({ 'schemas.enable': 'false' }, 'value');

  test('refuses to read 10,000 levels', () => {
    expect(() => converter.toConnectData('t', Buffer.from(nested(10_000)))).toThrow(expect.objectContaining({ code: 'DataException' }));
  });

  test('refuses to write 10,000 levels', () => {
    let list: unknown[] = [];
    for (let i = 0; i < 10_000; i++) list = [list];
    expect(() => converter.fromConnectData('t', null, list)).toThrow(expect.objectContaining({ code: 'DataException' }));
  });

  test('writes and reads 1000 levels', () => {
    const bytes = Buffer.from(nested(1000));
    expect(converter.fromConnectData('t', null, converter.toConnectData('t', bytes).value)).toEqual(bytes);
  });

  test('puts equal keys of a map together', () => {
    const reader = new JsonConverter();
    reader.configure({}, 'value');
    const schema = '{"type":"map","keys":{"type":"int32"},"values":{"type":"int32"}}';
    const { value } = reader.toConnectData('t', Buffer.from(`{"schema":${schema},"payload":[[5000,1],[5000,2]]}`));
    expect((value as Map<unknown, unknown>).size).toBe(1);
  });
});

test('names that are read again and again stay apart, whatever they are', () => {
  const random = seeded(41);
  const reader = new JsonReader();
  for (let round = 0; round < 2000; round++) {
    const names = Array.from({ length: 1 + random(6) }, () => (random(3) === 0 ? randomText(random) : `n${random(700)}`));
    const object = Object.fromEntries(names.map((name, i) => [`_${name}`, i]));
    const document = Buffer.from(JSON.stringify(object));
    expect(reader.read(document)).toEqual(new Map(Object.entries(object)));
  }
});

test('integers of any length end where they end', () => {
  const random = seeded(42);
  const reader = new JsonReader();
  for (let round = 0; round < 2000; round++) {
    const digits = Array.from({ length: 1 + random(25) }, () => random(10)).join('');
    const text = (random(2) === 0 ? '-' : '') + digits;
    const [value] = reader.read(Buffer.from(`[${text}${random(2) === 0 ? ' ' : ''}]`)) as unknown[];
    expect(BigInt(value as number | bigint)).toBe(BigInt(digits) * (text.startsWith('-') ? -1n : 1n));
    expect(Object.is(value, -0)).toBe(false);
  }
});
