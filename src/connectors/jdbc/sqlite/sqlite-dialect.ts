/** SQLite. */
import { decimalScale } from '../../../data/schema/logical';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../data/schema/logical-names';
import type { SchemaType } from '../../../data/schema/schema';
import { ConnectError, toError } from '../../../errors';
import { refuseOtherThanFile, UnreadableFile } from '../../../named-files';
import type { Connection } from '../database/connection';
import { addColumnsSql, createTableSql, STANDARD_SYNTAX, type TableSyntax, unmappedType } from '../database/create-table';
import { DatabaseError } from '../database/database-error';
import type { ConnectOptions, Dialect, FoundTable, NewColumn } from '../database/dialect';
import { refuseOtherNode } from '../database/driver';
import type { TableId } from '../database/table-id';
import { tableOfParts } from '../database/table-parts';
import type { Column } from '../database/values/column';
import { type ColumnMapping, type MappingOptions, mapGenericColumn, withoutScale } from '../database/values/column-mapping';
import type { Properties } from '../url/jdbc-address';
import { SqliteConnection } from './sqlite-connection';
import { loadSqlite } from './sqlite-driver';
import { sqliteError } from './sqlite-errors';
import { SQLITE_IDENTIFIERS } from './sqlite-identifiers';
import { openToLook } from './sqlite-look';
import { defineMicros, holdsOtherThanMillis, mapTemporalColumn, microsExpression } from './sqlite-timestamps';

const SYNTAX: TableSyntax = { ...STANDARD_SYNTAX, oneAtATime: true };

