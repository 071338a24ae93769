/** Where JSON is wrong, and what stands there: said alike wherever it is read. */
import { loadConnectorFile } from '../src/config/files/connector-file';
import { parseJson } from '../src/config/files/exact-json';
import { loadProperties, parseProperties } from '../src/config/files/properties';
import { JsonReader } from '../src/converters/json/json-reader';
import { TempDir } from './helpers/temp-dir';

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('json-positions');
});
afterEach(() => dir.remove());

test.each<[string, Uint8Array, RegExp]>([
  ['a byte that is no UTF-8, at its place in the document', Buffer.from('{"a":"\xff"}', 'latin1'), /Invalid UTF-8 start byte at byte 6$/],
  ['a sequence that is cut off', Buffer.from('{"a":"xy\xc3"}', 'latin1'), /continuation byte at byte 9$/],
  ['a word', Buffer.from('{"a": NaN}'), /Unrecognized token 'NaN' at byte 6$/],
  ['a sign', Buffer.from('{"é": ]}'), /Unrecognized token '\]' at byte 7$/],
])('a record with %s', (_, bytes, wanted) => {
  expect(() => new JsonReader().read(Buffer.from(bytes))).toThrow(wanted);
});

test.each([
  ['{"a": NaN}', "Malformed JSON: unexpected 'NaN' where a value should be at byte 6 (line 1, column 7)"],
  ['{"é": 1,\n "b" 2}', "Malformed JSON: unexpected '2' where ':' should be at byte 15 (line 2, column 6)"],
  ['{"a":1} x', "Malformed JSON: unexpected 'x' after the value at byte 8 (line 1, column 9)"],
])('a request %j', (text, wanted) => {
  expect(() => parseJson(text)).toThrow(wanted);
});

test('a byte order mark is no part of a document', () => {
  expect(parseJson('\ufeff{"a":true}')).toEqual({ a: true });
});

test('a connector file says what it holds in place of a value, and nothing else of it', () => {
  const file = dir.write('c.json', '{"name": "x", "password": "hidden", "a": NaN}');
  const problem = (): unknown => {
    try {
      return loadConnectorFile(file);
    } catch (error) {
      return (error as Error).cause;
    }
  };
  expect(String(problem())).toMatch(/unexpected 'NaN' where a value should be at byte 41/);
});

test('properties begin behind a byte order mark', () => {
  expect(loadProperties(dir.write('w.properties', '\ufeffa=1\nb=2\n'))).toEqual({ a: '1', b: '2' });
  expect(parseProperties('\ufeffa=1')).toEqual({ a: '1' });
  expect(loadConnectorFile(dir.write('c.properties', '\ufeffname=x\n')).name).toBe('x');
});

test.each([
  ['with a mark', Buffer.from('\ufeffa=1\n', 'utf16le')],
  ['big-endian', Buffer.from('\ufeffa=1\n', 'utf16le').swap16()],
  ['without a mark', Buffer.from('key=value\n', 'utf16le')],
])('UTF-16 %s is said', (_, bytes) => {
  const file = dir.write('w.properties', bytes);
  expect(() => loadProperties(file)).toThrow(`${file} is written in UTF-16. Save it as UTF-8`);
  expect(() => loadConnectorFile(file)).toThrow('is written in UTF-16');
});
