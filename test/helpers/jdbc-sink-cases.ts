/** Recorded cases of a JDBC sink: the same records through our task, and what the tables hold then. */
import { readFileSync } from 'node:fs';
import type { Props } from '../../src/api/connector';
import { readConnectionSettings } from '../../src/connectors/jdbc/config/connection-settings';
import { SINK_DEFS } from '../../src/connectors/jdbc/config/sink-keys';
import type { Connection } from '../../src/connectors/jdbc/database/connection';
import type { Dialect } from '../../src/connectors/jdbc/database/dialect';
import { JdbcSinkConnector } from '../../src/connectors/jdbc/sink/jdbc-sink-connector';
import { JdbcSinkTask } from '../../src/connectors/jdbc/sink/jdbc-sink-task';
import { JsonConverter } from '../../src/converters/json-converter';
import type { SinkRecord } from '../../src/data/record';
import { toError } from '../../src/errors';
import { FakeSinkContext } from './fake-sink-context';

interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
}

interface TableFacts {
  readonly table: string;
  readonly columns?: readonly ColumnFacts[];
  readonly primary_key?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
}

/** A case as it was recorded. */
export interface SinkCase {
  readonly case: string;
  readonly config: Props;
  readonly pre?: readonly string[];
  readonly records?: readonly { readonly key: unknown; readonly value: unknown }[];
  readonly create_status?: number;
  readonly state?: { readonly task: string };
  readonly error?: readonly string[];
  readonly tables?: readonly TableFacts[];
}

/** A database to run cases on. */
export interface CaseDatabase {
  /** Settings `connection.*`; they take the place of those of the case. @param url the one of the case, whose driver counts */
  settings(url: string): Props;
}

/** What came of a case; equal texts mean that it passed. */
export interface SinkCaseResult {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

/** The cases of a file. */
export function readSinkCases(file: string): readonly SinkCase[] {
  const text = readFileSync(file, 'utf8').replace(/([[:,]\s*)(-?\d{16,})(?=\s*[,}\]])/g, `$1"${LONG_MARK}$2"`);
  return (JSON.parse(text) as { cases: SinkCase[] }).cases;
}

/** Stands before whole numbers that a number of JavaScript does not hold, until they are JSON again. */
const LONG_MARK = 'whole number ';

/** Runs a case on a database that has none of its tables. */
export async function runSinkCase(test: SinkCase, database: CaseDatabase): Promise<SinkCaseResult> {
  const { 'connection.url': url = '', ...rest } = test.config;
  const props = { ...rest, ...database.settings(url), name: test.case };
  const { dialect, options } = readConnectionSettings(SINK_DEFS.aiven.parse(props), 'task');
  const connection = await dialect.connect(options);
  try {
    for (const sql of test.pre ?? []) await connection.query(sql.replace(/;\s*$/, ''));
    const wanted = expectedState(test);
    const actual = await deliver(test, props);
    // what the database said in Java is not compared word for word
    const state = wanted === 'FAILED' && actual.startsWith('FAILED') ? 'FAILED' : actual;
    const tables: TableFacts[] = [];
    for (const { table } of test.tables ?? []) tables.push(await factsOf(connection, dialect, table));
    return { name: test.case, expected: outcome(wanted, test.tables ?? []), got: outcome(state, tables) };
  } finally {
    await connection.close();
  }
}

/** The state, or the sentence of Connect where the failure is its own and not the database's. */
function expectedState({ create_status, state, error }: SinkCase): string {
  if (create_status !== undefined) return 'REFUSED';
  const last = error?.[1] ?? '';
  const sentence = /^org\.apache\.kafka\.connect\.errors\.ConnectException: (?!java\.sql)(.*)$/.exec(last)?.[1];
  return sentence === undefined ? (state?.task ?? '') : `FAILED ${sentence}`;
}

const outcome = (state: string, tables: readonly TableFacts[]): string =>
  JSON.stringify(
    {
      state,
      tables: tables.map(({ table, columns = [], primary_key = [], rows = [] }) => ({
        table,
        columns: columns.map(column => `${column.name} ${column.type}${column.nullable ? '' : ' NOT NULL'} ${column.default ?? ''}`.trim()),
        primary_key,
        rows: rows.map(row => JSON.stringify(row.map(shownNumber))).sort(),
      })),
    },
    null,
    1,
  );

/** Versions of SQLite show doubles with other digits. */
const shownNumber = (text: string | null): string | null =>
  text !== null && /^-?\d\.\d+(e[+-]\d+)?$/.test(text) ? String(Number(text)) : text;

async function deliver({ config, records = [] }: SinkCase, props: Props): Promise<string> {
  const connector = new JdbcSinkConnector('aiven');
  const values = await connector.validate(props, connector.config().validate(props));
  if (values.some(value => value.errors.length > 0)) return 'REFUSED';
  const task = new JdbcSinkTask('aiven');
  try {
    task.start(props, new FakeSinkContext(props));
    await task.put(records.map((record, i) => sinkRecord(config.topics ?? '', i, record.key, record.value)));
    return 'RUNNING';
  } catch (error) {
    const { message } = toError(error);
    return message.startsWith('java.sql') ? 'FAILED' : `FAILED ${message}`;
  } finally {
    await task.stop();
  }
}

/** A record as the converter of the worker would make it. @param key an envelope with schema, or null */
export function sinkRecord(topic: string, offset: number, key: unknown, value: unknown): SinkRecord {
  const [keyData, valueData] = [read(topic, key, true), read(topic, value, false)];
  return {
    topic,
    kafkaPartition: 0,
    kafkaOffset: offset,
    keySchema: keyData.schema,
    key: keyData.value,
    valueSchema: valueData.schema,
    value: valueData.value,
    timestamp: 0,
    timestampType: 'CreateTime',
    headers: [],
    originalTopic: topic,
    originalKafkaPartition: 0,
    originalKafkaOffset: offset,
  };
}

const [keyConverter, valueConverter] = [new JsonConverter(), new JsonConverter()];
keyConverter.configure({ 'schemas.enable': 'true' }, 'key');
valueConverter.configure({ 'schemas.enable': 'true' }, 'value');

function read(topic: string, envelope: unknown, isKey: boolean): ReturnType<JsonConverter['toConnectData']> {
  const bytes = envelope === null ? null : Buffer.from(JSON.stringify(envelope).replace(new RegExp(`"${LONG_MARK}(-?\\d+)"`, 'g'), '$1'));
  return (isKey ? keyConverter : valueConverter).toConnectData(topic, bytes);
}

const PG_COLUMNS = `SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
const MARIADB_COLUMNS = `SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE = 'YES', COLUMN_DEFAULT, DATA_TYPE FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`;
const SQLITE_COLUMNS = 'SELECT name, type, NOT "notnull", dflt_value FROM pragma_table_info(?)';

/** What the catalogue says of a table, and its rows as text. */
async function factsOf(connection: Connection, dialect: Dialect, table: string): Promise<TableFacts> {
  const kind = dialect.product;
  const sql = kind === 'PostgreSQL' ? PG_COLUMNS : kind === 'SQLite' ? SQLITE_COLUMNS : MARIADB_COLUMNS;
  const found = await connection.query(sql, [table]);
  if (found.length === 0) return { table };
  const columns = found.map(([name, type, nullable, text]) => ({
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
