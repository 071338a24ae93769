/** Values of PostgreSQL that Java's types, or JavaScript's, have no room for: tables that hold them are read all the same, and written again. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { POSTGRESQL } from '../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { JdbcSinkTask } from '../../../src/connectors/jdbc/sink/jdbc-sink-task';
import { readSourceSettings } from '../../../src/connectors/jdbc/source/source-settings';
import { TableReader } from '../../../src/connectors/jdbc/source/table-reader';
import { JsonConverter } from '../../../src/converters/json/json-converter';
import type { SourceRecord } from '../../../src/data/record/record';
import type { Struct } from '../../../src/data/schema/struct';
import { FakeSinkContext } from '../../../src/testing/sink/sink-context';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { recordsOfBatches } from '../../helpers/fakes/row-batches';
import { sinkRecord } from '../../helpers/fakes/sink-record';
import { Postgres } from '../../helpers/servers/postgres';

jest.setTimeout(120_000);

type Flavour = 'aiven' | 'confluent';

let server: Postgres;
let connection: Connection;
beforeAll(async () => {
  server = await Postgres.start();
  const props = { mode: 'bulk', ...server.settings() };
  connection = await POSTGRESQL.connect(readSourceSettings(props, 'aiven').connection.options);
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

const converter = new JsonConverter();
converter.configure({ 'schemas.enable': 'false' }, 'value');

async function read(
  table: string,
  flavour: Flavour,
  settings: Record<string, string> = {},
  logger = fakeLogger(),
): Promise<SourceRecord[]> {
  const props = { mode: 'bulk', 'topic.prefix': 'x-', ...server.settings(), ...settings };
  const refuse = (error: Error): void => {
    throw error;
  };
  const reader = new TableReader(
    { table: POSTGRESQL.parseTable(table) },
    readSourceSettings(props, flavour),
    { timestamp: null, incrementing: null },
    refuse,
    logger,
  );
  const records = await recordsOfBatches(reader.read(connection, { rows: 1000, bytes: 1 << 24 }));
  await reader.abandon();
  return records;
}

/** What a consumer of JSON gets. */
const jsonOf = ({ topic, valueSchema, value }: SourceRecord): unknown =>
  JSON.parse(String(converter.fromConnectData(topic, valueSchema, value)).replace(/:(-?\d{16,})/g, ':"$1"'));

const FAR = "'infinity', '-infinity', '4713-01-01 BC', '0001-01-01', '9999-12-31', '10000-01-01', '290000-06-15'".split(', ');

test.each<Flavour>(['aiven', 'confluent'])('infinity, and years before Christ and far off (%s)', async flavour => {
  const table = `far_${flavour}`;
  await server.sql(`CREATE TABLE ${table} (d date, ts timestamp, tz timestamptz, t timetz, c time);
    INSERT INTO ${table} VALUES ${FAR.map(text => `(${text}, ${text}, ${text}, '00:30:00+14', '00:30')`).join(', ')}, ('5874897-12-31', NULL, NULL, NULL, NULL)`);
  const records = await read(table, flavour, { 'db.timezone': 'Europe/Berlin' });
  const rows = records.map(jsonOf) as { d: unknown; ts: unknown; tz: unknown; t: unknown; c: unknown }[];
  expect(rows.slice(0, 2).map(({ ts, tz, d }) => [ts, tz, d])).toEqual([
    ['9223372036825200000', '9223372036825200000', 2_147_483_647],
    ['-9223372036832400000', '-9223372036832400000', -2_147_483_648],
  ]);
  const dates = [...FAR.slice(2), "'5874897-12-31'"].join(', ');
  const wanted = await server.sql(`SELECT d - date '1970-01-01' FROM unnest('{}'::date[] || ARRAY[${dates}]::date[]) AS n(d)`);
  expect(rows.map(({ d }) => String(d)).slice(2)).toEqual(wanted.split('\n'));
  // 00:30 in Berlin, and at +14, is a time of the day before in UTC
  expect([rows[0]?.t, rows[0]?.c]).toEqual([37_800_000, 84_600_000]);

  await server.sql(`CREATE TABLE copy_${table} (LIKE ${table})`);
  const props = { name: 'sink', topics: `copy_${table}`, ...server.settings(), 'db.timezone': 'Europe/Berlin', 'date.timezone': 'UTC' };
  const task = new JdbcSinkTask(flavour);
  task.start(props, new FakeSinkContext(props, null));
  await task.put(records.map(({ value, valueSchema }, i) => ({ ...sinkRecord(`copy_${table}`, i, null, null), value, valueSchema })));
  await task.stop();
  const columns = 'd, ts, tz, c';
  expect(await server.sql(`SELECT ${columns} FROM copy_${table} EXCEPT ALL SELECT ${columns} FROM ${table}`)).toBe('');
});

test.each([
  ['micros_long', 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n],
  ['nanos_string', '9223372036825200000000000', '-9223372036832400000000000'],
  ['micros_iso_datetime_string', '+292278994-08-16T23:00:00.000000', '-292275055-05-16T23:00:00.000000'],
])('infinity by timestamp.granularity=%s', async (granularity, later, earlier) => {
  await server.sql(
    `CREATE TABLE IF NOT EXISTS endless (id int, ts timestamp); TRUNCATE endless; INSERT INTO endless VALUES (1, 'infinity'), (2, '-infinity')`,
  );
  const records = await read('endless', 'confluent', { 'timestamp.granularity': granularity });
  expect(records.map(({ value }) => (value as Struct).get('ts'))).toEqual([later, earlier]);
});

const LONG_FRACTION = `0.${'0'.repeat(199)}7`;

test.each<[Flavour, readonly number[]]>([
  ['aiven', [0, 127, 127, 16_383]],
  ['confluent', [127, 127, 127, 16_383]],
])('a numeric without precision loses no digit, and the log says what was chosen (%s)', async (flavour, scales) => {
  const values = ['7', '1.50', '-123456789012345678901234567890.123456789', LONG_FRACTION];
  await server.sql(
    `CREATE TABLE bare_${flavour} (n numeric NOT NULL, m numeric); INSERT INTO bare_${flavour} VALUES ${values.map(v => `(${v}, 3)`).join(', ')}`,
  );
  const logger = fakeLogger();
  const records = await read(`bare_${flavour}`, flavour, {}, logger);
  expect(records.map(({ valueSchema }) => Number(valueSchema?.field('n')?.schema.parameters?.get('scale')))).toEqual(scales);
  expect(
    records.map(({ value }) => ((value as Struct).get('n') as { toPlainString(): string }).toPlainString().replace(/\.?0+$/, '')),
  ).toEqual(values.map(value => value.replace(/(\..*?)0+$/, '$1')));
  expect(logger.lines.filter(line => line.includes('numeric without precision, is a Decimal of scale'))).not.toEqual([]);
});

test('NaN is an error that names the column and a way to read it', async () => {
  await server.sql("CREATE TABLE nans (n numeric); INSERT INTO nans VALUES ('NaN')");
  await expect(read('nans', 'confluent')).rejects.toThrow(/Column n: NaN cannot be a Decimal: a query can cast it/);
});
