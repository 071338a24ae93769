import type { WriteMode, WritePlan } from '../../../../src/connectors/jdbc/database/connection';
import type { Dialect } from '../../../../src/connectors/jdbc/database/dialect';
import { rowSqlWithMerge } from '../../../../src/connectors/jdbc/database/merge-statement';
import { namesOf } from '../../../../src/connectors/jdbc/database/statements';
import { type Column, PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { MySqlBatchWriter, batchSql as mySqlBatch } from '../../../../src/connectors/jdbc/mysql/mysql-batch-writer';
import { knowsRowAlias, MYSQL } from '../../../../src/connectors/jdbc/mysql/mysql-dialect';
import { MYSQL_IDENTIFIERS } from '../../../../src/connectors/jdbc/mysql/mysql-identifiers';
import { mySqlLiteral } from '../../../../src/connectors/jdbc/mysql/mysql-literal';
import { ORACLE } from '../../../../src/connectors/jdbc/oracle/oracle-dialect';
import * as oracle from '../../../../src/connectors/jdbc/oracle/oracle-syntax';
import * as sqlServer from '../../../../src/connectors/jdbc/sqlserver/sqlserver-syntax';
import { timestampBuilder } from '../../../../src/data/schema/logical';
import { seeded } from '../../../../src/testing/data/random';

const column = (name: string): Column => ({ ...PLAIN_COLUMN, name, type: 'TEXT', typeName: 'text' });
const plan = (mode: WriteMode, others = ['v']): WritePlan => ({
  mode,
  table: { catalog: null, schema: 's', table: 't' },
  keys: [column('k"]`')],
  others: mode === 'delete' ? [] : others.map(column),
  quoting: 'always',
});

test('Oracle: one row of parameters, a MERGE for upsert', () => {
  const sql = (mode: WriteMode): string => rowSqlWithMerge(oracle.ORACLE_IDENTIFIERS, plan(mode), oracle.MERGE_SYNTAX);
  expect(sql('insert')).toBe('INSERT INTO "s"."t" ("k""]`","v") VALUES (:1,:2)');
  expect(sql('update')).toBe('UPDATE "s"."t" SET "v" = :2 WHERE "k""]`" = :1');
  expect(sql('delete')).toBe('DELETE FROM "s"."t" WHERE "k""]`" = :1');
  expect(sql('upsert')).toBe(
    'MERGE INTO "s"."t" target USING (SELECT :1 AS "k""]`", :2 AS "v" FROM dual) incoming ON (target."k""]`" = incoming."k""]`") ' +
      'WHEN MATCHED THEN UPDATE SET target."v" = incoming."v" WHEN NOT MATCHED THEN INSERT ("k""]`", "v") VALUES (incoming."k""]`", incoming."v")',
  );
});

test('SQL Server: MERGE holds its locks unless told otherwise, and ends in a semicolon; without other columns nothing is updated', () => {
  const sql = (of: WritePlan): string => rowSqlWithMerge(sqlServer.SQLSERVER_IDENTIFIERS, of, sqlServer.mergeSyntax(of));
  expect(sql({ ...plan('upsert', []), mergesWithoutLock: true })).toContain('MERGE INTO [s].[t] AS target USING');
  expect(sql(plan('upsert', []))).toBe(
    'MERGE INTO [s].[t] WITH (HOLDLOCK) AS target USING (SELECT @p1 AS [k"]]`]) incoming ON (target.[k"]]`] = incoming.[k"]]`]) ' +
      'WHEN NOT MATCHED THEN INSERT ([k"]]`]) VALUES (incoming.[k"]]`]);',
  );
});

test('timestamps with more digits than Connect has get columns for them', () => {
  const timestamp = timestampBuilder().build();
  const typeOf = (dialect: Dialect, secondDigits?: number): string =>
    dialect.columnType({ name: 'a', schema: timestamp, primaryKey: false, ...(secondDigits && { secondDigits }) }, 'confluent');
  expect([typeOf(MYSQL), typeOf(MYSQL, 6), typeOf(MYSQL, 9)]).toEqual(['DATETIME(3)', 'DATETIME(6)', 'DATETIME(6)']);
  expect([typeOf(ORACLE), typeOf(ORACLE, 6), typeOf(ORACLE, 9)]).toEqual(['TIMESTAMP', 'TIMESTAMP(6)', 'TIMESTAMP(9)']);
});

test("MySQL's own server gets a row alias from 8.0.19 on, MariaDB and older ones VALUES()", () => {
  expect(['8.0.18', '8.0.19', '8.4.2', '9.1.0', '5.7.40', '11.4.2-MariaDB', '5.5.5-10.11.19-MariaDB'].map(knowsRowAlias)).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  const sql = (rowAlias: boolean): string => {
    const upsert = plan('upsert');
    return mySqlBatch(upsert, namesOf({ identifiers: MYSQL_IDENTIFIERS }, upsert), '(1,2),(3,4)', { rowAlias, maxPacketBytes: 1 });
  };
  expect(sql(true)).toContain('VALUES (1,2),(3,4) AS n ON DUPLICATE KEY UPDATE `v` = n.`v`');
  expect(sql(false)).toContain('VALUES (1,2),(3,4) ON DUPLICATE KEY UPDATE `v` = VALUES(`v`)');
});

test('a literal of MySQL cannot be left by what is in it', () => {
  expect([null, 7, -0, 0.1, 1e21, 2n ** 64n, true, Buffer.from([0, 0x27, 255])].map(mySqlLiteral)).toEqual([
    'NULL',
    '7',
    '-0e0',
    '0.1e0',
    '1e+21',
    '18446744073709551616',
    '1',
    "x'0027ff'",
  ]);
  expect(mySqlLiteral("'; DROP TABLE t; -- \\' \0")).toBe("'''; DROP TABLE t; -- \\\\'' \\0'");
  const random = seeded(5);
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random(12) }, () => ["'", '\\', '\0', 'x', '"', '\n', 'é'][random(7)]).join('');
    const inner = mySqlLiteral(text).slice(1, -1);
    // what a server reads: pairs first, so that no quote stands alone
    expect(inner.replace(/''|\\\\|\\0/g, '')).not.toMatch(/['\\\0]/);
    expect(inner.replace(/''|\\\\|\\0/g, pair => (pair === "''" ? "'" : pair === '\\0' ? '\0' : '\\'))).toBe(text);
  }
});

