/** Texts from outside that would keep a careless pattern of JavaScript busy for hours: each takes its time by the length of the text. */
import { parseType } from '../src/api/config-types';
import { ConfigTransformer } from '../src/config/providers/config-transformer';
import { hintForMissing, hintForNew } from '../src/connectors/file/shared/path-hints';
import { columnOfDeclaration } from '../src/connectors/jdbc/sqlite/sqlite-columns';
import { readJdbcUrl } from '../src/connectors/jdbc/url/jdbc-url';
import { parseDatePattern } from '../src/java/date/simple-date-pattern';
import { variable } from './helpers/vectors/fixtures';

const LONG = 1_000_000;
const transformer = new ConfigTransformer(new Map());

const readings: readonly (readonly [string, (text: string) => unknown, readonly string[]])[] = [
  ['a list', text => parseType('topics', text, 'LIST'), [`a${' '.repeat(LONG)}b`, `a${' ,'.repeat(LONG)}`, `x${'\t'.repeat(LONG)},`]],
  [
    'variables',
    text => transformer.transform({ key: text }),
    ['${'.repeat(LONG), `${'${'}${':'.repeat(LONG)}`, '${a:'.repeat(LONG), variable('a').repeat(LONG)],
  ],
  [
    'a declared type',
    text => columnOfDeclaration('c', text),
    [`a${' '.repeat(LONG)}b`, `a(${'1'.repeat(LONG)}`, `a(1${' '.repeat(LONG)}x`],
  ],
  ['a date pattern', text => parseDatePattern(text), [`'${'x'.repeat(LONG)}'`, 'yM'.repeat(LONG), 'y'.repeat(LONG)]],
  [
    'a path that names no file',
    text => [hintForNew(text), hintForMissing(text)],
    ['[', '{,', '${', '{', ',', ' ', '${{,'].flatMap(pump => [pump.repeat(LONG), pump.repeat(4096 / pump.length)]),
  ],
  [
    'the URL of a database',
    text => refused(() => readJdbcUrl(`jdbc:postgresql://h/${text}`)),
    ['&', ';', ';&', '%', ':', '[', '@'].map(pump => pump.repeat(LONG)),
  ],
];

/** Reads what may be refused: the time counts. */
function refused(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

test.each(readings)('%s is read in a time that grows with its length', (_, read, texts) => {
  const begin = process.cpuUsage().user;
  for (const text of texts) read(text);
  expect(process.cpuUsage().user - begin).toBeLessThan(10_000_000);
});

test('Variables are found as Java finds them', () => {
  const provider = {
    configure: () => {},
    close: () => {},
    get: (path: string, keys: ReadonlySet<string>) => ({ data: Object.fromEntries([...keys].map(key => [key, `<${path}|${key}>`])) }),
  };
  const resolve = (text: string) =>
    new ConfigTransformer(
      new Map([
        ['p', provider],
        ['a${p', provider],
        ['', provider],
      ]),
    ).transform({ text }).data.text;
  const inBraces = variable;
  expect(resolve(`x${inBraces('p:k')}y${inBraces('p:a:b:c')}z`)).toBe('x<|k>y<a|b:c>z');
  expect(resolve(`${inBraces('a')}${inBraces('p:k')}`)).toBe(`${inBraces('a')}<|k>`);
  expect(resolve(`$\{a${inBraces('p:k')}}`)).toBe('<|k>}');
  expect(resolve(`${inBraces(':k')}${inBraces('p:')}${inBraces('p::')}`)).toBe('<|k><|><|>');
  expect(resolve(`${inBraces('q:k')} $\{p:k`)).toBe(`${inBraces('q:k')} $\{p:k`);
});
