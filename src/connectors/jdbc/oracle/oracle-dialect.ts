/** Oracle. Not tested against a server, see README. */
import path from 'node:path';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../data/schema/logical-names';
import type { SchemaType } from '../../../data/schema/schema';
import { ConnectError, toError } from '../../../errors';
import { refuseOtherThanFile } from '../../../named-files';
import type { Connection } from '../database/connection';
import { addColumnsSql, createTableSql, STANDARD_SYNTAX, type TableSyntax, unmappedType } from '../database/create-table';
import { type ConnectOptions, type Dialect, discretionOf, type FoundTable, type NewColumn } from '../database/dialect';
import { standardIsolation } from '../database/isolation';
import { tableOfParts } from '../database/table-parts';
import { mapGenericColumn, withoutScale } from '../database/values/column-mapping';
import { columnScale, type ScaleBounds } from '../database/values/column-scale';
import type { Flavour } from '../database/values/flavour';
import { CONNECT_STRING } from '../url/oracle-url';
import { oracleAssignment } from './oracle-columns';
import { OracleConnection, oracleError } from './oracle-connection';
import { loadOracle } from './oracle-driver';
import { ORACLE_IDENTIFIERS } from './oracle-syntax';

const SYNTAX: TableSyntax = { ...STANDARD_SYNTAX, oneAtATime: true, bytes: value => `HEXTORAW('${value.toString('hex')}')` };

const TABLES = `(SELECT OWNER, TABLE_NAME AS NAME, 'TABLE' AS KIND FROM ALL_TABLES
    UNION ALL SELECT OWNER, VIEW_NAME, 'VIEW' FROM ALL_VIEWS
    UNION ALL SELECT OWNER, SYNONYM_NAME, 'SYNONYM' FROM ALL_SYNONYMS)`;

/** Only the user's text is a pattern, since the session's schema may have a `_` in its name. The Java driver escapes by a slash. */
const LIST_SQL = `SELECT OWNER, NAME, KIND FROM ${TABLES}
  WHERE (OWNER LIKE :1 ESCAPE '/' OR OWNER = NVL2(:2, NULL, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'))) AND INSTR(:3, ',' || KIND || ',') > 0 ORDER BY OWNER, NAME`;

const FIND_SQL = `SELECT OWNER, NAME, KIND FROM ${TABLES}
  WHERE OWNER = NVL(:1, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND NAME = :2 AND INSTR(:3, ',' || KIND || ',') > 0`;

const PRIMARY_KEY_SQL = `SELECT c.COLUMN_NAME FROM ALL_CONSTRAINTS k
  JOIN ALL_CONS_COLUMNS c ON c.OWNER = k.OWNER AND c.CONSTRAINT_NAME = k.CONSTRAINT_NAME
  WHERE k.CONSTRAINT_TYPE = 'P' AND k.OWNER = NVL(:1, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND k.TABLE_NAME = :2 ORDER BY c.POSITION`;

/** Formats of dates and times as text, independent of the server's settings. */
const SESSION_SQL = `ALTER SESSION SET NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS' NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF'
  NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF TZH:TZM' NLS_NUMERIC_CHARACTERS = '.,' TIME_ZONE = '+00:00'`;

const ALL_TYPES = ['TABLE', 'VIEW', 'SYNONYM'];

const kinds = (types: readonly string[] | null): string => `,${(types ?? ALL_TYPES).join(',')},`;

const tablesOf = (rows: Awaited<ReturnType<Connection['query']>>): FoundTable[] =>
  rows.map(([schema, table, type]) => ({ catalog: null, schema: String(schema), table: String(table), type: String(type) }));

