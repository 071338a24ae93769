/** Oracle and SQL Server, whose servers no test here can have: what they would be asked, and how their answers are read. */

import type { BindValue, Connection, WritePlan } from '../../../../src/connectors/jdbc/database/connection';
import type { Dialect, NewColumn } from '../../../../src/connectors/jdbc/database/dialect';
import { type MergeSyntax, rowSqlWithMerge } from '../../../../src/connectors/jdbc/database/merge-statement';
import type { Column } from '../../../../src/connectors/jdbc/database/values/column';
import type { MappingOptions } from '../../../../src/connectors/jdbc/database/values/column-mapping';
import type { ValueKind } from '../../../../src/connectors/jdbc/database/values/value-kind';
import { UTC } from '../../../../src/connectors/jdbc/database/values/zone-offset';
import * as oracleColumns from '../../../../src/connectors/jdbc/oracle/oracle-columns';
import { ORACLE } from '../../../../src/connectors/jdbc/oracle/oracle-dialect';
import { MERGE_SYNTAX } from '../../../../src/connectors/jdbc/oracle/oracle-syntax';
import { Criteria } from '../../../../src/connectors/jdbc/source/criteria';
import * as sqlServerColumns from '../../../../src/connectors/jdbc/sqlserver/sqlserver-columns';
import { SQLSERVER } from '../../../../src/connectors/jdbc/sqlserver/sqlserver-dialect';
import * as sqlServerSyntax from '../../../../src/connectors/jdbc/sqlserver/sqlserver-syntax';
import { decimalBuilder, timestampBuilder } from '../../../../src/data/schema/logical';
import { SchemaBuilder } from '../../../../src/data/schema/schema-builder';
import { readValue } from '../../../helpers/vectors/read-value';

const OPTIONS: MappingOptions = { numericMapping: 'none', granularity: 'nanos_long', zone: UTC, isJulian: false, flavour: 'confluent' };
const STATEMENTS = { quoting: 'always', flavour: 'confluent' } as const;
const TABLE = { catalog: null, schema: 'S', table: 't"]' };
const NEW: readonly NewColumn[] = [
  { name: 'id', schema: new SchemaBuilder('STRING').build(), primaryKey: true },
  { name: 'n', schema: decimalBuilder(2).optional().build(), primaryKey: false },
  { name: 'ts', schema: timestampBuilder().optional().build(), primaryKey: false },
];

test('tables are made and widened', () => {
  expect(ORACLE.createTable(TABLE, NEW, STATEMENTS).replace(/\s+/g, ' ')).toBe(
    'CREATE TABLE "S"."t""]" ( "id" VARCHAR2(4000) NOT NULL, "n" NUMBER(*,2) NULL, "ts" TIMESTAMP NULL, PRIMARY KEY("id"))',
  );
  expect(SQLSERVER.createTable(TABLE, NEW, STATEMENTS).replace(/\s+/g, ' ')).toBe(
    'CREATE TABLE [S].[t"]]] ( [id] varchar(900) NOT NULL, [n] decimal(38,2) NULL, [ts] datetime2 NULL, PRIMARY KEY([id]))',
  );
  expect(ORACLE.addColumns(TABLE, NEW.slice(1), STATEMENTS)).toHaveLength(2);
  expect(SQLSERVER.addColumns(TABLE, NEW.slice(1), STATEMENTS)).toHaveLength(1);
});

/** Answers each query with these rows, and remembers what was asked. */
function answering(rows: readonly (readonly unknown[])[], asked: unknown[][]): Connection {
  const query = async (sql: string, params: readonly BindValue[] = []): Promise<readonly (readonly unknown[])[]> => {
    asked.push([sql.replace(/\s+/g, ' '), ...params]);
    return rows;
  };
  return { query } as Partial<Connection> as Connection;
}

test('names of tables go as parameters, and come back with their schema', async () => {
  const asked: unknown[][] = [];
  const search = { catalogPattern: null, schemaPattern: 'S%', types: ['TABLE', 'VIEW'] };
  expect(await ORACLE.listTables(answering([['S', 't', 'TABLE']], asked), search)).toEqual([
    { catalog: null, schema: 'S', table: 't', type: 'TABLE' },
  ]);
  expect(await SQLSERVER.listTables(answering([['d', 'dbo', 't', 'VIEW']], asked), search)).toEqual([
    { catalog: 'd', schema: 'dbo', table: 't', type: 'VIEW' },
  ]);
  expect(await ORACLE.primaryKey(answering([['ID']], asked), TABLE)).toEqual(['ID']);
  expect(await SQLSERVER.primaryKey(answering([['id']], asked), TABLE)).toEqual(['id']);
  expect(asked.map(([, ...params]) => params)).toEqual([
    ['S%', 'S%', ',TABLE,VIEW,'],
    ['S%', ',TABLE,VIEW,'],
    ['S', 't"]'],
    ['[S].[t"]]]'],
  ]);
});

