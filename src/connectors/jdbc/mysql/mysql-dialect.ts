/** MySQL and MariaDB: one protocol; the URL decides which Java driver to follow. */

import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../data/schema/logical-names';
import type { SchemaType } from '../../../data/schema/schema';
import type { Connection } from '../database/connection';
import { addColumnsSql, createTableSql, STANDARD_SYNTAX, type TableSyntax, unmappedType } from '../database/create-table';
import { DatabaseError } from '../database/database-error';
import { type ConnectOptions, type Dialect, discretionOf, type FoundTable, type NewColumn } from '../database/dialect';
import { standardIsolation } from '../database/isolation';
import { tableOfParts } from '../database/table-parts';
import { columnScale, type ScaleBounds } from '../database/values/column-scale';
import type { Flavour } from '../database/values/flavour';
import { NOT_FINITE } from '../database/values/unstorable-numbers';
import { hostsToTry } from '../url/jdbc-address';
import {
  FIND_SQL,
  LIST_HERE_SQL,
  LIST_LIKE_SQL,
  PRIMARY_KEY_SQL,
  tableParams,
  tableTypes,
  typeOfTable,
  UNIQUE_KEYS_SQL,
} from './mysql-catalogue';
import { MySqlConnection } from './mysql-connection';
import { loadMySql, type MySqlClient, type MySqlModule, type MySqlOptions } from './mysql-driver';
import { mySqlError } from './mysql-errors';
import { MYSQL_IDENTIFIERS } from './mysql-identifiers';
import { mySqlLiteral } from './mysql-literal';
import { openLogin } from './mysql-login';
import { type DriverLikeness, driverTypes, mySqlMapping } from './mysql-mapping';
import { mySqlOptions, tlsModeOf } from './mysql-options';
import { sessionVariables } from './mysql-session-variables';

/** The length of text columns that can be part of a key. */
const KEY_CHARACTERS = 256;
const MAX_DECIMAL_DIGITS = 65;
/** The most digits after the point. */
const MAX_SCALE = { 'connector-j': 30, mariadb: 38 } as const satisfies Record<DriverLikeness, number>;

const SYNTAX: TableSyntax = {
  ...STANDARD_SYNTAX,
  text: mySqlLiteral,
};

/** Sets the driver's character set, whatever the server's `init_connect` has set: other characters would become question marks. */
const CHARACTERS_SQL = 'SET NAMES utf8mb4';

/**
 * Settings that reading and writing rely on: UTC, since `timestamp` columns use the session's zone; errors, not truncation, for values that
 * do not fit; time for slow readers; autocommit, so that readers see later commits; the driver's character set in both directions.
 */
const SESSION_SQL = `SET time_zone = '+00:00', net_write_timeout = 3600, net_read_timeout = 3600, autocommit = 1,
  character_set_client = utf8mb4, character_set_results = utf8mb4,
  sql_mode = CONCAT(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',STRICT_TRANS_TABLES')`;

const tablesOf = (rows: Awaited<ReturnType<Connection['query']>>): FoundTable[] =>
  rows.map(([catalog, table, type]) => ({ catalog: String(catalog), schema: null, table: String(table), type: typeOfTable(String(type)) }));

function createDialect(product: string, driver: DriverLikeness): Dialect {
  const dialect: Dialect = {
    name: 'MySqlDatabaseDialect',
    product,
    identifiers: MYSQL_IDENTIFIERS,
    currentTimestampSql: 'SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)',
    temporalBinding: 'text',
    isolationSql: level => standardIsolation('SET SESSION TRANSACTION ISOLATION LEVEL', level),
    ddlCommits: true,
    unstorableNumbers: NOT_FINITE,
    connect: options => connect(options, driver),
    parseTable: name => tableOfParts(MYSQL_IDENTIFIERS, name, 'catalog', 2),
    async listTables(connection, { catalogPattern, types }) {
      const found =
        catalogPattern === null
          ? await connection.query(LIST_HERE_SQL, [tableTypes(types)])
          : await connection.query(LIST_LIKE_SQL, [catalogPattern, catalogPattern, tableTypes(types)]);
      return tablesOf(found);
    },
    async findTable(connection, table, types) {
      return tablesOf(await connection.query(FIND_SQL, [...tableParams(table), tableTypes(types)]))[0] ?? null;
    },
    async primaryKey(connection, table) {
      return (await connection.query(PRIMARY_KEY_SQL, tableParams(table))).map(([name]) => String(name));
    },
    async uniqueKeys(connection, table) {
      const keys = new Map<string, string[]>();
      for (const [index, column] of await connection.query(UNIQUE_KEYS_SQL, tableParams(table))) {
        keys.set(String(index), [...(keys.get(String(index)) ?? []), String(column)]);
      }
      return [...keys].map(([name, columns]) => ({ name, columns }));
    },
    mapColumn: mySqlMapping(driver),
    // COALESCE would compare a text parameter as text.
    parameter: (_place, column) => (column?.type === 'TIMESTAMP' ? 'CAST(? AS DATETIME(6))' : '?'),
    columnType: (column, flavour) => columnType(column, flavour, { product, min: 0, max: MAX_SCALE[driver] }),
    createTable: (table, columns, options) => createTableSql(dialect, SYNTAX, table, columns, options),
    addColumns: (table, columns, options) => addColumnsSql(dialect, SYNTAX, table, columns, options),
  };
  return dialect;
}