const LIST_SQL = `SELECT name, type FROM sqlite_master
  WHERE type IN (SELECT value FROM json_each(?)) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;

/** Names of tables are not case-sensitive; an exact match comes first. */
const FIND_SQL = `SELECT name, type FROM sqlite_master
  WHERE type IN (SELECT value FROM json_each(?)) AND name = ? COLLATE NOCASE ORDER BY name = ? DESC`;

const PRIMARY_KEY_SQL = 'SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk';

/** Pragmas that a URL may set, as in the Java driver. */
const PRAGMAS = ['journal_mode', 'synchronous', 'foreign_keys', 'cache_size', 'temp_store', 'locking_mode', 'recursive_triggers'];

/** The dialect of SQLite. */
export const SQLITE: Dialect = {
  name: 'SqliteDatabaseDialect',
  product: 'SQLite',
  identifiers: SQLITE_IDENTIFIERS,
  currentTimestampSql: "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
  temporalBinding: 'millis',
  // SQLite's transactions are always serializable.
  isolationSql: level => (level === 'SERIALIZABLE' ? 'PRAGMA read_uncommitted = 0' : null),
  ddlCommits: false,
  unstorableNumbers: [Number.NaN],
  connect,
  parseTable,
  async listTables(connection, { types }) {
    return tablesOf(await connection.query(LIST_SQL, [kinds(types)]));
  },
  async findTable(connection, { table }, types) {
    return tablesOf(await connection.query(FIND_SQL, [kinds(types), table, table]))[0] ?? null;
  },
  async primaryKey(connection, { table }) {
    return (await connection.query(PRIMARY_KEY_SQL, [table])).map(([name]) => String(name));
  },
  mapColumn,
  holdsOtherThanMillis,
  microsExpression,
  typesBindNobody: true,
  isTooSmall: ({ type, unsigned }, raw) => type === 'INTEGER' && !unsigned && typeof raw === 'bigint' && BigInt.asIntN(32, raw) !== raw,
  widerColumn: column => ({ ...column, type: 'BIGINT' }),
  parameter: () => '?',
  columnType,
  createTable: (table, columns, options) => createTableSql(SQLITE, SYNTAX, table, columns, options),
  addColumns: (table, columns, options) => addColumnsSql(SQLITE, SYNTAX, table, columns, options),
};

/** SQLite has no schemas: if text before a dot were ignored, two names would become one. */
function parseTable(name: string): TableId {
  const { catalog, schema, table } = tableOfParts(SQLITE_IDENTIFIERS, name, 'schema');
  if (catalog === null && (schema === null || schema === 'main')) return { catalog: null, schema: null, table };
  throw new ConnectError(
    'ConnectException',
    `${JSON.stringify(name)} is not the name of a table: SQLite knows no schemas. Quote it if the dots are part of it`,
  );
}

/** All types of objects in a file. */
const ALL_TYPES = ['TABLE', 'VIEW', 'INDEX', 'TRIGGER'];

const kinds = (types: readonly string[] | null): string => JSON.stringify((types ?? ALL_TYPES).map(type => type.toLowerCase()));

const tablesOf = (rows: Awaited<ReturnType<Connection['query']>>): FoundTable[] =>
  rows.map(([table, type]) => ({ catalog: null, schema: null, table: String(table), type: String(type).toUpperCase() }));

async function connect({ address, busyTimeoutMs, looksOnly = false }: ConnectOptions): Promise<Connection> {
  const Database = loadSqlite();
  try {
    refuseOtherThanFiles(address.database);
    // The main thread must not wait, whatever the URL says.
    const timeout = busyTimeoutMs === 0 ? 0 : (address.properties.getNumber('busy_timeout') ?? busyTimeoutMs);
    const database = looksOnly ? openToLook(Database, address.database, timeout) : new Database(address.database, { timeout });
    // Some, such as the journal mode, are written to the file.
    const pragmas = pragmasOf(address.properties);
    if (!looksOnly) for (const pragma of pragmas) database.pragma(pragma);
    // Reads the file, since only that fails for a file that is not a database.
    database.pragma('schema_version');
    defineMicros(database);
    return new SqliteConnection(database);
  } catch (error) {
    refuseOtherNode('better-sqlite3', error);
    throw sqliteError(error);
  }
}

/**
 * SQLite opens these files itself, and would wait for ever at a pipe. Other errors are reported by SQLite.
 * @throws DatabaseError
 */
function refuseOtherThanFiles(database: string): void {
  if (database === ':memory:') return;
  for (const file of [database, `${database}-journal`, `${database}-wal`]) {
    try {
      refuseOtherThanFile(file);
    } catch (error) {
      if (error instanceof UnreadableFile && error.code !== undefined) continue;
      throw new DatabaseError('permanent', `unable to open database file ${file}: ${toError(error).message}`);
    }
  }
}

function pragmasOf(properties: Properties): string[] {
  return PRAGMAS.flatMap(name => {
    const value = properties.get(name);
    if (value === undefined) return [];
    if (!/^-?\w+$/.test(value)) throw new ConnectError('ConfigException', `The value of the URL parameter ${name} is not one word`);
    return [`${name} = ${value}`];
  });
}

function mapColumn(column: Column, options: MappingOptions): ColumnMapping | null {
  if (column.type === 'NUMERIC' || column.type === 'DECIMAL') return decimalMapping(column, options);
  return column.type === 'DATE' || column.type === 'TIMESTAMP' ? mapTemporalColumn(column, options) : mapGenericColumn(column, options);
}

/** Fractions are stored as doubles, of which only 15 digits are significant. */
function decimalMapping(column: Column, options: MappingOptions): ColumnMapping | null {
  const known = column.precision === null ? withoutScale(column) : column;
  const mapping = mapGenericColumn(known, options, raw => (typeof raw === 'number' ? raw.toPrecision(DOUBLE_DIGITS) : raw));
  if (mapping?.schema.name !== DECIMAL_NAME) return mapping;
  const { schema, read } = mapping;
  const scale = decimalScale(schema);
  return { schema, read: raw => (typeof raw === 'number' ? unscaledOf(raw, scale) : null) ?? read(raw) };
}

/** The unscaled value, if 15 digits of the double are exactly a decimal of this scale; otherwise null. */
function unscaledOf(value: number, scale: number): number | null {
  if (scale < 0 || scale > DOUBLE_DIGITS) return null;
  const power = 10 ** scale;
  const unscaled = Math.round(value * power);
  return Math.abs(unscaled) < 10 ** DOUBLE_DIGITS && unscaled / power === value ? unscaled : null;
}

const DOUBLE_DIGITS = 15;

const TYPE_OF: Partial<Record<SchemaType, string>> = {
  INT8: 'INTEGER',
  INT16: 'INTEGER',
  INT32: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT32: 'REAL',
  FLOAT64: 'REAL',
  BOOLEAN: 'INTEGER',
  STRING: 'TEXT',
  BYTES: 'BLOB',
};

const NUMERIC_TYPES: readonly (string | null)[] = [DECIMAL_NAME, DATE_NAME, TIME_NAME, TIMESTAMP_NAME];

function columnType({ name, schema }: NewColumn): string {
  if (NUMERIC_TYPES.includes(schema.name)) return 'NUMERIC';
  const type = TYPE_OF[schema.type];
  if (type !== undefined) return type;
  throw unmappedType(name, schema);
}
