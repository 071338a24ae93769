/** Arrays of PostgreSQL: what stands for a column of rows. */
import type { BindValue } from '../../../../../src/connectors/jdbc/database/connection';
import { DatabaseError } from '../../../../../src/connectors/jdbc/database/database-error';
import { TextBuffer } from '../../../../../src/connectors/jdbc/database/values/text-buffer';
import { arrayLiteral, columnLiteral } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-array';

const LONG = 'x'.repeat(100_000);

test.each<[BindValue, string]>([
  [null, 'NULL'],
  ['NULL', '"NULL"'],
  ['', '""'],
  ['plain text', '"plain text"'],
  ['a,b{c}', '"a,b{c}"'],
  ['say "so"', '"say \\"so\\""'],
  ['C:\\temp', '"C:\\\\temp"'],
  ['two\nlines\tand a tab', '"two\nlines\tand a tab"'],
  ['Grüße 😀', '"Grüße 😀"'],
  [LONG, `"${LONG}"`],
  [-12.5, '-12.5'],
  [2n ** 63n, '9223372036854775808'],
  [true, 'true'],
  [Buffer.from([0, 255]), '"\\\\x00ff"'],
])('%p stands in a column, between others and alone', (value, expected) => {
  const text = new TextBuffer();
  expect(columnLiteral([[0, 'a'], [0, value], [0, 'b'], []], 1, text)).toBe(`{"a",${expected},"b",NULL}`);
  expect(columnLiteral([[value]], 0, text)).toBe(`{${expected}}`);
  expect(arrayLiteral([value])).toBe(`{${expected}}`);
});

test('a text with U+0000 is refused, as PostgreSQL cannot hold it', () => {
  expect(() => columnLiteral([['a'], ['b\0']], 0, new TextBuffer())).toThrow(DatabaseError);
});
