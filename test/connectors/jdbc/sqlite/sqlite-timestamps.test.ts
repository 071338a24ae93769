/** Timestamps of SQLite as programs keep them: text in several forms, days of the Julian calendar, milliseconds; read and compared alike. */
import type { Connection } from '../../../../src/connectors/jdbc/database/connection';
import { positionOfOffset, type SourcePosition } from '../../../../src/connectors/jdbc/source/source-offset';
import { readSourceSettings } from '../../../../src/connectors/jdbc/source/source-settings';
import { TableReader } from '../../../../src/connectors/jdbc/source/table-reader';
import { SQLITE } from '../../../../src/connectors/jdbc/sqlite/sqlite-dialect';
import type { SourceRecord } from '../../../../src/data/record/record';
import { Struct } from '../../../../src/data/schema/struct';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { recordsOfBatches } from '../../../helpers/fakes/row-batches';
import { runSqlite } from '../../../helpers/servers/sqlite';
import { TempDir } from '../../../helpers/temp-dir';

const LIMIT = { rows: 1000, bytes: 1 << 20 };

let dir: TempDir;
let file: string;
let connection: Connection;
beforeEach(async () => {
  dir = new TempDir('sqlite-timestamps');
  file = dir.file('x.db');
  const props = { mode: 'bulk', 'connection.url': `jdbc:sqlite:${file}` };
  connection = await SQLITE.connect(readSourceSettings(props, 'confluent').connection.options);
});
afterEach(async () => {
  await connection.close();
  dir.remove();
});

const refuse = (error: Error): void => {
  throw error;
};

function readerOf(settings: Record<string, string>, last?: SourcePosition): TableReader {
  const props = {
    'connection.url': `jdbc:sqlite:${file}`,
    'topic.prefix': 'x-',
    'poll.interval.ms': '0',
    'timestamp.column.name': 'ts',
    'incrementing.column.name': settings.mode === 'timestamp' ? '' : 'id',
    ...settings,
  };
  const parsed = readSourceSettings(props, 'confluent');
  const subject = parsed.query === null ? { table: SQLITE.parseTable('t') } : { query: parsed.query };
  const incrementing = settings.mode === 'timestamp' ? null : -1n;
  return new TableReader(subject, parsed, last ?? { timestamp: { ms: 0, nanos: 0 }, incrementing }, refuse, fakeLogger());
}

/** All that one query finds. */
async function readAll(reader: TableReader): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  do records.push(...(await recordsOfBatches(reader.read(connection, LIMIT))));
  while (reader.isOpen);
  return records;
}

const idOf = ({ value }: SourceRecord): number => (value instanceof Struct ? Number(value.get('id')) : Number.NaN);

/** One moment each, from early to late, in every form. */
const FORMS: readonly (readonly [literal: string, iso: string])[] = [
  ["'1969-12-31T23:59:59.999999999Z'", ''],
  ["'2024-01-01'", '2024-01-01T00:00:00.000Z'],
  ["'2024-01-01 12:00'", '2024-01-01T12:00:00.000Z'],
  ["'2024-01-01 12:00:00'", '2024-01-01T12:00:00.000Z'],
  ["'2024-01-01T12:00:00.1239'", '2024-01-01T12:00:00.123Z'],
  ["'2024-01-01T12:00:00.123999Z'", '2024-01-01T12:00:00.123Z'],
  ["'2024-01-01 13:00:01+01:00'", '2024-01-01T12:00:01.000Z'],
  ['1704110402000', '2024-01-01T12:00:02.000Z'],
  ["julianday('2024-01-01 12:00:03')", '2024-01-01T12:00:03.000Z'],
  ["'2024-01-01 12:00:03.999999'", '2024-01-01T12:00:03.999Z'],
];

