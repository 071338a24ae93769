/** Every text of a record's schema, on its way into SQL: whatever it is, the statement stays the one that it would be for plain words. */

import type { WriteMode, WritePlan } from '../../../../src/connectors/jdbc/database/connection';
import type { Dialect, NewColumn } from '../../../../src/connectors/jdbc/database/dialect';
import { rowSqlWithMerge } from '../../../../src/connectors/jdbc/database/merge-statement';
import { namesOf } from '../../../../src/connectors/jdbc/database/statements';
import { type Column, PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { binderFor } from '../../../../src/connectors/jdbc/database/values/value-binding';
import { UTC } from '../../../../src/connectors/jdbc/database/values/zone-offset';
import { batchSql as mySqlBatch } from '../../../../src/connectors/jdbc/mysql/mysql-batch-writer';
import { MARIADB, MYSQL } from '../../../../src/connectors/jdbc/mysql/mysql-dialect';
import { ORACLE } from '../../../../src/connectors/jdbc/oracle/oracle-dialect';
import * as oracle from '../../../../src/connectors/jdbc/oracle/oracle-syntax';
import { batchSql as pgBatch } from '../../../../src/connectors/jdbc/postgresql/pg-batch-writer';
import { POSTGRESQL } from '../../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { rowSql as sqliteRow } from '../../../../src/connectors/jdbc/sqlite/sqlite-batch-writer';
import { SQLITE } from '../../../../src/connectors/jdbc/sqlite/sqlite-dialect';
import { SQLSERVER } from '../../../../src/connectors/jdbc/sqlserver/sqlserver-dialect';
import * as sqlServer from '../../../../src/connectors/jdbc/sqlserver/sqlserver-syntax';
import { BigDecimal } from '../../../../src/data/java/big-numbers';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../../src/data/schema/logical-names';
import type { Schema } from '../../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../../src/data/schema/schema-builder';
import { ConnectError } from '../../../../src/errors';
import { type Random, randomText, seeded } from '../../../../src/testing/data/random';

type WriteSql = (plan: WritePlan) => string;

const server = { rowAlias: true, maxPacketBytes: 1 };
const mySqlWrite: WriteSql = plan => mySqlBatch(plan, namesOf(MYSQL, plan), '(1)', server);

const DIALECTS: readonly (readonly [string, Dialect, WriteSql])[] = [
  ['PostgreSQL', POSTGRESQL, plan => pgBatch(POSTGRESQL.identifiers, plan)],
  ['MySQL', MYSQL, mySqlWrite],
  ['MariaDB', MARIADB, mySqlWrite],
  ['SQLite', SQLITE, plan => sqliteRow(SQLITE.identifiers, plan)],
  ['SQL Server', SQLSERVER, plan => rowSqlWithMerge(SQLSERVER.identifiers, plan, sqlServer.mergeSyntax(plan))],
  ['Oracle', ORACLE, plan => rowSqlWithMerge(ORACLE.identifiers, plan, oracle.MERGE_SYNTAX)],
];

/** Texts that would be SQL in one place or another. */
const HOSTILE: readonly string[] = [
  '2) AS SELECT * FROM victim; --',
  '0), b INT DEFAULT (SELECT 1',
  "'; DROP TABLE victim; --",
  "\\'; DROP TABLE victim; --",
  '" INT); DROP TABLE victim; --',
  '` INT); DROP TABLE victim; -- ',
  '] INT); DROP TABLE victim; --',
  'x#',
  'x--y',
  'x/*',
  'true',
  'NULL',
  'current_user',
  'constructor',
  '__proto__',
  'toString',
  '$$; DROP TABLE victim; $$',
  '@p1',
  ':1',
  '?',
  '2;',
  '1e3',
  '0x10',
  '٣',
  '2\n',
  ' 2',
  '',
  '99999999999999999999',
  '4294967298',
  '2147483647',
  '-2147483648',
  "'\0",
  '\u{ff07}; DROP TABLE victim; --',
  '\ud800\'"`]',
];

/** Names that must be in quotes even where the user wants none. */
const VALUE_WORDS = /^(true|null|current_user)$/i;

/** What stands between quotes as one word, by the rules of the database. */
function skeleton(sql: string, { name }: Dialect, bareNames: readonly string[]): string {
  // of PostgreSQL a literal may hold a backslash in the form only that says what one means, whatever the session is
  const texts: Readonly<Record<string, RegExp>> = {
    MySql: /'(?:''|\\[\s\S]|[^'\\])*'/y,
    Postg: /E'(?:''|\\\\|[^'\\])*'|'(?:''|[^'\\])*'/y,
  };
  const text = texts[name.slice(0, 5)] ?? /'(?:''|[^'])*'/y;
  const quoted = { MySql: /`(?:``|[^`])*`/y, SqlSe: /\[(?:\]\]|[^\]])*\]/y }[name.slice(0, 5)] ?? /"(?:""|[^"])*"/y;
  const word = /[\p{L}_$#][\p{L}\p{N}_$#]*/uy;
  let result = '';
  for (let at = 0; at < sql.length; ) {
    const match = [text, quoted, word].map(pattern => {
      pattern.lastIndex = at;
      return pattern.exec(sql)?.[0] ?? null;
    });
    const [literal, identifier, bare] = match;
    result += literal ? 'T' : identifier || (bare && bareNames.includes(bare) && !VALUE_WORDS.test(bare)) ? 'N' : (bare ?? sql[at]);
    at += (literal ?? identifier ?? bare ?? '?').length;
  }
  return result.replace(/-?\d+/g, '9');
}

/** What a record's schema may say. */
interface Texts {
  readonly field: string;
  readonly schemaName: string;
  readonly scale: string;
  readonly fallback: string;
  readonly topic: string;
}

const PLAIN: Texts = { field: 'field', schemaName: 'name', scale: '2', fallback: 'text', topic: 'topic' };

function schemasOf({ schemaName, scale, fallback }: Texts): Schema[] {
  const described = (builder: SchemaBuilder): SchemaBuilder => builder.doc(fallback).version(7).parameter('length', fallback);
  const decimal = (): SchemaBuilder => new SchemaBuilder('BYTES').name(DECIMAL_NAME).parameter('scale', scale);
  return [
    described(new SchemaBuilder('STRING')).name(schemaName).optional(),
    described(new SchemaBuilder('INT32')).name(schemaName),
    new SchemaBuilder('STRING').defaultValue(fallback),
    new SchemaBuilder('BYTES').defaultValue(Buffer.from(fallback)),
    described(decimal()).optional(),
    decimal().defaultValue(new BigDecimal(-125n, 2)),
    ...[DATE_NAME, TIME_NAME, TIMESTAMP_NAME].map(name =>
      described(new SchemaBuilder(name === TIMESTAMP_NAME ? 'INT64' : 'INT32')).name(name),
    ),
    described(new SchemaBuilder('INT64').defaultValue(-7n)),
    new SchemaBuilder('FLOAT64').defaultValue(1.5),
    new SchemaBuilder('BOOLEAN').defaultValue(true),
  ].map(builder => builder.build());
}

const MODES: readonly WriteMode[] = ['insert', 'upsert', 'update', 'delete'];

/** All statements that come of such a record; a refusal stands in the place of one. */
function statements(texts: Texts, dialect: Dialect, write: WriteSql, quoting: 'always' | 'never'): string[] {
  const column = (name: string): Column => ({ ...PLAIN_COLUMN, name, type: 'TEXT', typeName: 'text' });
  const made: (() => string)[] = schemasOf(texts).flatMap(schema => {
    const columns: NewColumn[] = [{ name: texts.field, schema, primaryKey: true }];
    const options = { quoting, flavour: 'confluent' } as const;
    const table = { catalog: null, schema: null, table: texts.topic };
    return [() => dialect.createTable(table, columns, options), () => dialect.addColumns(table, columns, options).join('\n')];
  });
  for (const mode of MODES) {
    const others = mode === 'delete' ? [] : [column(`${texts.field}2`)];
    const table = { catalog: null, schema: null, table: texts.topic };
    made.push(() => write({ mode, table, keys: [column(texts.field)], others, quoting }));
  }
  return made.map(make => {
    try {
      return skeleton(make(), dialect, [texts.field, `${texts.field}2`, texts.topic]);
    } catch (error) {
      if (error instanceof ConnectError) return error.code;
      throw error;
    }
  });
}

function anyHostile(random: Random): string {
  const listed = HOSTILE[random(HOSTILE.length)] ?? '';
  return random(3) === 0 ? listed + randomText(random) : random(3) === 0 ? randomText(random) : listed;
}

describe.each(DIALECTS)('%s', (_, dialect, write) => {
  test.each(['always', 'never'] as const)('no text of a schema leaves its place (quoting %s)', quoting => {
    const wanted = statements(PLAIN, dialect, write, quoting);
    expect(wanted.every(sql => !/Exception/.test(sql))).toBe(true);
    const random = seeded(11);
    for (let round = 0; round < 400; round++) {
      const place = (Object.keys(PLAIN) as (keyof Texts)[])[round % 5] ?? 'field';
      const texts = { ...PLAIN, [place]: anyHostile(random) };
      const found = statements(texts, dialect, write, quoting);
      expect([texts, found.filter((sql, i) => sql !== wanted[i] && !/^(Connect|Data)Exception$/.test(sql))]).toEqual([texts, []]);
    }
  });

  test('a Decimal becomes a column of the scale that it has, as far as the database goes; anything else is refused by name', () => {
    const typeOf = (scale: string): string => {
      const schema = new SchemaBuilder('BYTES').name(DECIMAL_NAME).parameter('scale', scale).optional().build();
      return dialect.columnType({ name: 'price', schema, primaryKey: false }, 'confluent');
    };
    if (dialect === POSTGRESQL || dialect === SQLITE) {
      expect(typeOf('2) AS SELECT 1')).toMatch(/^(DECIMAL|NUMERIC)$/);
      return;
    }
    expect(typeOf('2')).toMatch(/[,]2\)$/);
    expect(typeOf('+2')).toBe(typeOf('2'));
    if (dialect !== ORACLE) expect(() => typeOf('-2')).toThrow(/Decimal of scale -2, but a column of .* has a scale of 0 to \d+/);
    expect(() => typeOf('2) AS SELECT 1')).toThrow(/field price has the scale "2\) AS SELECT 1"/);
    expect(() => typeOf('128')).toThrow(/Field price is a Decimal of scale 128, but a column of .* has a scale of -?\d+ to \d+/);
  });
});

test('a decimal of a few bytes is not written out to fill the memory, and a value that is not what its schema says is refused', () => {
  const bind = (name: string, value: unknown): unknown =>
    binderFor('price', new SchemaBuilder('BYTES').name(name).build(), { temporal: 'text', zone: UTC, dateZone: UTC, isJulian: false })(
      value,
    );
  expect(bind(DECIMAL_NAME, new BigDecimal(5n, -3))).toBe('5000');
  expect(() => bind(DECIMAL_NAME, new BigDecimal(5n, -100_000_000))).toThrow('Field price holds a decimal of scale -100000000');
  expect(() => bind(DECIMAL_NAME, 'x')).toThrow(`Field price has the schema ${DECIMAL_NAME}`);
  expect(() => bind(DATE_NAME, 'x')).toThrow('not a date or time');
});
