/** Queries of MySQL's and MariaDB's information_schema. */
import type { BindValue } from '../database/connection';
import type { TableId } from '../database/table-id';

/**
 * A name, compared as the server distinguishes names. The collation of information_schema would take `App` for `app` and `café` for `cafe`,
 * which are different databases or tables if `lower_case_table_names` is 0. A parameter occurs twice in it.
 */
function exact(name: string): string {
  const text = `CONVERT(${name} USING utf8mb4)`;
  return `IF(@@lower_case_table_names = 0, ${text}, LOWER(${text})) COLLATE utf8mb4_bin`;
}

/** Also compares plainly, by which the server finds folder and file without reading all others. */
const same = (column: string, wanted: string): string => `${column} = ${wanted} AND ${exact(column)} = ${exact(wanted)}`;

/** The condition that a row of information_schema is about a table, with the parameters `tableParams`. */
export const IS_TABLE = `${same('TABLE_SCHEMA', 'COALESCE(?, DATABASE())')} AND ${same('TABLE_NAME', '?')}`;

/** The parameters of `IS_TABLE`; a table without a database is in that of the connection. */
export const tableParams = ({ catalog, table }: TableId): BindValue[] => [catalog, catalog, catalog, table, table, table];

const OF_TYPES = 'FIND_IN_SET(TABLE_TYPE, COALESCE(?, TABLE_TYPE))';

const LIST = 'SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES';

/** Tables of the connection's database, by type. */
export const LIST_HERE_SQL = `${LIST} WHERE ${same('TABLE_SCHEMA', 'DATABASE()')} AND ${OF_TYPES} ORDER BY TABLE_SCHEMA, TABLE_NAME`;

/** Tables of the databases that match a user's LIKE pattern, by type. */
export const LIST_LIKE_SQL = `${LIST} WHERE ${exact('TABLE_SCHEMA')} LIKE ${exact('?')} AND ${OF_TYPES} ORDER BY TABLE_SCHEMA, TABLE_NAME`;

/** One table, by type. */
export const FIND_SQL = `${LIST} WHERE ${IS_TABLE} AND ${OF_TYPES}`;

export const PRIMARY_KEY_SQL = `SELECT COLUMN_NAME FROM information_schema.STATISTICS
  WHERE ${IS_TABLE} AND INDEX_NAME = 'PRIMARY'
  ORDER BY SEQ_IN_INDEX`;

/** A row for each column of each unique key, the primary key among them. */
export const UNIQUE_KEYS_SQL = `SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS
  WHERE ${IS_TABLE} AND NON_UNIQUE = 0
  ORDER BY INDEX_NAME, SEQ_IN_INDEX`;

/** information_schema's types by those of JDBC. A system-versioned table counts as a table, as in MariaDB's driver. */
const TABLE_TYPES: Readonly<Record<string, readonly string[]>> = {
  TABLE: ['BASE TABLE', 'SYSTEM VERSIONED'],
};

/** The types as a list for FIND_IN_SET; null for any type. */
export const tableTypes = (types: readonly string[] | null): string | null =>
  types?.flatMap(type => TABLE_TYPES[type] ?? [type]).join(',') ?? null;

/** JDBC's type. */
export const typeOfTable = (word: string): string => Object.keys(TABLE_TYPES).find(type => TABLE_TYPES[type]?.includes(word)) ?? word;