test('only what a user gives is a pattern, with the escape that the driver of Java takes', async () => {
  const asked: unknown[][] = [];
  const search = { catalogPattern: null, schemaPattern: null, types: ['TABLE'] };
  await ORACLE.listTables(answering([], asked), search);
  await SQLSERVER.listTables(answering([], asked), search);
  const [[oracle, ...oracleParams] = [], [sqlServer] = []] = asked;
  expect(oracle).toContain("OWNER = NVL2(:2, NULL, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'))");
  expect(oracle).toContain("OWNER LIKE :1 ESCAPE '/'");
  expect(oracleParams).toEqual([null, null, ',TABLE,']);
  expect(sqlServer).toContain("@p1 IS NULL OR TABLE_SCHEMA LIKE @p1 ESCAPE '\\'");
});

test('values of another kind than their column are cast to what they are, for the server to assign or refuse', () => {
  const sql = (dialect: Dialect, columns: readonly Column[], kinds: readonly ValueKind[], syntax: MergeSyntax): string => {
    const others = columns.map((column, i) => {
      const { valueType = null } = dialect.assign?.(column, kinds[i] ?? 'STRING', false) ?? {};
      return valueType === null ? column : { ...column, valueType };
    });
    const plan = { table: TABLE, mode: 'insert', keys: [], others, quoting: 'always' } as const;
    return rowSqlWithMerge(dialect.identifiers, plan, syntax).replace(/^.*VALUES /, '');
  };
  const [whole, text, day, share] = [
    ['int', 'a'],
    ['varchar', 'b'],
    ['date', 'c'],
    ['decimal', 'd'],
  ].map(([type, name]) => sqlServerColumns.columnOfRow([name, type, 10, 2, 4, 1, 0, 0])) as [Column, Column, Column, Column];
  const kinds: ValueKind[] = ['DECIMAL', 'INT32', 'INT32', 'DECIMAL', 'DECIMAL'];
  expect(sql(SQLSERVER, [whole, text, day, day, share], kinds, sqlServerSyntax.mergeSyntax({} as WritePlan))).toBe(
    '(CAST(@p1 AS decimal(38,10)),CAST(@p2 AS int),CAST(@p3 AS int),CAST(@p4 AS decimal(38,10)),@p5)',
  );
  const date = oracleColumns.columnOfRow(['c', 'DATE', null, null, null, 'Y', 'NO', null]);
  expect(sql(ORACLE, [date, date, date], ['INT64', 'DECIMAL', 'STRING'], MERGE_SYNTAX)).toBe('(CAST(:1 AS NUMBER),CAST(:2 AS NUMBER),:3)');
});

test('a table of another database than the connected one is refused', async () => {
  const find = (catalog: string): Promise<unknown> =>
    SQLSERVER.findTable(answering([['d', 'dbo', 't', 'TABLE']], []), { catalog, schema: 'dbo', table: 't' }, ['TABLE']);
  expect(await find('d')).toEqual({ catalog: 'd', schema: 'dbo', table: 't', type: 'TABLE' });
  await expect(find('other')).rejects.toThrow('cross-database references are not implemented: "other.dbo.t" is in the database "other"');
});

test.each<[Dialect, string, RegExp]>([
  [ORACLE, 'READ_COMMITTED', /^ALTER SESSION SET ISOLATION_LEVEL = READ COMMITTED$/],
  [SQLSERVER, 'SQL_SERVER_SNAPSHOT', /SNAPSHOT$/],
  [SQLSERVER, 'REPEATABLE_READ', /^SET TRANSACTION ISOLATION LEVEL REPEATABLE READ$/],
])('%p: isolation %s', (dialect, level, sql) => {
  expect(dialect.isolationSql(level as 'READ_COMMITTED')).toMatch(sql);
});

