import type { Props } from '../../../src/api/connector';
import { JsonConverter } from '../../../src/converters/json/json-converter';
import { BigDecimal } from '../../../src/data/java/big-numbers';
import { Int32 } from '../../../src/data/java/boxed';
import { INT32_SCHEMA } from '../../../src/data/schema/connect-schema';
import { decimalBuilder } from '../../../src/data/schema/logical';

const INT32_CONTENT = '{"type":"int32","optional":false}';

function configured(props: Props, type: 'value' | 'header' = 'value'): JsonConverter {
  const json = new JsonConverter();
  json.configure(props, type);
  return json;
}

function read(props: Props, text: string): unknown {
  return configured(props).toConnectData('t', Buffer.from(text)).value;
}

describe('schema.content', () => {
  test('reads payloads that come without schema', () => {
    expect(configured({ 'schema.content': INT32_CONTENT }).toConnectData('t', Buffer.from('5'))).toEqual({
      schema: expect.objectContaining({ type: 'INT32', optional: false }) as unknown,
      value: Int32.of(5),
    });
  });

  test('unwraps no envelope: that is no number, so it reads as 0', () => {
    expect(read({ 'schema.content': INT32_CONTENT }, `{"schema":${INT32_CONTENT},"payload":5}`)).toEqual(Int32.of(0));
  });

  test('matters neither without schemas nor for writing', () => {
    expect(read({ 'schema.content': INT32_CONTENT, 'schemas.enable': 'false' }, '5')).toBe(5n);
    const written = configured({ 'schema.content': INT32_CONTENT }).fromConnectData('t', INT32_SCHEMA, Int32.of(5));
    expect(String(written)).toBe(`{"schema":${INT32_CONTENT},"payload":5}`);
  });

  test.each([[''], ['  '], ['null']])('%p is none', content => {
    expect(read({ 'schema.content': content }, '{"schema":null,"payload":1}')).toBe(1n);
  });

  test('may be followed by anything', () => {
    expect(read({ 'schema.content': `${INT32_CONTENT} x` }, '5')).toEqual(Int32.of(5));
  });

  test.each([
    ['{', 'Failed to parse schema in converter config due to serialization error: '],
    ['[]', "Schema must contain 'type' field"],
    ['{"type":"struct"}', 'Struct schema\'s "fields" argument is not an array.'],
  ])('%p is refused at once', (content, message) => {
    expect(() => configured({ 'schema.content': content })).toThrow(expect.objectContaining({ code: 'DataException', message }) as Error);
  });
});

test('settings that mean nothing are refused, caches of no size are not', () => {
  expect(() => configured({ 'decimal.format': 'x' })).toThrow(
    'Invalid value x for configuration decimal.format: String must be one of (case insensitive): NUMERIC, BASE64',
  );
  expect(read({ 'schemas.cache.size': '-1' }, '{"schema":null,"payload":1}')).toBe(1n);
});

test.each([
  [' base64 ', '"AJw="'],
  ['NuMeRic', '1.56'],
])('decimals with decimal.format=%p', (format, payload) => {
  const json = configured({ 'decimal.format': format, 'schemas.enable': 'false' });
  expect(String(json.fromConnectData('t', decimalBuilder(2).build(), new BigDecimal(156n, 2)))).toBe(payload);
});

test('headers are read and written as values are', () => {
  const json = configured({}, 'header');
  const bytes = json.fromConnectHeader('t', 'h', INT32_SCHEMA, Int32.of(5));
  expect(String(bytes)).toBe(`{"schema":${INT32_CONTENT},"payload":5}`);
  expect(json.toConnectHeader('t', 'h', bytes).value).toEqual(Int32.of(5));
});
