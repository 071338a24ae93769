/** Reads tables of SQLite, whose types bind nobody: the reader must not lose what they hold. */
import type { Connection } from '../../../../src/connectors/jdbc/database/connection';
import { readSourceSettings } from '../../../../src/connectors/jdbc/source/source-settings';
import { TableReader } from '../../../../src/connectors/jdbc/source/table-reader';
import { SQLITE } from '../../../../src/connectors/jdbc/sqlite/sqlite-dialect';
import type { SourceRecord } from '../../../../src/data/record/record';
import { Struct } from '../../../../src/data/schema/struct';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { recordsOfBatches } from '../../../helpers/fakes/row-batches';
import { runSqlite } from '../../../helpers/servers/sqlite';
import { TempDir } from '../../../helpers/temp-dir';

const LIMIT = { rows: 100, bytes: 1 << 20 };

let dir: TempDir;
let file: string;
let connection: Connection;
beforeEach(async () => {
  dir = new TempDir('table-reader');
  file = dir.file('x.db');
  const props = { mode: 'bulk', 'connection.url': `jdbc:sqlite:${file}` };
  connection = await SQLITE.connect(readSourceSettings(props, 'aiven').connection.options);
});
afterEach(async () => {
  await connection.close();
  dir.remove();
});

const refuse = (error: Error): void => {
  throw error;
};

/** A reader of table `t`, or of a query. @param skip what to do with a row that cannot be converted */
function readerOf(settings: Record<string, string> = {}, skip = refuse): TableReader {
  const props = { mode: 'bulk', 'connection.url': `jdbc:sqlite:${file}`, 'topic.prefix': 'x-', 'poll.interval.ms': '0', ...settings };
  const parsed = readSourceSettings(props, 'aiven');
  const subject = parsed.query === null ? { table: SQLITE.parseTable('t') } : { query: parsed.query };
  return new TableReader(
    subject,
    parsed,
    { timestamp: null, incrementing: settings.mode === 'incrementing' ? -1n : null },
    skip,
    fakeLogger(),
  );
}

/** Type and value of a field, for each record. */
const fields = (records: readonly SourceRecord[], name: string): unknown[] =>
  records.map(({ value, valueSchema }) => [
    valueSchema?.field(name)?.schema.type,
    value instanceof Struct ? (value.get(name) as { valueOf(): unknown } | null)?.valueOf() : null,
  ]);

test('a number too large for INTEGER widens the column from its row on, also in later queries', async () => {
  runSqlite(file, 'CREATE TABLE t (id integer NOT NULL, n integer);\nINSERT INTO t VALUES (1, 1), (2, 3000000000), (3, 2);');
  const reader = readerOf();
  const first = await recordsOfBatches(reader.read(connection, LIMIT));
  expect(fields(first, 'n')).toEqual([
    ['INT32', 1],
    ['INT64', 3_000_000_000n],
    ['INT64', 2n],
  ]);
  expect(first.map(({ value, valueSchema }) => (value as Struct).schema === valueSchema)).toEqual([true, true, true]);
  expect(await reader.read(connection, LIMIT)).toEqual([]);
  const again = await recordsOfBatches(reader.read(connection, LIMIT));
  expect(fields(again, 'n').map(field => (field as string[])[0])).toEqual(['INT64', 'INT64', 'INT64']);
  expect(fields(again, 'id')[0]).toEqual(['INT32', 1]);
});

test('a row that cannot be converted does not hold back those before it, nor does it let those behind it through', async () => {
  runSqlite(file, "CREATE TABLE t (id integer NOT NULL, n integer);\nINSERT INTO t VALUES (1, 1), (2, 'text'), (3, 3);");
  const reader = readerOf({ mode: 'incrementing', 'incrementing.column.name': 'id' });
  const records = await recordsOfBatches(reader.read(connection, LIMIT));
  expect(records.map(({ sourceOffset }) => sourceOffset)).toEqual([{ incrementing: 1n }]);
  await expect(reader.read(connection, LIMIT)).rejects.toThrow(/Column n: "text" is not a number/);
  await expect(reader.read(connection, LIMIT)).rejects.toThrow(/Column n/);
});

test('where errors are tolerated, a row that cannot be converted is left out once, and not looked at again', async () => {
  runSqlite(file, "CREATE TABLE t (id integer NOT NULL, n integer);\nINSERT INTO t VALUES (1, 'one'), (2, 2), (3, 'three');");
  const skipped: string[] = [];
  const reader = readerOf({ mode: 'incrementing', 'incrementing.column.name': 'id' }, error => void skipped.push(error.message));
  const offsets = async (): Promise<unknown[]> =>
    (await recordsOfBatches(reader.read(connection, LIMIT))).map(({ sourceOffset }) => sourceOffset);
  expect(await offsets()).toEqual([{ incrementing: 2n }]);
  expect(await offsets()).toEqual([]);
  runSqlite(file, 'INSERT INTO t VALUES (4, 4);');
  expect(await offsets()).toEqual([{ incrementing: 4n }]);
  expect(skipped).toEqual([expect.stringContaining('"one"'), expect.stringContaining('"three"')]);
});

test('expressions of a query have the type of their first value', async () => {
  const query = "SELECT 1 AS n, 5000000000 AS big, 1.5 AS d, 'a' AS s, x'00' AS b";
  const [record] = await recordsOfBatches(readerOf({ query }).read(connection, LIMIT));
  const types = record?.valueSchema?.fields?.map(({ name, schema }) => [name, schema.type, schema.optional]);
  expect(types).toEqual([
    ['n', 'INT32', true],
    ['big', 'INT64', true],
    ['d', 'FLOAT64', true],
    ['s', 'STRING', true],
    ['b', 'BYTES', true],
  ]);
});

test.each<[string, string, string]>([
  ['decimal(12,2)', '0.1 + 0.2', '0.30'],
  ['decimal(12,2)', '1234.5', '1234.50'],
  ['decimal', '1234.5', '1234.5'],
  ['numeric', '9223372036854775807', '9223372036854775807'],
])('%s keeps %s', async (type, stored, expected) => {
  runSqlite(file, `CREATE TABLE t (d ${type});\nINSERT INTO t VALUES (${stored});`);
  const [record] = await recordsOfBatches(readerOf().read(connection, LIMIT));
  const text = record?.value instanceof Struct ? String(record.value.get('d')) : '';
  expect(type.includes('(') ? text : text.replace(/\.?0+$/, '')).toBe(expected);
});