describe.each(['TIMESTAMP', 'DATETIME', 'TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP'])('ts %s', declaration => {
  test.each(['timestamp', 'timestamp+incrementing'])('mode %s: every form is read, in order, once', async mode => {
    const rows = FORMS.map(([literal], i) => `(${i}, ${literal})`).reverse();
    runSqlite(file, `CREATE TABLE t (id integer NOT NULL, ts ${declaration});\nINSERT INTO t VALUES ${rows.join(', ')};`);
    const reader = readerOf({ mode });
    const records = await readAll(reader);
    // before 1970, where the modes begin
    expect(records.map(idOf)).toEqual(mode === 'timestamp' ? expect.arrayContaining([1, 2, 3, 9]) : [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(records).toHaveLength(9);
    for (const record of records) {
      const { value } = record;
      expect((value as Struct).get('ts')).toEqual(new Date(FORMS[idOf(record)]?.[1] ?? ''));
    }
    expect(await readAll(reader)).toEqual([]);
    expect(records.at(-1)?.sourceOffset).toMatchObject({ timestamp: BigInt(Date.parse('2024-01-01T12:00:03.999Z')) });
    // from a stored offset, as after a restart
    const stored = positionOfOffset(records.find(record => idOf(record) === 5)?.sourceOffset ?? null);
    expect((await readAll(readerOf({ mode }, stored))).map(idOf)).toEqual([6, 7, 8, 9]);
    runSqlite(file, "INSERT INTO t VALUES (10, '2024-01-01 12:00:04');");
    expect((await readAll(reader)).map(idOf)).toEqual([10]);
  });
});

test('texts without a zone are wall clock times of db.timezone; in a query, and in columns of text too', async () => {
  runSqlite(
    file,
    "CREATE TABLE t (id integer NOT NULL, ts text);\nINSERT INTO t VALUES (1, '2024-07-01 10:00:00'), (2, '2024-07-01T08:00:01Z'), (3, '2024-07-01 10:00:02');",
  );
  const settings = { mode: 'timestamp', 'db.timezone': 'Europe/Berlin', query: 'SELECT * FROM t' };
  const records = await readAll(readerOf(settings));
  expect(records.map(idOf)).toEqual([1, 2, 3]);
  expect(records.at(-1)?.sourceOffset).toMatchObject({ timestamp: BigInt(Date.parse('2024-07-01T08:00:02Z')) });
});

test('rows of CURRENT_TIMESTAMP wait until their second is over, and rows of later are left', async () => {
  runSqlite(
    file,
    `CREATE TABLE t (id integer NOT NULL, ts timestamp DEFAULT CURRENT_TIMESTAMP);
INSERT INTO t VALUES (1, '2024-01-01 00:00:00'), (2, '2099-01-01 00:00:00');`,
  );
  const reader = readerOf({ mode: 'timestamp' });
  expect((await readAll(reader)).map(idOf)).toEqual([1]);
  const sent: number[] = [];
  for (let id = 3; id < 60; id++) {
    runSqlite(file, `INSERT INTO t (id) VALUES (${id});`);
    sent.push(...(await readAll(reader)).map(idOf));
    await new Promise(resolve => setTimeout(resolve, 40));
  }
  await new Promise(resolve => setTimeout(resolve, 1100));
  sent.push(...(await readAll(reader)).map(idOf));
  expect(sent).toEqual(Array.from({ length: 57 }, (_, i) => i + 3));
});

test('milliseconds alone are compared as they are, so that an index helps', async () => {
  runSqlite(
    file,
    'CREATE TABLE t (id integer NOT NULL, ts timestamp);\nCREATE INDEX by_ts ON t (ts);\nINSERT INTO t VALUES (1, 1704110402000);',
  );
  const statements: string[] = [];
  const spied = Object.assign(Object.create(connection) as Connection, {
    openCursor: (sql: string, ...rest: [never, never]) => {
      statements.push(sql);
      return connection.openCursor(sql, ...rest);
    },
  });
  const reader = readerOf({ mode: 'timestamp' });
  expect((await reader.read(spied, LIMIT)).length + (await reader.read(spied, LIMIT)).length).toBe(1);
  expect(statements.join()).not.toContain('connect_micros');
  const plan = await connection.query(`EXPLAIN QUERY PLAN ${statements[0]}`, [2n ** 53n, 0n]);
  expect(plan.flat().join(' ')).toContain('by_ts');
});

test('a text that is not a timestamp ends the reading with its text, and is not passed over', async () => {
  runSqlite(file, "CREATE TABLE t (id integer NOT NULL, ts timestamp);\nINSERT INTO t VALUES (1, 'yesterday');");
  await expect(readAll(readerOf({ mode: 'timestamp' }))).rejects.toThrow('"yesterday" is not a date');
});
