/** Whole connectors behind a pooler that shares its sessions, and through a failover; sessions whatever the server begins them with. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { connectJdbc } from '../../helpers/servers/jdbc-connect';
import { consumeValues, produceValues } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { PgBouncer } from '../../helpers/servers/pgbouncer';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(180_000);

const PATIENCE = { timeoutMs: 60_000, everyMs: 200 };
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

const bootstrap = sharedBootstrap();
let server: Postgres;
let dir: TempDir;
let pooler: PgBouncer | undefined;
let worker: WorkerProcess | undefined;
let prefix = '';

beforeAll(async () => {
  server = await Postgres.start();
});
afterAll(() => server?.stop());
beforeEach(() => {
  dir = new TempDir('jdbc-sessions');
  prefix = `sessions-${Date.now().toString(36)}`;
});
afterEach(async () => {
  await worker?.kill9();
  await pooler?.stop();
  pooler = undefined;
  dir.remove();
});

const login = (): Settings => ({ 'connection.user': server.user, 'connection.password': server.password });

const sink = (topic: string, url: string, more: Settings = {}): Settings => ({
  name: topic,
  'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
  topics: topic,
  'connection.url': url,
  'insert.mode': 'upsert',
  'pk.mode': 'record_value',
  'pk.fields': 'id',
  'value.converter': JSON_CONVERTER,
  ...login(),
  ...more,
});

const row = (id: number, n: string): string =>
  JSON.stringify({
    schema: {
      type: 'struct',
      fields: [
        { field: 'id', type: 'int32' },
        { field: 'n', type: 'string' },
      ],
    },
    payload: { id, n },
  });

const count = async (sql: string): Promise<string> => server.sql(sql);

async function running(name: string): Promise<void> {
  const { json } = await (worker as WorkerProcess).get(`/connectors/${name}/status`);
  expect(json).toMatchObject({ tasks: [{ state: 'RUNNING' }] });
}

test.each([
  ['transaction', 1, '?prepareThreshold=0'],
  ['transaction', 2, '?prepareThreshold=0'],
  ['transaction', 2, ''],
  ['session', 4, ''],
] as const)('two sinks over pgbouncer (%s, %i sessions, %j) write each into its own table', async (poolMode, poolSize, parameters) => {
  const [a, b] = [`${prefix}-a`, `${prefix}-b`];
  await server.sql(['a', 'b'].map(name => `CREATE TABLE "${prefix}-${name}" (id int PRIMARY KEY, n text);`).join(' '));
  pooler = await PgBouncer.start(server, { poolMode, poolSize, ignored: 'extra_float_digits' });
  const url = pooler.url('postgres', parameters);
  worker = await startWorker({ bootstrap, dir, connectors: [sink(a, url), sink(b, url)] });
  for (let round = 0; round < 20; round++) {
    await Promise.all(
      [a, b].map(topic =>
        produceValues(
          bootstrap,
          topic,
          [1, 2, 3].map(i => row(round * 3 + i, topic)),
        ),
      ),
    );
  }
  for (const topic of [a, b]) {
    await waitFor(`all rows of ${topic}`, async () => (await count(`SELECT count(*) FROM "${topic}"`)) === '60', PATIENCE);
    expect(await count(`SELECT count(*) FROM "${topic}" WHERE n <> '${topic}'`)).toBe('0');
    await running(topic);
  }
});

test('instants and dates hold over a pooler that takes no settings, whatever zone and style the server has', async () => {
  await server.sql(
    `CREATE DATABASE tokyo; ALTER DATABASE tokyo SET timezone = 'Asia/Tokyo'; ALTER DATABASE tokyo SET datestyle = 'SQL, DMY';`,
  );
  await server.sql(
    `CREATE TABLE events (id int PRIMARY KEY, at timestamptz, day date); INSERT INTO events VALUES (1, '2024-03-04 05:06:07+00', '04/03/2024')`,
    'tokyo',
  );
  await server.sql('CREATE TABLE copy (id int PRIMARY KEY, at timestamptz, day date)', 'tokyo');
  pooler = await PgBouncer.start(server, { poolMode: 'transaction', ignored: 'extra_float_digits,options' });
  const url = pooler.url('tokyo', '?prepareThreshold=0');
  const topic = `${prefix}-events`;
  const source: Settings = {
    name: 'source',
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'connection.url': url,
    ...login(),
    mode: 'incrementing',
    'incrementing.column.name': 'id',
    'table.whitelist': 'events',
    'topic.prefix': `${prefix}-`,
    'poll.interval.ms': 200,
    'value.converter': JSON_CONVERTER,
  };
  worker = await startWorker({ bootstrap, dir, connectors: [source, sink(topic, url, { 'table.name.format': 'copy' })] });
  const [value] = await consumeValues(bootstrap, topic, 1);
  expect(JSON.parse(String(value)).payload).toEqual({ id: 1, at: Date.UTC(2024, 2, 4, 5, 6, 7), day: Date.UTC(2024, 2, 4) / 86_400_000 });
  const same = `SELECT count(*) FROM events e JOIN copy c ON c.id = e.id AND c.at = e.at AND c.day = e.day`;
  await waitFor('the copy', async () => (await server.sql(same, 'tokyo')) === '1', PATIENCE);
});

test('a sink outlives a failover: sessions cut, a server that is read-only for six seconds, then one that takes writes', async () => {
  const topic = `${prefix}-f`;
  await server.sql(`CREATE TABLE "${topic}" (id int PRIMARY KEY, n text)`);
  worker = await startWorker({ bootstrap, dir, connectors: [sink(topic, server.url(), { 'max.retries': 10, 'retry.backoff.ms': 1000 })] });
  await produceValues(bootstrap, topic, [row(1, 'before')]);
  await waitFor('the first row', async () => (await count(`SELECT count(*) FROM "${topic}"`)) === '1', PATIENCE);
  const cut = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $$client backend$$';
  await server.sql(`ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf(); ${cut}`);
  await produceValues(bootstrap, topic, [row(2, 'while it is read-only')]);
  await new Promise(resolve => setTimeout(resolve, 6000));
  await running(topic);
  await server.sql(`SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only`);
  await server.sql(`SELECT pg_reload_conf(); ${cut}`);
  await waitFor('the second row', async () => (await count(`SELECT count(*) FROM "${topic}"`)) === '2', PATIENCE);
  await running(topic);
});

describe('MariaDB', () => {
  /** A user of no rights: who may do anything is spared `init_connect`. */
  const PLAIN = { user: 'plain', password: 'plain-secret-1' };

  let mariaDb: MariaDb;
  let connection: Connection | undefined;

  beforeAll(async () => {
    mariaDb = await MariaDb.start();
    await mariaDb.sql(`CREATE USER '${PLAIN.user}'@'%' IDENTIFIED BY '${PLAIN.password}'`);
  });
  afterEach(async () => {
    await connection?.close();
    await mariaDb.sql(`SET GLOBAL autocommit = 1; SET GLOBAL init_connect = ''`);
  });
  afterAll(() => mariaDb?.stop());

  const value = async (sql: string): Promise<unknown> => (await connection?.query(sql))?.[0]?.[0];

  const CHARACTERS = "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_connection, @@character_set_results)";

  test('a session whose server begins with other characters has those of the driver', async () => {
    await mariaDb.sql(`SET GLOBAL init_connect = 'SET NAMES gbk'`);
    connection = await connectJdbc(PLAIN, mariaDb.url(''));
    expect(await value(CHARACTERS)).toBe('utf8mb4 utf8mb4 utf8mb4');
    expect(await value("SELECT '😀'")).toBe('😀');
  });

  test('sessionVariables cannot change in which characters statements and answers go', async () => {
    const url = mariaDb.url(
      '',
      'mariadb',
      '?sessionVariables=character_set_client=gbk,character_set_results=gbk,character_set_connection=latin1',
    );
    connection = await connectJdbc(PLAIN, url);
    expect(await value(CHARACTERS)).toBe('utf8mb4 latin1 utf8mb4');
    expect(await value("SELECT _utf8mb4 x'F09F9880'")).toBe('😀');
  });

  test('a reader sees what others have committed since, where sessions of the server begin without autocommit', async () => {
    await mariaDb.sql('CREATE TABLE seen (id int PRIMARY KEY); SET GLOBAL autocommit = 0');
    connection = await connectJdbc(mariaDb, mariaDb.url());
    expect(await value('SELECT count(*) FROM seen')).toBe('0');
    await mariaDb.sql('INSERT INTO seen VALUES (1); COMMIT');
    expect(await value('SELECT count(*) FROM seen')).toBe('1');
  });
});
