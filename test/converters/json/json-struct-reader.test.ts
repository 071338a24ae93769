/** Payloads that are read straight into a struct must become what they become the long way, errors included. */
import { JsonConverter } from '../../../src/converters/json/json-converter';
import { javaText } from '../../../src/data/java/java-text';
import { Struct } from '../../../src/data/schema/struct';

const field = (name: string, type: string, more: object = {}): object => ({ type, optional: true, field: name, ...more });
const logical = (name: string): object => ({ name: `org.apache.kafka.connect.data.${name}`, version: 1 });
const FIELDS = [
  field('id', 'int64', { optional: false }),
  field('name', 'string'),
  field('score', 'double'),
  field('at', 'int64', logical('Timestamp')),
  field('price', 'bytes', { ...logical('Decimal'), parameters: { scale: '2' } }),
  field('done', 'boolean'),
  field('day', 'int32', logical('Date')),
  field('small', 'int32', { default: 7 }),
  field('raw', 'bytes'),
  field('rate', 'float'),
];
const HEAD = `{"schema":${JSON.stringify({ type: 'struct', fields: FIELDS, optional: false })},"payload":`;
const PLAIN: Readonly<Record<string, string>> = {
  id: '1',
  name: '"n"',
  score: '0.5',
  at: '1704067200000',
  price: '"AeI="',
  done: 'true',
  day: '19000',
  small: '3',
  raw: '"AAEC"',
  rate: '1.5',
};

const payload = (changes: Readonly<Record<string, string>>): string =>
  `{${Object.entries({ ...PLAIN, ...changes })
    .map(([name, text]) => `"${name}":${text}`)
    .join(',')}}`;

/** What becomes of a message, by a converter that has read one like it before, or by a new one, which always goes the long way. */
function shown(message: string, seen: boolean): string {
  const converter = new JsonConverter();
  converter.configure({}, 'value');
  if (seen) converter.toConnectData('t', Buffer.from(`${HEAD}${payload({})}}`));
  try {
    const { value } = converter.toConnectData('t', Buffer.from(message));
    return value instanceof Struct
      ? value.values.map(one => `${typeof one} ${javaText(one)} ${Object.is(one, -0)}`).join(' | ')
      : String(value);
  } catch (error) {
    return String(error);
  }
}

const LONGS = [
  '0',
  '-0',
  '-1',
  '007',
  '999999999999999',
  '-999999999999999',
  '9007199254740993',
  '9223372036854775808',
  '1.0',
  '1e3',
  '"1"',
  'null',
];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  id: [...LONGS, '1 ', ' 1', 'true', '{}', '[]', '', '-', '1x'],
  name: ['""', '"a\\"b"', '"a\\u0041"', '"é"', '"\\ud83d\\ude00"', '"😀"', '"a\tb"', '"open', 'null', '5', '{"a":1}', "'a'", '"\x7f"'],
  score: [
    '0',
    '-0',
    '-0.0',
    '5',
    '14285.857142857143',
    '1e300',
    '1.5E-7',
    '1.',
    '.5',
    '-.5',
    '1.2.3',
    '123456789012345678901234567890',
    '0.1234567890123456789012345678901234',
    'NaN',
    'null',
    '"1.5"',
  ],
  at: [...LONGS, '8640000000000001', '-62135596800000'],
  price: [
    '""',
    '"AA=="',
    '"/w=="',
    '"gAAAAAAA"',
    '"f////////w=="',
    '"AeJ="',
    '"AeI"',
    '"A==="',
    '"A"',
    '"AA AA"',
    '"A-_="',
    'null',
    '1.25',
    '125',
    '"AQ=="',
  ],
  done: ['false', 'null', 'True', 'truex', 'falsey', 'true ', '1', '"true"', 'tru', ''],
  day: ['-1', '0', '2147483648', '1.5', 'null', '"x"'],
  small: ['null', '4294967297', '-2147483648', '1.5'],
  raw: ['null', '""', '"AA==', '"!"', '5'],
  rate: ['1', '3.4e39', '0.1', 'null', '"x"'],
};

const cases = Object.entries(VALUES).flatMap(([name, texts]) => texts.map(text => [name, text] as const));

test.each(cases)('%s is %s: as the long way', (name, text) => {
  const message = `${HEAD}${payload({ [name]: text })}}`;
  expect(shown(message, true)).toBe(shown(message, false));
});

test.each([
  ['members in another order', '{"name":"n","id":1}'],
  ['a member twice', payload({}).replace('{', '{"id":5,')],
  ['one member too many', payload({}).replace(/}$/, ',"more":1}')],
  ['a member missing', payload({}).replace(',"rate":1.5', '')],
  ['space', payload({}).replaceAll(':', ' : ')],
  ['nothing in it', '{}'],
  ['null', 'null'],
  ['no end', payload({}).slice(0, -1)],
  ['an escaped name', payload({}).replace('"id"', '"\\u0069d"')],
])('%s: as the long way', (_, text) => {
  for (const end of ['}', '', '} ', ' }', ',"x":1}', '}}']) {
    expect(shown(HEAD + text + end, true)).toBe(shown(HEAD + text + end, false));
  }
});

test('random cuts and changed bytes: as the long way', () => {
  const whole = `${HEAD}${payload({ name: '"some text"' })}}`;
  for (let at = HEAD.length; at < whole.length; at++) {
    for (const changed of [
      whole.slice(0, at),
      `${whole.slice(0, at)}9${whole.slice(at + 1)}`,
      `${whole.slice(0, at)}"${whole.slice(at)}`,
    ]) {
      expect(shown(changed, true)).toBe(shown(changed, false));
    }
  }
});

test('an object of an array of fields that are more than a value goes the long way as a whole', () => {
  const schema = { type: 'struct', fields: [field('list', 'array', { items: { type: 'int32' } })] };
  const message = Buffer.from(JSON.stringify({ schema, payload: { list: [1, 2] } }));
  const converter = new JsonConverter();
  converter.configure({}, 'value');
  const texts = [1, 2].map(() => javaText(converter.toConnectData('t', message).value));
  expect(texts).toEqual(['Struct{list=[1, 2]}', 'Struct{list=[1, 2]}']);
});
