import { JsonConverter } from '../../../src/converters/json/json-converter';
import { LruCache } from '../../../src/data/lru-cache';
import type { Schema } from '../../../src/data/schema/schema';

function converter(props: Readonly<Record<string, string>> = {}): JsonConverter {
  const created = new JsonConverter();
  created.configure(props, 'value');
  return created;
}

function envelope(name: string, payload: string): Buffer {
  return Buffer.from(`{"schema":{"type":"string","name":"${name}"},"payload":${payload}}`);
}

function schemasOf(target: JsonConverter, names: readonly string[]): (Schema | null)[] {
  return names.map(name => target.toConnectData('t', envelope(name, '"x"')).schema);
}

test('a schema met again is the same object, while the cache holds it', () => {
  const [a, b, again] = schemasOf(converter(), ['a', 'b', 'a']);
  expect(again).toBe(a);
  expect(b).not.toBe(a);
});

test('a cache of one forgets', () => {
  const [a, , again] = schemasOf(converter({ 'schemas.cache.size': '1' }), ['a', 'b', 'a']);
  expect(again).not.toBe(a);
  expect(again).toEqual(a);
});

test.each(['0', '-1'])('a cache of %s works', size => {
  expect(schemasOf(converter({ 'schemas.cache.size': size }), ['a', 'b']).map(schema => schema?.name)).toEqual(['a', 'b']);
});

test('what begins as the last envelope but goes on otherwise is read as a whole', () => {
  const target = converter();
  target.toConnectData('t', envelope('a', '"x"'));
  expect(target.toConnectData('t', envelope('a', '"y" , "payload" : "z"')).value).toBe('z');
  expect(() => target.toConnectData('t', envelope('a', '"y","more":1'))).toThrow('requires "schema" and "payload" fields');
  expect(() => target.toConnectData('t', envelope('a', '"y'))).toThrow('failed due to serialization error');
  expect(() => target.toConnectData('t', envelope('a', ''))).toThrow('failed due to serialization error');
});

test('values read do not change when the bytes do', () => {
  const target = converter();
  const bytes = envelope('a', '"first"');
  const { value } = target.toConnectData('t', bytes);
  bytes.fill(0);
  expect(value).toBe('first');
  expect(target.toConnectData('t', envelope('a', '"second"')).value).toBe('second');
});

test('a schema that is rejected is rejected each time', () => {
  const target = converter();
  const bytes = Buffer.from('{"schema":{"type":"x"},"payload":1}');
  for (let i = 0; i < 2; i++) expect(() => target.toConnectData('t', bytes)).toThrow('Unknown schema type: x');
});

test('LruCache keeps what was used last', () => {
  const cache = new LruCache<string, number>(2);
  cache.put('a', 1);
  cache.put('b', 2);
  cache.get('a');
  cache.put('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
});