const condition = (dialect: Dialect, columns: readonly Column[]): string =>
  new Criteria('t', columns, { timestamps: ['ts'], incrementing: 'id' }, { dialect, quoting: 'always', mapping: OPTIONS }).condition({
    after: { timestamp: { ms: 0, nanos: 0 }, incrementing: 7n },
    end: { ms: 1000, nanos: 0 },
  }).sql;

test('rows that are new are asked for with parameters of the type of their column', () => {
  const oracle = [
    oracleColumns.columnOfRow(['id', 'NUMBER', 10, 0, null, 'N', 'YES', null]),
    oracleColumns.columnOfRow(['ts', 'TIMESTAMP(6)', null, 6, null, 'N', 'NO', null]),
  ];
  const [first, second, third] = [1, 2, 3].map(place => `TO_TIMESTAMP(:${place}, 'YYYY-MM-DD HH24:MI:SS.FF')`);
  expect(condition(ORACLE, oracle)).toBe(
    ` WHERE "ts" < ${first} AND "ts" >= ${second} AND ("ts" > ${third} OR "id" > :4) ORDER BY "ts" ASC, "id" ASC`,
  );
  const sqlServer = (typeName: string): Column[] => [
    sqlServerColumns.columnOfRow(['id', 'int', 10, 0, 4, 0, 1, 0]),
    sqlServerColumns.columnOfRow(['ts', typeName, 23, 3, 8, 0, 0, 0]),
  ];
  expect(condition(SQLSERVER, sqlServer('datetime2'))).toContain('[ts] < CAST(@p1 AS datetime2) AND');
  // 1/300 s: as datetime2 its .003333 would be behind .003 for ever
  expect(condition(SQLSERVER, sqlServer('datetime'))).toContain('[ts] > CAST(CAST(@p3 AS datetime2) AS datetime) OR [id] > @p4');
});

test('NUMBER of Oracle: by its digits, and with any fraction where it has none', () => {
  const typeOf = (precision: number | null, scale: number | null): unknown => {
    const schema = ORACLE.mapColumn(oracleColumns.columnOfRow(['n', 'NUMBER', precision, scale, null, 'Y', 'NO', null]), OPTIONS)?.schema;
    return schema?.parameters?.get('scale');
  };
  expect([typeOf(10, 2), typeOf(null, 0), typeOf(null, null)]).toEqual(['2', '0', '127']);
  const any = ORACLE.mapColumn(oracleColumns.columnOfRow(['n', 'NUMBER', null, null, null, 'Y', 'NO', null]), OPTIONS);
  expect(String(readValue(any, '1.25'))).toMatch(/^1\.25/);
});

test('decimals of SQL Server are selected so that the driver rounds none', () => {
  const expression = (typeName: string, precision: number, scale: number): string | undefined =>
    SQLSERVER.selectExpression?.(sqlServerColumns.columnOfRow(['n', typeName, precision, scale, 17, 0, 0, 0]), '[n]');
  expect([
    expression('int', 10, 0),
    expression('decimal', 12, 2),
    expression('decimal', 20, 2),
    expression('numeric', 18, 0),
    expression('numeric', 38, 0),
    expression('money', 19, 4),
  ]).toEqual([
    '[n]',
    '[n]',
    'CONVERT(varchar(41), [n])',
    'CAST([n] AS bigint)',
    'CONVERT(varchar(41), [n])',
    'CONVERT(varchar(30), [n], 2)',
  ]);
});

test('times of SQL Server keep what is below a millisecond', () => {
  const read = (typeName: string, value: Date): unknown =>
    readValue(SQLSERVER.mapColumn(sqlServerColumns.columnOfRow(['c', typeName, 0, 7, 8, 0, 0, 0]), OPTIONS), value);
  const exact = (iso: string, nanosecondsDelta: number): Date => Object.assign(new Date(iso), { nanosecondsDelta });
  expect(read('datetime2', exact('2024-01-01T00:00:00.123Z', 0.000_456_7))).toBe(
    BigInt(Date.parse('2024-01-01T00:00:00.123Z')) * 1_000_000n + 456_700n,
  );
  expect(read('time', exact('1970-01-01T12:34:56.789Z', 0))).toEqual(new Date('1970-01-01T12:34:56.789Z'));
  expect(read('date', new Date('2024-02-29T00:00:00Z'))).toEqual(new Date('2024-02-29T00:00:00Z'));
});
