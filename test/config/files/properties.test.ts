import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProperties, parseProperties, parseSettings } from '../../../src/config/files/properties';
import { errorOf, readVectors, type VectorCase } from '../../helpers/vectors/fixtures';

const directory = mkdtempSync(join(tmpdir(), 'properties-'));

describe('files are read as java.util.Properties does', () => {
  test.each(readVectors<VectorCase<{ bytes: string }, [string, string][]>>('config/Properties.json'))(
    '$name',
    ({ name, input, expect: wanted, error }) => {
      const bytes = Buffer.from(input.bytes, 'base64');
      if (error) {
        expect(errorOf(() => parseProperties(bytes.toString('latin1')))).toEqual({ class: error.class, message: error.message });
        return;
      }
      const path = join(directory, `${name}.properties`);
      writeFileSync(path, bytes);
      expect(Object.entries(loadProperties(path))).toEqual(wanted);
    },
  );
});

/** Seen on Java 17 by comparing random files. */
test.each([
  ['\\\n#', {}],
  ['\t\\\n\n\\b\\u0041\n', { bA: '' }],
  ['a\\\r\n b=1', { ab: '1' }],
  ['a=1\\\r\n  2', { a: '12' }],
  ['\\\n', { '': '' }],
  ['__proto__=1', JSON.parse('{"__proto__":"1"}')],
])('%j', (text, wanted) => {
  expect(parseProperties(text)).toEqual(wanted);
});

test('each setting has the line on which it begins, the last of equal ones counts', () => {
  const text = '\ufeff# a comment\r\n\r\nfirst=1\r\n\\\n \\\n  second : 2\\\n    more\rthird\nfirst=3\n';
  const lines = parseSettings(text, 'w.properties').map(({ key, text: value, origin }) => [key, value, origin]);
  const at = (line: number): unknown => ({ by: 'file', file: 'w.properties', line });
  expect(lines).toEqual([
    ['first', '3', at(9)],
    ['second', '2more', at(6)],
    ['third', '', at(8)],
  ]);
});

test('what is malformed can be collected: the rest is read', () => {
  const malformed: unknown[] = [];
  const settings = parseSettings('a=1\nb=\\u12\nc=3', 'w', ({ key }, { message }) => malformed.push([key, message]));
  expect(settings.map(({ key }) => key)).toEqual(['a', 'c']);
  expect(malformed).toEqual([['b', 'Malformed \\uxxxx encoding. (in w), line 2']]);
});

test('errors name the file', () => {
  const bad = join(directory, 'bad.properties');
  writeFileSync(bad, 'a=\\u12');
  expect(() => loadProperties(bad)).toThrow(`Malformed \\uxxxx encoding. (in ${bad})`);
  const missing = join(directory, 'missing.properties');
  expect(errorOf(() => loadProperties(missing))).toEqual({
    class: 'java.io.IOException',
    message: `${missing} (No such file or directory)`,
  });
  expect(() => loadProperties(directory)).toThrow(directory);
});