/** Behaves like Connector/J: `tinyint(1)` is a BIT, so INT8. */
export const MYSQL: Dialect = createDialect('MySQL', 'connector-j');
/** Behaves like the MariaDB driver: `tinyint(1)` is a BOOLEAN. */
export const MARIADB: Dialect = createDialect('MariaDB', 'mariadb');

async function connect(options: ConnectOptions, driver: DriverLikeness): Promise<Connection> {
  const module = loadMySql();
  const { address } = options;
  const discretion = discretionOf(options);
  const types = driverTypes(driver, address.properties);
  const mode = tlsModeOf(address.kind, address.properties);
  let last: unknown = new DatabaseError('connection', 'the URL names no host');
  for (const host of hostsToTry(address)) {
    for (const tls of mode === 'DISABLED' ? [false] : mode === 'PREFERRED' ? [true, false] : [true]) {
      try {
        const { client, version } = await connectClient(module, {
          ...mySqlOptions(options, host, tls),
          ...(!tls && openLogin(module, address.properties)),
        });
        const server = { rowAlias: knowsRowAlias(version), maxPacketBytes: await prepareSession(client, sessionVariables(address)) };
        return new MySqlConnection({ client, module, server, types, discretion });
      } catch (error) {
        last = error;
        if ((error as { code?: string }).code !== 'HANDSHAKE_NO_SSL_SUPPORT') break;
      }
    }
  }
  throw mySqlError(last, discretion);
}

function connectClient(module: MySqlModule, options: MySqlOptions): Promise<{ client: MySqlClient; version: string }> {
  return new Promise((resolve, reject) => {
    const client = module.createConnection(options);
    client.on('error', error => {
      client.destroy();
      reject(error);
    });
    client.once('connect', ({ serverVersion }) => resolve({ client, version: serverVersion ?? '' }));
  });
}

/** @returns the largest packet that the server accepts, in bytes */
async function prepareSession(client: MySqlClient, theirs: string | null): Promise<number> {
  const run = (sql: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      client.query({ sql, rowsAsArray: true }, (error, result) => (error ? reject(error) : resolve(result)));
    });
  await run(CHARACTERS_SQL);
  if (theirs !== null) await run(theirs);
  await run(SESSION_SQL);
  const rows = (await run('SELECT @@max_allowed_packet')) as unknown[][];
  return Number(rows[0]?.[0] ?? 1 << 22);
}

/** True for MySQL 8.0.19 and later; MariaDB uses `VALUES(c)`. */
export function knowsRowAlias(version: string): boolean {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || /mariadb/i.test(version)) return false;
  const [a, b, c] = [Number(major), Number(minor), Number(patch)];
  return a > 8 || (a === 8 && (b > 0 || c >= 19));
}

const TYPE_OF: Partial<Record<SchemaType, string>> = {
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
  FLOAT32: 'FLOAT',
  FLOAT64: 'DOUBLE',
  BOOLEAN: 'TINYINT',
  BYTES: 'VARBINARY(1024)',
};

/** MySQL's limit. */
const MAX_SECOND_DIGITS = 6;

function columnType(column: NewColumn, flavour: Flavour, bounds: ScaleBounds): string {
  const { name, schema, primaryKey } = column;
  const logical = logicalType(column, bounds);
  if (logical !== null) return logical;
  // TEXT cannot be part of a key
  if (schema.type === 'STRING') return flavour === 'aiven' || primaryKey ? `VARCHAR(${KEY_CHARACTERS})` : 'TEXT';
  const type = TYPE_OF[schema.type];
  if (type !== undefined) return type;
  throw unmappedType(name, schema);
}

function logicalType(column: NewColumn, bounds: ScaleBounds): string | null {
  switch (column.schema.name) {
    case DECIMAL_NAME:
      return `DECIMAL(${MAX_DECIMAL_DIGITS},${columnScale(column, bounds)})`;
    case DATE_NAME:
      return 'DATE';
    case TIME_NAME:
      return 'TIME(3)';
    case TIMESTAMP_NAME:
      return `DATETIME(${Math.min(column.secondDigits ?? 3, MAX_SECOND_DIGITS)})`;
    default:
      return null;
  }
}