test('rows for MySQL go in statements that fit a packet, all of them, in order; one that never fits is a bad row', async () => {
  const sent: string[] = [];
  const run = {
    text: async (sql: string): Promise<number> => sent.push(sql),
    prepared: async (): Promise<number> => 0,
  };
  const writer = new MySqlBatchWriter(MYSQL_IDENTIFIERS, plan('insert'), { rowAlias: false, maxPacketBytes: 1000 }, run);
  await writer.write(Array.from({ length: 100 }, (_, i) => [i, 'ü'.repeat(i % 60)]));
  expect(sent.every(sql => Buffer.byteLength(sql) <= 1000)).toBe(true);
  expect(sent.flatMap(sql => [...sql.matchAll(/\((\d+),'/g)].map(([, id]) => Number(id)))).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  );
  await expect(writer.write([[1, 'x'.repeat(1001)]])).rejects.toMatchObject({ kind: 'data' });
});

test('rows for MySQL are written as their literals are', async () => {
  const sent: string[] = [];
  const run = { text: async (sql: string): Promise<number> => sent.push(sql), prepared: async (): Promise<number> => 0 };
  const server = { rowAlias: false, maxPacketBytes: 1_000_000 };
  const values = [
    null,
    7,
    -0,
    0.1,
    1e21,
    2n ** 64n,
    false,
    Buffer.from([0x27]),
    "it's",
    'a\\b',
    'é😀',
    '\0',
    '\n',
    'x'.repeat(200),
    "'".repeat(60),
  ];
  const rows = values.map((value, i) => [i, value]);
  await new MySqlBatchWriter(MYSQL_IDENTIFIERS, plan('insert'), server, run).write(rows);
  await new MySqlBatchWriter(MYSQL_IDENTIFIERS, plan('delete'), server, run).write(values.slice(1).map(value => [value]));
  expect(sent).toEqual([
    `INSERT INTO \`s\`.\`t\` (\`k"]\`\`\`, \`v\`) VALUES ${values.map((value, i) => `(${i},${mySqlLiteral(value)})`).join(',')}`,
    `DELETE FROM \`s\`.\`t\` WHERE \`k"]\`\`\` IN (${values.slice(1).map(mySqlLiteral).join(',')})`,
  ]);
});
