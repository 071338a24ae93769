/** SQL Server. Not tested against a server, see README. */

import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../data/schema/logical-names';
import type { SchemaType } from '../../../data/schema/schema';
import type { Connection } from '../database/connection';
import { addColumnsSql, createTableSql, STANDARD_SYNTAX, unmappedType } from '../database/create-table';
import { DatabaseError } from '../database/database-error';
import { type ConnectOptions, type Dialect, discretionOf, type FoundTable, type NewColumn } from '../database/dialect';
import { standardIsolation } from '../database/isolation';
import { requireConnectedDatabase, tableOfParts } from '../database/table-parts';
import type { Column } from '../database/values/column';
import { mapGenericColumn } from '../database/values/column-mapping';
import { columnScale, type ScaleBounds } from '../database/values/column-scale';
import { NOT_FINITE } from '../database/values/unstorable-numbers';
import { exactExpression, sqlServerAssignment, temporalText } from './sqlserver-columns';
import { SqlServerConnection, sqlServerError } from './sqlserver-connection';
import { loadTedious } from './sqlserver-driver';
import { SQLSERVER_IDENTIFIERS } from './sqlserver-syntax';

const TYPE = "REPLACE(TABLE_TYPE, 'BASE TABLE', 'TABLE')";

/** Adds the backslash as escape, as the Java driver does, which LIKE does not have by itself. */
const LIST_SQL = `SELECT TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, ${TYPE} FROM INFORMATION_SCHEMA.TABLES
  WHERE (@p1 IS NULL OR TABLE_SCHEMA LIKE @p1 ESCAPE '\\') AND CHARINDEX(',' + ${TYPE} + ',', @p2) > 0
  ORDER BY TABLE_SCHEMA, TABLE_NAME`;

const FIND_SQL = `SELECT TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, ${TYPE} FROM INFORMATION_SCHEMA.TABLES
  WHERE TABLE_SCHEMA = COALESCE(@p1, SCHEMA_NAME()) AND TABLE_NAME = @p2
    AND CHARINDEX(',' + ${TYPE} + ',', @p3) > 0`;

const PRIMARY_KEY_SQL = `SELECT c.name FROM sys.indexes i
  JOIN sys.index_columns ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id
  JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
  WHERE i.is_primary_key = 1 AND i.object_id = OBJECT_ID(@p1) ORDER BY ic.key_ordinal`;

const ALL_TYPES = ['TABLE', 'VIEW'];

const kinds = (types: readonly string[] | null): string => `,${(types ?? ALL_TYPES).join(',')},`;

const tablesOf = (rows: Awaited<ReturnType<Connection['query']>>): FoundTable[] =>
  rows.map(([catalog, schema, table, type]) => ({
    catalog: String(catalog),
    schema: String(schema),
    table: String(table),
    type: String(type),
  }));

/** The dialect of SQL Server. */
export const SQLSERVER: Dialect = {
  name: 'SqlServerDatabaseDialect',
  product: 'SQL Server',
  identifiers: SQLSERVER_IDENTIFIERS,
  currentTimestampSql: 'SELECT CONVERT(varchar(27), SYSUTCDATETIME(), 121)',
  temporalBinding: 'text',
  isolationSql: level =>
    level === 'SQL_SERVER_SNAPSHOT'
      ? 'SET TRANSACTION ISOLATION LEVEL SNAPSHOT'
      : standardIsolation('SET TRANSACTION ISOLATION LEVEL', level),
  ddlCommits: false,
  unstorableNumbers: NOT_FINITE,
  connect,
  parseTable: name => tableOfParts(SQLSERVER_IDENTIFIERS, name, 'schema'),
  async listTables(connection, { schemaPattern, types }) {
    return tablesOf(await connection.query(LIST_SQL, [schemaPattern, kinds(types)]));
  },
  async findTable(connection, id, types) {
    await requireConnectedDatabase(connection, id, 'SELECT DB_NAME()');
    const { schema, table } = id;
    return tablesOf(await connection.query(FIND_SQL, [schema, table, kinds(types)]))[0] ?? null;
  },
  async primaryKey(connection, table) {
    return (await connection.query(PRIMARY_KEY_SQL, [SQLSERVER_IDENTIFIERS.table(table)])).map(([name]) => String(name));
  },
  mapColumn: (column, options) => mapGenericColumn(column, options, raw => (raw instanceof Date ? temporalText(column, raw) : raw)),
  selectExpression: exactExpression,
  assign: sqlServerAssignment,
  readsOffsets: true,
  parameter,
  columnType,
  createTable: (table, columns, options) => createTableSql(SQLSERVER, STANDARD_SYNTAX, table, columns, options),
  addColumns: (table, columns, options) => addColumnsSql(SQLSERVER, STANDARD_SYNTAX, table, columns, options),
};

/** A parameter for `datetime` is rounded to its steps of 1/300 s: as datetime2, .003 would be before the .003333 that it was read from. */
function parameter(place: number, column: Column | null): string {
  if (column?.type !== 'TIMESTAMP') return `@p${place}`;
  const text = `CAST(@p${place} AS datetime2)`;
  return column.typeName === 'datetime' ? `CAST(${text} AS datetime)` : text;
}

async function connect(options: ConnectOptions): Promise<Connection> {
  const { address, timeoutMs } = options;
  const module = loadTedious();
  const { properties, user, password, database } = address;
  const [host] = address.hosts;
  if (host === undefined) throw new DatabaseError('connection', 'the URL names no host');
  const instanceName = properties.get('instanceName');
  const client = new module.Connection({
    server: host.host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      ...(instanceName === undefined ? { port: host.port } : { instanceName }),
      ...(database !== '' && { database }),
      connectTimeout: timeoutMs,
      requestTimeout: 0,
      // As in the Java driver since version 10.
      encrypt: (properties.get('encrypt') ?? 'true').toLowerCase() !== 'false',
      trustServerCertificate: properties.isSet('trustServerCertificate'),
      useUTC: true,
      appName: properties.get('applicationName') ?? 'connect-standalone',
    },
  });
  const discretion = discretionOf(options);
  await new Promise<void>((resolve, reject) => {
    client.on('error', error => reject(sqlServerError(error, discretion)));
    client.connect(error => (error ? reject(sqlServerError(error, discretion)) : resolve()));
  });
  return new SqlServerConnection(module, client, discretion);
}

const TYPE_OF: Partial<Record<SchemaType, string>> = {
  INT8: 'tinyint',
  INT16: 'smallint',
  INT32: 'int',
  INT64: 'bigint',
  FLOAT32: 'real',
  FLOAT64: 'float',
  BOOLEAN: 'bit',
  BYTES: 'varbinary(max)',
};

const SCALES: ScaleBounds = { product: 'SQL Server', min: 0, max: 38 };

function columnType(column: NewColumn): string {
  const { name, schema, primaryKey } = column;
  switch (schema.name) {
    case DECIMAL_NAME:
      return `decimal(${SCALES.max},${columnScale(column, SCALES)})`;
    case DATE_NAME:
      return 'date';
    case TIME_NAME:
      return 'time';
    case TIMESTAMP_NAME:
      return 'datetime2';
  }
  if (schema.type === 'STRING') return primaryKey ? 'varchar(900)' : 'varchar(max)';
  const type = TYPE_OF[schema.type];
  if (type !== undefined) return type;
  throw unmappedType(name, schema);
}
