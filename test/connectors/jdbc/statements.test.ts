import { type Column, PLAIN_COLUMN } from '../../../src/connectors/jdbc/database/column';
import type { WriteMode, WritePlan } from '../../../src/connectors/jdbc/database/connection';
import { rowSqlWithMerge } from '../../../src/connectors/jdbc/database/merge-statement';
import { chunkSizes, namesOf } from '../../../src/connectors/jdbc/database/statements';
import { batchSql as mySqlBatch } from '../../../src/connectors/jdbc/mysql/mysql-batch-writer';
import { knowsRowAlias } from '../../../src/connectors/jdbc/mysql/mysql-dialect';
import { MYSQL_IDENTIFIERS } from '../../../src/connectors/jdbc/mysql/mysql-identifiers';
import * as oracle from '../../../src/connectors/jdbc/oracle/oracle-syntax';
import * as sqlServer from '../../../src/connectors/jdbc/sqlserver/sqlserver-syntax';

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
    return mySqlBatch(upsert, namesOf({ identifiers: MYSQL_IDENTIFIERS }, upsert), 2, { rowAlias, maxPacketBytes: 1 });
  };
  expect(sql(true)).toContain('VALUES (?,?),(?,?) AS n ON DUPLICATE KEY UPDATE `v` = n.`v`');
  expect(sql(false)).toContain('VALUES (?,?),(?,?) ON DUPLICATE KEY UPDATE `v` = VALUES(`v`)');
});

test('chunks are powers of two that come to all rows', () => {
  expect(chunkSizes(3001, 1024)).toEqual([1024, 1024, 512, 256, 128, 32, 16, 8, 1]);
  expect(chunkSizes(0, 1024)).toEqual([]);
  for (let rows = 1; rows < 200; rows++) expect(chunkSizes(rows, 64).reduce((sum, size) => sum + size, 0)).toBe(rows);
});
