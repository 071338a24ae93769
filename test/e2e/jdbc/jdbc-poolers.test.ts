/** PostgreSQL behind pgbouncer, and servers with defaults of their own: settings of the session hold, and rows go where they belong. */

import type { BindValue, Connection, WritePlan } from '../../../src/connectors/jdbc/database/connection';
import type { Column } from '../../../src/connectors/jdbc/database/values/column';
import { POSTGRESQL } from '../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { connectJdbc } from '../../helpers/servers/jdbc-connect';
import { PgBouncer, type PgBouncerOptions } from '../../helpers/servers/pgbouncer';
import { Postgres } from '../../helpers/servers/postgres';

jest.setTimeout(120_000);

/** Defaults that change what is written and read, where a session does not say otherwise. */
const ODD = `ALTER DATABASE odd SET timezone = 'Asia/Tokyo'; ALTER DATABASE odd SET datestyle = 'SQL, DMY';
  ALTER DATABASE odd SET intervalstyle = 'iso_8601'; ALTER DATABASE odd SET extra_float_digits = -3; ALTER DATABASE odd SET bytea_output = 'escape';
  ALTER DATABASE odd SET standard_conforming_strings = off; ALTER DATABASE odd SET array_nulls = off; ALTER DATABASE odd SET search_path = 'nowhere';`;

const POOLS: readonly PgBouncerOptions[] = [
  { poolMode: 'transaction' },
  { poolMode: 'transaction', ignored: 'extra_float_digits' },
  { poolMode: 'transaction', ignored: 'extra_float_digits,options' },
  { poolMode: 'session' },
  { poolMode: 'session', ignored: 'extra_float_digits,options', poolSize: 4 },
];

let server: Postgres;
let open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await Postgres.start();
  await server.sql(`CREATE DATABASE odd; ${ODD}`);
  await server.sql('CREATE TABLE public.wa (id int PRIMARY KEY, n text); CREATE TABLE public.wb (id int PRIMARY KEY, n text)', 'odd');
});
afterAll(() => server?.stop());
afterEach(async () => {
  for (const each of open) await each.close();
  open = [];
});

async function connect(url: string): Promise<Connection> {
  const connection = await connectJdbc(server, url);
  open.push(connection);
  return connection;
}

async function pool(options: PgBouncerOptions): Promise<PgBouncer> {
  const started = await PgBouncer.start(server, options);
  open.push({ close: () => started.stop() });
  return started;
}

async function planOf(connection: Connection, table: string): Promise<WritePlan> {
  const columns = await connection.columnsOfTable({ catalog: null, schema: 'public', table });
  const of = (name: string): Column => columns.find(column => column.name === name) ?? fail(name);
  return { table: { catalog: null, schema: 'public', table }, mode: 'upsert', keys: [of('id')], others: [of('n')], quoting: 'always' };
}

function fail(name: string): never {
  throw new Error(`no column ${name}`);
}

async function writeIn(connection: Connection, plan: WritePlan, rows: readonly (readonly BindValue[])[]): Promise<void> {
  await connection.begin();
  await connection.createWriter(plan).write(rows);
  await connection.commit();
}

async function cursorRows(connection: Connection, sql: string): Promise<readonly (readonly unknown[])[]> {
  const cursor = await connection.openCursor(sql, [], 10);
  try {
    return await cursor.read({ rows: 10, bytes: 1e6 });
  } finally {
    await cursor.close();
  }
}

const READ_SQL = String.raw`SELECT '2024-03-04 05:06:07+00'::timestamptz::text, date '2024-03-04'::text, interval '1 day 2 hours'::text,
  (0.1::float8 + 0.2)::text, '\x00ff'::bytea::text, 'a\nb', ('{NULL,b}'::text[] IS NOT DISTINCT FROM ARRAY[NULL, 'b'])::text,
  (timestamptz '2024-03-04 05:06:07')::text, current_schema()`;
const READ = [
  '2024-03-04 05:06:07+00',
  '2024-03-04',
  '1 day 02:00:00',
  '0.30000000000000004',
  '\\x00ff',
  'a\\nb',
  'true',
  '2024-03-04 05:06:07+00',
  'public',
];

