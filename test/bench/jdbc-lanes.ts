/**
 * JDBC from end to end: a table to a topic, a topic to a table, one task, default settings. BENCH_ROWS (500000) rows of six columns; the
 * memory lanes stream BENCH_NARROW_ROWS (10000000) of two. Java is Debezium's sink, where Maven can have it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../helpers/processes/child';
import { javaWorkerCommand } from '../helpers/processes/java-worker';
import { ourBinary, type Settings, startWorker } from '../helpers/processes/worker-process';
import { TempDir } from '../helpers/temp-dir';
import { debeziumJars, debeziumSettings } from './debezium';
import { type BenchDatabase, DATABASES, type DatabaseKind, databaseOf } from './jdbc-databases';
import type { Bench, Figures, Lane } from './lanes';
import { type Gauge, type Run, watchGrowth } from './measure';
import type { SubjectName } from './subjects';

const ROWS = Number(process.env.BENCH_ROWS ?? 500_000);
const NARROW_ROWS = Number(process.env.BENCH_NARROW_ROWS ?? 10_000_000);
/** Places of a table at which a look sees how far a sink has come. */
const PLACES = 400;
const LOOK_EVERY_MS = 25;

const JSON_CONVERTER = { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter' };
const ONCE = { mode: 'bulk', 'poll.interval.ms': 3_600_000 };

/** What Java has reached with 500,000 rows, measured before on another day on this kind of machine; k rows/s. */
const JAVA_BEFORE: Readonly<Record<DatabaseKind['name'], Readonly<Record<'source' | 'insert' | 'upsert', string>>>> = {
  postgresql: { source: '26-36, tuned 90', insert: '38-40, rewriting 45-57', upsert: '32-37, rewriting 33-45' },
  mariadb: {
    source: '27-46, tuned 83',
    insert: '6-8, rewriting 23-31, MariaDB driver 30-56',
    upsert: '5-6, rewriting 27-34, MariaDB driver 15-19',
  },
  sqlite: { source: '37-44', insert: '47-60', upsert: '50-65' },
};

let serial = 0;
const freshName = (): string => `bench-${process.pid}-${Date.now()}-${++serial}`;

/** Starts a worker with one connector, without waiting for anything. */
async function startConnector(bench: Bench, dir: TempDir, connector: Settings, java: Settings | null = null): Promise<Child> {
  const worker = await startWorker({
    bootstrap: bench.bootstrap,
    dir,
    connectors: [{ name: freshName(), ...connector }],
    worker: java ?? {},
    // Java may take minutes to read its plugins; rates count from the first row anyway
    until: java ? 'health' : 'started',
    startTimeoutMs: 300_000,
    command: java ? javaWorkerCommand() : [ourBinary],
  });
  return worker.child;
}

const figuresOf = ({ perSecond, peakRssMiB, cpuSeconds }: Run): Figures => ({
  'rows/s': perSecond,
  'peak RSS MiB': peakRssMiB,
  'CPU s': cpuSeconds,
});

/** Makes a table of this many rows, unless it is there. */
async function fillTable({ connection, kind }: BenchDatabase, table: string, rows: number, columns: string, values: string): Promise<void> {
  if (tables.has(`${kind.name} ${table}`)) return;
  await connection.query(`CREATE TABLE ${table} (${columns})`);
  await connection.query(`INSERT INTO ${table} SELECT ${values} FROM ${kind.numbers(rows)}`);
  tables.add(`${kind.name} ${table}`);
}

const tables = new Set<string>();

async function tableToTopic(
  bench: Bench,
  database: BenchDatabase,
  table: string,
  rows: number,
  more: Settings,
): Promise<{ run: Run; topic: string }> {
  const dir = new TempDir('bench');
  const prefix = `${bench.freshTopic()}-`;
  const topic = prefix + table;
  await bench.wire.createTopic(topic);
  const source = { 'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector', 'table.whitelist': table, 'topic.prefix': prefix };
  const child = await startConnector(bench, dir, { ...source, ...database.settings, ...more });
  const run = await watchGrowth(child, () => bench.wire.endOffset(topic), rows);
  await child.stop();
  const sent = await bench.wire.endOffset(topic);
  if (sent !== rows) throw new Error(`${sent} records of ${rows} rows`);
  dir.remove();
  return { run, topic };
}

/** The column may be NULL, though none of its values is. */
const BY_TIMESTAMP = { 'timestamp.column.name': 'at', 'validate.non.null': false };

/** The usual way to give rows the key of their table. */
const KEYED = {
  transforms: 'key,id',
  'transforms.key.type': 'org.apache.kafka.connect.transforms.ValueToKey',
  'transforms.key.fields': 'id',
  'transforms.id.type': 'org.apache.kafka.connect.transforms.ExtractField$Key',
  'transforms.id.field': 'id',
};

const SOURCE_MODES: readonly { readonly name: string; readonly settings: Settings }[] = [
  { name: 'source', settings: ONCE },
  { name: 'keyed', settings: { ...ONCE, ...KEYED } },
  { name: 'incrementing', settings: { mode: 'incrementing', 'incrementing.column.name': 'id' } },
  { name: 'timestamp', settings: { mode: 'timestamp', ...BY_TIMESTAMP } },
  { name: 'timestamp-incrementing', settings: { mode: 'timestamp+incrementing', ...BY_TIMESTAMP, 'incrementing.column.name': 'id' } },
];

function sourceLane(kind: DatabaseKind, { name, settings }: (typeof SOURCE_MODES)[number]): Lane {
  return {
    name: `jdbc-${kind.name}-${name}`,
    what: `table to topic, ${settings.mode}${settings.transforms ? ', ValueToKey and ExtractField' : ''}, JSON with schema: first record in the topic until the last`,
    subjects: ['ours'],
    higherIsBetter: ['rows/s'],
    byName: true,
    note: `Java before: ${JAVA_BEFORE[kind.name].source} k rows/s`,
    async run(bench) {
      const database = await databaseOf(kind);
      await fillTable(database, 'wide', ROWS, kind.columns, kind.values);
      const { run, topic } = await tableToTopic(bench, database, 'wide', ROWS, { ...settings, ...JSON_CONVERTER });
      await bench.wire.deleteTopic(topic);
      return figuresOf(run);
    },
  };
}

function memoryLane(kind: DatabaseKind): Lane {
  return {
    name: `jdbc-${kind.name}-memory`,
    what: `a table of ${NARROW_ROWS} narrow rows to a topic, bulk, JSON without schema`,
    subjects: ['ours'],
    higherIsBetter: ['rows/s'],
    once: true,
    async run(bench) {
      const database = await databaseOf(kind);
      await fillTable(database, 'narrow', NARROW_ROWS, 'id BIGINT PRIMARY KEY, n INT', 'i, i % 1000');
      const more = { ...ONCE, ...JSON_CONVERTER, 'value.converter.schemas.enable': false };
      const { run, topic } = await tableToTopic(bench, database, 'narrow', NARROW_ROWS, more);
      await bench.wire.deleteTopic(topic);
      return figuresOf(run);
    },
  };
}

/** The topic that all sinks read: the table of six columns as JSON with schema. */
let filled: Promise<string> | undefined;

async function fillTopic(bench: Bench): Promise<string> {
  const [postgresql] = DATABASES;
  if (!postgresql) throw new Error('there is no database to fill the topic from');
  const database = await databaseOf(postgresql);
  await fillTable(database, 'wide', ROWS, postgresql.columns, postgresql.values);
  return (await tableToTopic(bench, database, 'wide', ROWS, { ...ONCE, ...JSON_CONVERTER })).topic;
}

/** How far a sink has come that writes rows in their order: the highest of some places that holds the name of the topic's row. */
function written({ connection }: BenchDatabase, table: string): Gauge {
  const step = Math.max(1, Math.floor(ROWS / PLACES));
  const ids = [1, ...Array.from({ length: PLACES }, (_, i) => (i + 1) * step).filter(id => id < ROWS), ROWS].join(',');
  return async () => {
    await sleep(LOOK_EVERY_MS);
    const [row] = await connection.query(`SELECT MAX(id) FROM ${table} WHERE id IN (${ids}) AND name LIKE 'customer%'`);
    return Number(row?.[0] ?? 0);
  };
}

/** Makes the table of a sink: empty for inserts, with all the keys and other values for upserts. */
async function prepareTable({ connection, kind }: BenchDatabase, table: string, mode: 'insert' | 'upsert'): Promise<void> {
  await connection.query(`CREATE TABLE ${table} (${kind.columns})`);
  if (mode === 'insert') return;
  const values = kind.values.replace('customer number', 'before').replace('i % 100000', '1');
  await connection.query(`INSERT INTO ${table} SELECT ${values} FROM ${kind.numbers(ROWS)}`);
}

/** Rows, and the sum of their prices, which must be those of the topic. */
async function check({ connection }: BenchDatabase, table: string, who: string): Promise<void> {
  const [row] = await connection.query(`SELECT COUNT(*), ROUND(SUM(price)) FROM ${table} WHERE name LIKE 'customer%'`);
  const cents = Array.from({ length: ROWS }, (_, i) => (i + 1) % 100_000).reduce((sum, each) => sum + each, 0);
  if (Number(row?.[0]) !== ROWS || Number(row?.[1]) !== Math.round(cents / 100)) throw new Error(`${who}: other rows have arrived: ${row}`);
}

/** Takes every struct apart and puts it together again, without another outcome. */
const REPLACED = {
  transforms: 'replaced',
  'transforms.replaced.type': 'org.apache.kafka.connect.transforms.ReplaceField$Value',
  'transforms.replaced.exclude': 'nothing',
};

/** @param more settings of the sink, such as transformations @param how said of the lane with them */
function sinkLane(kind: DatabaseKind, mode: 'insert' | 'upsert', more: Settings = {}, how = ''): Lane {
  return {
    name: `jdbc-${kind.name}-${mode}${how === '' ? '' : '-transformed'}`,
    what: `topic to table, ${mode}${how}, JSON with schema: first rows in the table until the last`,
    subjects: kind.name === 'sqlite' ? ['ours'] : ['ours', 'java'],
    higherIsBetter: ['rows/s'],
    byName: true,
    note: `Java before: ${JAVA_BEFORE[kind.name][mode]} k rows/s`,
    async run(bench, subject) {
      const jars = subject === 'java' ? await debeziumJars() : null;
      if (subject === 'java' && jars === null) return {};
      const database = await databaseOf(kind);
      filled ??= fillTopic(bench);
      const topic = await filled;
      const table = `t${++serial}`;
      await prepareTable(database, table, mode);
      const dir = new TempDir('bench');
      const settings = { topics: topic, ...JSON_CONVERTER, ...sinkSettings(subject, database.settings, mode, table), ...more };
      const child = await startConnector(bench, dir, settings, jars === null ? null : { 'plugin.path': jars });
      const run = await watchGrowth(child, written(database, table), ROWS);
      await child.stop();
      await check(database, table, `${subject}, ${kind.name} ${mode}`);
      await database.connection.query(`DROP TABLE ${table}`);
      dir.remove();
      return figuresOf(run);
    },
  };
}

function sinkSettings(subject: SubjectName, connection: Settings, mode: 'insert' | 'upsert', table: string): Settings {
  if (subject === 'java') return debeziumSettings(connection, mode, table);
  return {
    'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
    ...connection,
    'insert.mode': mode,
    'pk.mode': 'record_value',
    'pk.fields': 'id',
    'table.name.format': table,
  };
}

export const JDBC_LANES: readonly Lane[] = DATABASES.flatMap(kind => [
  ...SOURCE_MODES.map(mode => sourceLane(kind, mode)),
  sinkLane(kind, 'insert'),
  sinkLane(kind, 'insert', REPLACED, ', ReplaceField'),
  sinkLane(kind, 'upsert'),
  memoryLane(kind),
]);
