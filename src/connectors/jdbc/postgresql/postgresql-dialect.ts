/** PostgreSQL. */
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../data/schema/logical-names';
import type { Schema, SchemaType } from '../../../data/schema/schema';
import type { Connection } from '../database/connection';
import { addColumnsSql, createTableSql, STANDARD_SYNTAX, type TableSyntax, unmappedType } from '../database/create-table';
import type { Dialect, FoundTable, NewColumn, StatementOptions, TableSearch } from '../database/dialect';
import { standardIsolation } from '../database/isolation';
import type { TableId } from '../database/table-id';
import { requireConnectedDatabase, tableOfParts } from '../database/table-parts';
import type { Column } from '../database/values/column';
import { pgAssignment } from './pg-assignment';
import { elementColumn, RELKIND_OF_TYPE } from './pg-columns';
import { connectPg } from './pg-connect';
import { PG_IDENTIFIERS } from './pg-identifiers';
import { pgLiteral } from './pg-literal';
import { isTooSmall, mapColumn, widerColumn } from './pg-mapping';
import { withPlainMarks } from './pg-query-text';
import { oldestTransaction } from './pg-transactions';

const SYNTAX: TableSyntax = {
  ...STANDARD_SYNTAX,
  bytes: value => pgLiteral(`\\x${value.toString('hex')}`),
  text: pgLiteral,
  boolean: value => (value ? 'TRUE' : 'FALSE'),
};

const TYPE_OF: Partial<Record<SchemaType, string>> = {
  INT8: 'SMALLINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
  FLOAT32: 'REAL',
  FLOAT64: 'DOUBLE PRECISION',
  BOOLEAN: 'BOOLEAN',
  STRING: 'TEXT',
  BYTES: 'BYTEA',
};

/** A Map, since the name comes from a record: a plain object would have a value for `constructor`. */
const TYPE_OF_LOGICAL: ReadonlyMap<string | null, string> = new Map([
  [DECIMAL_NAME, 'DECIMAL'],
  [DATE_NAME, 'DATE'],
  [TIME_NAME, 'TIME'],
  [TIMESTAMP_NAME, 'TIMESTAMP'],
]);

const LIST_SQL = `SELECT n.nspname, c.relname, c.relkind
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ($1::text[] IS NULL OR c.relkind::text = ANY ($1)) AND ($2::text IS NULL OR n.nspname LIKE $2) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY n.nspname, c.relname`;

const FIND_SQL = `SELECT n.nspname, c.relname, c.relkind
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ($1::text[] IS NULL OR c.relkind::text = ANY ($1)) AND c.relname = $3
    AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END`;

const PRIMARY_KEY_SQL = `SELECT a.attname
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
  WHERE i.indisprimary AND c.relname = $2
    AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $1 END
  ORDER BY array_position(i.indkey::int2[], a.attnum)`;

/** The dialect of PostgreSQL. */
export const POSTGRESQL: Dialect = {
  name: 'PostgreSqlDatabaseDialect',
  product: 'PostgreSQL',
  identifiers: PG_IDENTIFIERS,
  currentTimestampSql: "SELECT (now() AT TIME ZONE 'UTC')::text",
  temporalBinding: 'text',
  isolationSql: level => standardIsolation('SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL', level),
  oldestTransaction,
  ddlCommits: false,
  unstorableNumbers: [],
  connect: connectPg,
  parseTable: name => tableOfParts(PG_IDENTIFIERS, name, 'schema'),
  async listTables(connection, search) {
    return tablesOf(await connection.query(LIST_SQL, [relkinds(search.types), schemaPattern(search)]));
  },
  async findTable(connection, id, types) {
    await requireConnectedDatabase(connection, id, 'SELECT current_database()');
    const { schema, table } = id;
    return tablesOf(await connection.query(FIND_SQL, [relkinds(types), schema, table]))[0] ?? null;
  },
  async primaryKey(connection, { schema, table }) {
    return (await connection.query(PRIMARY_KEY_SQL, [schema, table])).map(([name]) => String(name));
  },
  queryText: withPlainMarks,
  mapColumn,
  isTooSmall,
  widerColumn,
  hasInfinity: true,
  assign: pgAssignment,
  elementColumn,
  readsOffsets: true,
  parameter: (place, column) => (column?.castType === undefined ? `$${place}` : `$${place}::${comparedType(column)}`),
  columnType: ({ name, schema }) => typeOf(name, schema),
  createTable: (table, columns, options) => createTableSql(POSTGRESQL, SYNTAX, table, columns, options),
  addColumns: (table: TableId, columns: readonly NewColumn[], options: StatementOptions) =>
    addColumnsSql(POSTGRESQL, SYNTAX, table, columns, options),
};

/** A stored number may exceed a small type; all integer types compare with each other, using the same index. */
const comparedType = ({ type, castType }: Column): string | undefined =>
  type === 'SMALLINT' || type === 'INTEGER' ? 'pg_catalog.int8' : castType;

const tablesOf = (rows: Awaited<ReturnType<Connection['query']>>): FoundTable[] =>
  rows.map(([schema, table, kind]) => ({ catalog: null, schema: String(schema), table: String(table), type: typeOfRelkind(String(kind)) }));

const typeOfRelkind = (kind: string): string => Object.keys(RELKIND_OF_TYPE).find(type => RELKIND_OF_TYPE[type] === kind) ?? kind;

const relkinds = (types: readonly string[] | null): string | null =>
  types && `{${types.flatMap(type => RELKIND_OF_TYPE[type] ?? []).join(',')}}`;

/** Every table of PostgreSQL has a schema, so the empty pattern finds none. */
const schemaPattern = ({ schemaPattern: pattern }: TableSearch): string | null => pattern;

function typeOf(field: string, schema: Schema): string {
  const type = TYPE_OF_LOGICAL.get(schema.name) ?? TYPE_OF[schema.type];
  if (type !== undefined) return type;
  if (schema.type === 'ARRAY' && schema.valueSchema) return `${typeOf(field, schema.valueSchema)}[]`;
  throw unmappedType(field, schema);
}