describe.each<[string, PgBouncerOptions | null]>([
  ['no pooler', null],
  ...POOLS.map((options): [string, PgBouncerOptions] => [`${options.poolMode}, ignored: ${options.ignored ?? 'nothing'}`, options]),
])('%s', (_, options) => {
  let url = '';
  beforeEach(async () => {
    url = (options === null ? server : await pool(options)).url('odd', '?currentSchema=public');
  });

  test('values are read and written alike whatever the defaults of the server are', async () => {
    const connection = await connect(url);
    expect(await connection.query(READ_SQL)).toEqual([READ]);
    expect(await cursorRows(connection, READ_SQL)).toEqual([READ]);
    await connection.begin();
    expect(await connection.query(READ_SQL)).toEqual([READ]);
    await connection.rollback();
    expect(await connection.query(READ_SQL)).toEqual([READ]);
  });

  test.each(['', '&prepareThreshold=0'])('rows of two tables do not mix%s', async parameters => {
    await server.sql('TRUNCATE public.wa, public.wb', 'odd');
    const [a, b] = [await connect(url + parameters), await connect(url + parameters)];
    const [planA, planB] = [await planOf(a, 'wa'), await planOf(b, 'wb')];
    for (let id = 0; id < 6; id++) {
      await Promise.all([writeIn(a, planA, [[id, 'a']]), writeIn(b, planB, [[id, id % 2 === 0 ? null : 'b']])]);
    }
    expect(await server.sql("SELECT string_agg(n, '') FROM public.wa", 'odd')).toBe('aaaaaa');
    expect(await server.sql("SELECT string_agg(coalesce(n, '-'), '' ORDER BY id) FROM public.wb", 'odd')).toBe('-b-b-b');
  });

  test('other clients of the pool keep their own settings', async () => {
    const connection = await connect(url);
    await connection.query('SELECT 1');
    await writeIn(connection, await planOf(connection, 'wa'), [[100, 'x']]);
    if (options?.poolMode !== 'transaction') return;
    const stranger = `postgresql://${server.user}@127.0.0.1:${new URL(url.slice(5)).port}/odd`;
    expect(await server.sqlAt(stranger, 'SHOW search_path; SHOW bytea_output; SHOW intervalstyle')).toBe('nowhere\nescape\niso_8601');
  });
});

test('an isolation level holds in each transaction behind a pooler, and for nobody else', async () => {
  const pooler = await pool({ poolMode: 'transaction', poolSize: 1 });
  const [first, second] = [await connect(pooler.url()), await connect(pooler.url())];
  await first.keepSetting?.('SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE');
  const level = (connection: Connection): Promise<readonly (readonly unknown[])[]> => connection.query('SHOW transaction_isolation');
  expect([await level(first), await level(second)]).toEqual([[['serializable']], [['read committed']]]);
});

test('what a pooler refuses for good is no server that is away', async () => {
  const pooler = await pool({ poolMode: 'transaction' });
  await expect(connect(pooler.url('odd', '?options=-c%20geqo=off'))).rejects.toMatchObject({
    retriable: false,
    message: expect.stringContaining('unsupported startup parameter: options'),
  });
});

test('options of the URL hold where the pooler leaves them out', async () => {
  const pooler = await pool({ poolMode: 'transaction', ignored: 'options' });
  const connection = await connect(pooler.url('odd', '?options=-c%20work_mem=7MB%20--search-path=%22wide%5C%20one%22'));
  expect(await connection.query("SELECT current_setting('work_mem'), current_setting('search_path')")).toEqual([['7MB', '"wide one"']]);
});

test('a default of a record says what it says, whatever standard_conforming_strings is', async () => {
  const hostile = "\\'); DROP TABLE public.wb; --";
  const column = { name: 'v', schema: new SchemaBuilder('STRING').defaultValue(hostile).build(), primaryKey: false };
  const bytes = { name: 'b', schema: new SchemaBuilder('BYTES').defaultValue(Buffer.from([0, 0x5c, 0xff])).build(), primaryKey: false };
  const sql = POSTGRESQL.createTable({ catalog: null, schema: 'public', table: 'wd' }, [column, bytes], {
    quoting: 'always',
    flavour: 'confluent',
  });
  for (const setting of ['on', 'off']) {
    await server.sql(
      `SET standard_conforming_strings = ${setting}; DROP TABLE IF EXISTS public.wd; ${sql}; INSERT INTO public.wd DEFAULT VALUES`,
      'odd',
    );
    expect(await (await connect(server.url('odd'))).query('SELECT v, b FROM public.wd')).toEqual([[hostile, '\\x005cff']]);
  }
  expect(await server.sql('SELECT count(*) FROM public.wb', 'odd')).not.toBe('');
});

test('prepareThreshold=0 names no statement', async () => {
  for (const [parameters, expected] of [
    ['', '1'],
    ['?prepareThreshold=0', '0'],
    ['?preferQueryMode=simple', '0'],
  ] as const) {
    const connection = await connect(server.url('odd', parameters));
    await writeIn(connection, await planOf(connection, 'wa'), [[200, 'x']]);
    expect(await connection.query('SELECT count(*) FROM pg_prepared_statements')).toEqual([[expected]]);
  }
});
