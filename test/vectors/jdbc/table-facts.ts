/** What the catalogue says of tables, and what they hold. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import type { Dialect } from '../../../src/connectors/jdbc/database/dialect';
import type { Facts } from './facts';

/** A table as a file of vectors has it. */
export interface RecordedTable {
  readonly table: string;
  readonly columns?: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
    readonly default: string | null;
  }[];
  readonly primary_key?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
}

/** Tables of the database that the files leave out: views stand on it. */
const BASE_TABLE = 'base_v';

/** The facts of tables; the order of their rows is none. */
export function tableFacts(tables: readonly RecordedTable[]): Facts {
  const facts: Record<string, string> = {
    tables: tables
      .map(({ table }) => table)
      .sort()
      .join(),
  };
  for (const { table, columns = [], primary_key = [], rows = [] } of tables) {
    facts[`table ${table}`] = columns.map(({ name }) => name).join();
    for (const { name, type, nullable, default: text } of columns) {
      facts[`table ${table} column ${name}`] = `${type}${nullable ? '' : ' NOT NULL'}${text === null ? '' : ` DEFAULT ${text}`}`;
    }
    facts[`table ${table} key`] = primary_key.join();
    const texts = rows.map(row => JSON.stringify(row.map(shownNumber))).sort();
    facts[`table ${table} rows`] = String(texts.length);
    for (const [i, text] of texts.entries()) facts[`table ${table} row ${i}`] = text;
  }
  return facts;
}

/** Versions of SQLite show doubles with other digits. */
const shownNumber = (text: string | null): string | null =>
  text !== null && /^-?\d\.\d+(e[+-]\d+)?$/.test(text) ? String(Number(text)) : text;

const PG_COLUMNS = `SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
const MARIADB_COLUMNS = `SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE = 'YES', COLUMN_DEFAULT, DATA_TYPE FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`;
const SQLITE_COLUMNS = 'SELECT name, type, NOT "notnull", dflt_value FROM pragma_table_info(?)';

/** All tables of a connection's database. */
export async function readTables(connection: Connection, dialect: Dialect): Promise<RecordedTable[]> {
  const search = { catalogPattern: null, schemaPattern: dialect.product === 'PostgreSQL' ? 'public' : null, types: ['TABLE', 'VIEW'] };
  const tables: RecordedTable[] = [];
  for (const { table } of await dialect.listTables(connection, search)) {
    if (table !== BASE_TABLE) tables.push(await readTable(connection, dialect, table));
  }
  return tables;
}

async function readTable(connection: Connection, dialect: Dialect, table: string): Promise<RecordedTable> {
  const kind = dialect.product;
  const sql = kind === 'PostgreSQL' ? PG_COLUMNS : kind === 'SQLite' ? SQLITE_COLUMNS : MARIADB_COLUMNS;
  const columns = (await connection.query(sql, [table])).map(([name, type, nullable, text]) => ({
    name: String(name),
    type: String(type),
    nullable: nullable === true || nullable === 't' || Number(nullable) === 1,
    default: text === null || text === undefined ? null : String(text),
  }));
  const id = { catalog: null, schema: null, table };
  const shown = columns.map(({ name, type }) => {
    const quoted = dialect.identifiers.quote(name);
    if (kind === 'SQLite') return `quote(${quoted})`;
    if (kind === 'PostgreSQL') return `${quoted}::text`;
    return /binary|blob/.test(type) ? `hex(${quoted})` : `CAST(${quoted} AS CHAR)`;
  });
  const rows = await connection.query(`SELECT ${shown.join(', ')} FROM ${dialect.identifiers.table(id)}`);
  return {
    table,
    columns,
    primary_key: await dialect.primaryKey(connection, id),
    rows: rows.map(row => row.map(value => (value === null ? null : String(value)))),
  };
}
