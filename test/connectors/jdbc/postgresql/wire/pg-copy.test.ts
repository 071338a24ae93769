/** Rows that go to PostgreSQL by COPY. */

import type { BindValue, WriteMode } from '../../../../../src/connectors/jdbc/database/connection';
import { type Column, PLAIN_COLUMN } from '../../../../../src/connectors/jdbc/database/values/column';
import { PgBatchWriter } from '../../../../../src/connectors/jdbc/postgresql/pg-batch-writer';
import { PG_IDENTIFIERS } from '../../../../../src/connectors/jdbc/postgresql/pg-identifiers';
import { PgCopyText } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-copy-text';

const LONG = 'x'.repeat(100);

test.each<[BindValue, string]>([
  [null, '\\N'],
  ['', ''],
  ['a b', 'a b'],
  ['\\N', '\\\\N'],
  ['\\.', '\\\\.'],
  ['a\tb\nc\rd\\e', 'a\\tb\\nc\\rd\\\\e'],
  [`${LONG}\n${LONG}`, `${LONG}\\n${LONG}`],
  ['é😀', 'é😀'],
  ['\x01\x7f', '\x01\x7f'],
  [12345678901234567890n, '12345678901234567890'],
  [-0.5, '-0.5'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [true, 'true'],
  [Buffer.from([0, 255]), '\\\\x00ff'],
])('%j is a field', (value, text) => {
  expect(new PgCopyText().write([[value, value], [value]]).toString()).toBe(`${text}\t${text}\n${text}\n`);
});

test('the buffer grows, and is used again', () => {
  const text = new PgCopyText();
  const rows = Array.from({ length: 5000 }, (_, i) => [i, LONG, 'ü'.repeat(i % 70)] as const);
  const expected = rows.map(row => `${row.join('\t')}\n`).join('');
  for (let round = 0; round < 2; round++) expect(text.write(rows).toString()).toBe(expected);
  expect(text.write([['a']]).toString()).toBe('a\n');
});

test('U+0000, which PostgreSQL cannot hold, is an error of the row', () => {
  for (const value of ['a\0b', `${LONG}\0`]) expect(() => new PgCopyText().write([[value]])).toThrow('invalid byte sequence');
});

describe('a writer', () => {
  const column = (name: string): Column => ({ ...PLAIN_COLUMN, name, type: 'TEXT', typeName: 'text' });
  const rows = (count: number): BindValue[][] => Array.from({ length: count }, (_, i) => [i, 'v']);

  async function sent(mode: WriteMode, count: number, takesCopy: boolean): Promise<string[]> {
    const seen: string[] = [];
    const plan = {
      mode,
      table: { catalog: null, schema: 's', table: 't"' },
      keys: [column('k')],
      others: [column('v')],
      quoting: 'always' as const,
    };
    const writer = new PgBatchWriter(PG_IDENTIFIERS, plan, {
      prepared: async sql => seen.push(sql.slice(0, sql.indexOf(' '))),
      copy: async (sql, data) => {
        seen.push(sql);
        return data.toString().split('\n').length - 1;
      },
      takesCopy: async () => {
        seen.push('asked');
        return takesCopy;
      },
    });
    await writer.write(rows(count));
    expect(await writer.write(rows(count))).toBe(mode === 'insert' && takesCopy && count > 200 ? count : seen.length);
    return seen;
  }

  test.each<[string, WriteMode, number, boolean, string[]]>([
    ['many inserts', 'insert', 1000, true, ['asked', ...Array(2).fill('COPY "s"."t""" ("k", "v") FROM STDIN')]],
    ['a table that COPY treats otherwise', 'insert', 1000, false, ['asked', 'INSERT', 'INSERT']],
    ['few inserts', 'insert', 100, true, ['INSERT', 'INSERT']],
    ['upserts', 'upsert', 1000, true, ['INSERT', 'INSERT']],
    ['updates', 'update', 1000, true, ['UPDATE', 'UPDATE']],
  ])('%s', async (_, mode, count, takesCopy, expected) => {
    expect(await sent(mode, count, takesCopy)).toEqual(expected);
  });
});