/** The dialect of Oracle. */
export const ORACLE: Dialect = {
  name: 'OracleDatabaseDialect',
  product: 'Oracle',
  identifiers: ORACLE_IDENTIFIERS,
  currentTimestampSql: `SELECT TO_CHAR(SYS_EXTRACT_UTC(SYSTIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.FF') FROM dual`,
  temporalBinding: 'text',
  isolationSql: level =>
    level === 'READ_COMMITTED' || level === 'SERIALIZABLE' ? standardIsolation('ALTER SESSION SET ISOLATION_LEVEL =', level) : null,
  ddlCommits: true,
  unstorableNumbers: [],
  connect,
  parseTable: name => tableOfParts(ORACLE_IDENTIFIERS, name, 'schema', 2),
  async listTables(connection, { schemaPattern, types }) {
    return tablesOf(await connection.query(LIST_SQL, [schemaPattern, schemaPattern, kinds(types)]));
  },
  async findTable(connection, { schema, table }, types) {
    return tablesOf(await connection.query(FIND_SQL, [schema, table, kinds(types)]))[0] ?? null;
  },
  async primaryKey(connection, { schema, table }) {
    return (await connection.query(PRIMARY_KEY_SQL, [schema, table])).map(([name]) => String(name));
  },
  // A plain NUMBER holds any decimal.
  mapColumn: (column, options) =>
    mapGenericColumn(
      column.type === 'NUMERIC' && column.precision === null && column.scale === null ? withoutScale(column) : column,
      options,
    ),
  parameter: (place, column) => (column?.type === 'TIMESTAMP' ? `TO_TIMESTAMP(:${place}, 'YYYY-MM-DD HH24:MI:SS.FF')` : `:${place}`),
  assign: oracleAssignment,
  readsOffsets: true,
  columnType,
  createTable: (table, columns, options) => createTableSql(ORACLE, SYNTAX, table, columns, options),
  addColumns: (table, columns, options) => addColumnsSql(ORACLE, SYNTAX, table, columns, options),
};

async function connect(options: ConnectOptions): Promise<Connection> {
  const { address, timeoutMs } = options;
  const module = loadOracle();
  const { properties, user, password } = address;
  const discretion = discretionOf(options);
  const wallet = properties.get('oracle.net.wallet_location');
  if (wallet !== undefined) checkWallet(wallet);
  try {
    const client = await module.getConnection({
      user,
      password,
      connectString: properties.get(CONNECT_STRING),
      connectTimeout: Math.ceil(timeoutMs / 1000),
      ...(wallet !== undefined && { walletLocation: wallet }),
    });
    await client.execute(SESSION_SQL, [], {});
    return new OracleConnection(module, client, discretion);
  } catch (error) {
    throw oracleError(error, discretion);
  }
}

/** The driver reads the file itself, and would wait for ever at a pipe. */
function checkWallet(folder: string): void {
  try {
    refuseOtherThanFile(path.join(folder, 'ewallet.pem'));
  } catch (error) {
    throw new ConnectError(
      'ConfigException',
      `The file ewallet.pem of the URL parameter oracle.net.wallet_location cannot be read: ${toError(error).message}`,
    );
  }
}

const TYPE_OF: Partial<Record<SchemaType, string>> = {
  INT8: 'NUMBER(3,0)',
  INT16: 'NUMBER(5,0)',
  INT32: 'NUMBER(10,0)',
  INT64: 'NUMBER(19,0)',
  FLOAT32: 'BINARY_FLOAT',
  FLOAT64: 'BINARY_DOUBLE',
  BOOLEAN: 'NUMBER(1,0)',
  BYTES: 'BLOB',
};

const SCALES: ScaleBounds = { product: 'Oracle', min: -84, max: 127 };

function columnType(column: NewColumn, flavour: Flavour): string {
  const { name, schema, primaryKey, secondDigits } = column;
  switch (schema.name) {
    case DECIMAL_NAME:
      return `NUMBER(*,${columnScale(column, SCALES)})`;
    case DATE_NAME:
    case TIME_NAME:
      return 'DATE';
    case TIMESTAMP_NAME:
      return secondDigits === undefined ? 'TIMESTAMP' : `TIMESTAMP(${secondDigits})`;
  }
  // A CLOB cannot be part of a key.
  if (schema.type === 'STRING') return flavour === 'aiven' && !primaryKey ? 'CLOB' : 'VARCHAR2(4000)';
  const type = TYPE_OF[schema.type];
  if (type !== undefined) return type;
  throw unmappedType(name, schema);
}
