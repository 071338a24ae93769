/** The JDBC source end to end: real databases, a real broker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consume, consumeValues } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';
import { staysTrue, waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const JSON_CONVERTERS = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
};

/** A database under test. */
interface Subject {
  readonly settings: Record<string, string>;
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
  /** How it writes a column that counts by itself. */
  readonly serial: string;
  /** What comes before the table in stored offsets. */
  readonly schema: string;
  /** Its type for a timestamp, and how a literal of it is written. */
  readonly timestamp: string;
  time(text: string): string;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  async postgresql() {
    const server = await Postgres.start();
    return {
      settings: server.settings(),
      sql: text => server.sql(text),
      stop: () => server.stop(),
      serial: 'serial PRIMARY KEY',
      schema: 'public.',
      timestamp: 'timestamp',
      time: text => `'${text}'`,
    };
  },
  async mariadb() {
    const server = await MariaDb.start();
    const serial = 'int NOT NULL AUTO_INCREMENT PRIMARY KEY';
    return {
      settings: server.settings(),
      sql: text => server.sql(text),
      stop: () => server.stop(),
      serial,
      schema: 'test.',
      timestamp: 'datetime(6)',
      time: text => `'${text}'`,
    };
  },
  async sqlite() {
    const dir = new TempDir('sqlite');
    const file = dir.file('source.db');
    const settings = { 'connection.url': `jdbc:sqlite:${file}` };
    return {
      settings,
      sql: async text => runSqlite(file, text),
      stop: async () => dir.remove(),
      serial: 'INTEGER NOT NULL PRIMARY KEY',
      schema: '',
      timestamp: 'timestamp',
      time: text => String(Date.parse(`${text.replace(' ', 'T')}Z`)),
    };
  },
};

describe.each(Object.entries(SUBJECTS))('%s', (name, start) => {
  let subject: Subject;
  let worker: WorkerProcess | null = null;
  let dir: TempDir;
  let prefix: string;
  let counter = 0;

  beforeAll(async () => {
    subject = await start();
  }, 120_000);
  afterAll(async () => {
    await subject?.stop();
  });
  beforeEach(() => {
    dir = new TempDir('jdbc-source');
    prefix = `jdbc-${name}-${counter++}-${Date.now().toString(36)}-`;
  });
  afterEach(async () => {
    await worker?.kill9();
    worker = null;
    dir.remove();
  });

  const source = (settings: Settings): Settings => ({
    name: 'in',
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'topic.prefix': prefix,
    'poll.interval.ms': 100,
    'table.poll.interval.ms': 200,
    ...JSON_CONVERTERS,
    ...subject.settings,
    ...settings,
  });

  async function run(settings: Settings): Promise<WorkerProcess> {
    worker = await startWorker({ bootstrap, dir, connectors: [source(settings)] });
    return worker;
  }

  async function payloads(table: string, count: number): Promise<unknown[]> {
    const values = await consumeValues(bootstrap, prefix + table, count);
    return values.map(value => (JSON.parse(value ?? '') as { payload: unknown }).payload);
  }

  test('incrementing: rows in order, new ones later, after a restart none twice and none missing', async () => {
    await subject.sql(`CREATE TABLE inc_a (id ${subject.serial}, name varchar(20)); INSERT INTO inc_a (name) VALUES ('a'), ('b'), (NULL);`);
    const settings = { mode: 'incrementing', 'incrementing.column.name': 'id', 'table.whitelist': 'inc_a', 'batch.max.rows': 2 };
    const first = await run(settings);
    expect(await payloads('inc_a', 3)).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
      { id: 3, name: null },
    ]);
    await subject.sql("INSERT INTO inc_a (name) VALUES ('d');");
    expect(await payloads('inc_a', 4)).toContainEqual({ id: 4, name: 'd' });
    const offsets = async (): Promise<unknown> => (await first.get('/connectors/in/offsets')).json;
    const stored = { offsets: [{ partition: { protocol: '1', table: `${subject.schema}inc_a` }, offset: { incrementing: 4 } }] };
    await waitFor('the offset to be stored', async () => JSON.stringify(await offsets()) === JSON.stringify(stored));
    await first.stop();
    await subject.sql("INSERT INTO inc_a (name) VALUES ('e');");
    await run(settings);
    expect((await payloads('inc_a', 5)).map(row => (row as { id: number }).id)).toEqual([1, 2, 3, 4, 5]);
  });

  const ids = async (table: string, count: number): Promise<number[]> =>
    (await payloads(table, count)).map(row => (row as { id: number }).id);

  /** Starts a worker whose connector goes on from this offset, as a worker of Java may have stored it. */
  async function runFrom(settings: Settings, offset: Record<string, number>, table: string): Promise<void> {
    const running = await startWorker({ bootstrap, dir });
    worker = running;
    const config = { ...source(settings), name: undefined };
    const made = await running.rest('POST', '/connectors', { name: 'in', config, initial_state: 'STOPPED' });
    expect(made.status).toBe(201);
    const offsets = [{ partition: { protocol: '1', table: `${subject.schema}${table}` }, offset }];
    const altered = await running.rest('PATCH', '/connectors/in/offsets', { offsets });
    expect([altered.status, altered.text]).toEqual([200, expect.stringContaining('successfully')]);
    expect((await running.rest('PUT', '/connectors/in/resume')).status).toBe(202);
  }

  test('timestamp and incrementing: ties by number, updated rows again, rows of the future not yet; goes on from an offset of Java', async () => {
    const [t1, t2, t3] = ['2024-01-01 00:00:00.000', '2024-01-02 00:00:00.123', '2024-01-03 10:00:00.500'].map(subject.time);
    await subject.sql(`CREATE TABLE ti (id ${subject.serial}, ts ${subject.timestamp} NOT NULL, upd ${subject.timestamp} NULL);
      INSERT INTO ti VALUES (1, ${t1}, NULL), (2, ${t2}, NULL), (3, ${t2}, NULL), (4, ${t1}, ${t3}), (5, ${subject.time('2099-01-01 00:00:00')}, NULL);`);
    const settings = {
      mode: 'timestamp+incrementing',
      'incrementing.column.name': 'id',
      'timestamp.column.name': 'upd,ts',
      'table.whitelist': 'ti',
      'batch.max.rows': 1,
      'key.mode': 'primary_key',
      'transaction.isolation.mode': 'READ_COMMITTED',
    };
    const from = { timestamp_nanos: 123_000_000, incrementing: 2, timestamp: Date.parse('2024-01-02T00:00:00.123Z') };
    await runFrom(settings, from, 'ti');
    expect(await ids('ti', 2)).toEqual([3, 4]);
    const keys = (await consume(bootstrap, `${prefix}ti`, 2)).map(({ key }) => JSON.parse(key?.toString() ?? '') as { payload: unknown });
    expect(keys.map(({ payload }) => payload)).toEqual([{ id: 3 }, { id: 4 }]);
    await subject.sql(`UPDATE ti SET upd = ${subject.time('2024-02-01 00:00:00')} WHERE id = 1;`);
    expect(await ids('ti', 3)).toEqual([3, 4, 1]);
    const stored = { timestamp_nanos: 0, incrementing: 1, timestamp: Date.parse('2024-02-01T00:00:00Z') };
    await waitFor('the offset to be stored', async () => {
      const { json } = (await worker?.get('/connectors/in/offsets')) ?? { json: null };
      return JSON.stringify((json as { offsets: { offset: unknown }[] }).offsets[0]?.offset) === JSON.stringify(stored);
    });
  });

  test('timestamp: a group of equal timestamps is read whole, in batches of one; the same in a query and with other time zones', async () => {
    const times = ['2024-06-01 00:00:00.250', '2024-06-01 00:00:00.250', '2024-06-01 00:00:00.250', '2024-06-02 00:00:00.000'];
    await subject.sql(`CREATE TABLE tie (id ${subject.serial}, "TS" ${subject.timestamp} NOT NULL);`.replaceAll('"TS"', 'ts'));
    await subject.sql(`INSERT INTO tie VALUES ${times.map((time, i) => `(${i + 1}, ${subject.time(time)})`).join(', ')};`);
    const settings = { mode: 'timestamp', 'timestamp.column.name': 'TS', 'batch.max.rows': 1, 'db.timezone': 'Asia/Kolkata' };
    await run({ ...settings, 'table.whitelist': 'tie' });
    expect((await ids('tie', 4)).sort()).toEqual([1, 2, 3, 4]);
    await subject.sql(`INSERT INTO tie VALUES (5, ${subject.time('2024-06-03 00:00:00.000')});`);
    expect((await ids('tie', 5)).sort()).toEqual([1, 2, 3, 4, 5]);
    await worker?.kill9();
    await run({ ...settings, query: 'SELECT id, ts FROM tie WHERE id > 1' });
    expect((await ids('', 4)).sort()).toEqual([2, 3, 4, 5]);
  });

  // SQLite has no type for whole seconds
  const seconds = { postgresql: 'timestamp(0)', mariadb: 'datetime' }[name];
  if (seconds) {
    test('timestamps of whole seconds: a row of the second that others were read in is not lost', async () => {
      await subject.sql(`CREATE TABLE sec (id ${subject.serial}, ts ${seconds} NOT NULL DEFAULT CURRENT_TIMESTAMP);`);
      await run({ mode: 'timestamp', 'timestamp.column.name': 'ts', 'table.whitelist': 'sec', 'poll.interval.ms': 50 });
      const rows = 20;
      for (let id = 1; id <= rows; id++) {
        await subject.sql(`INSERT INTO sec (id) VALUES (${id});`);
        await sleep(200);
      }
      expect(await ids('sec', rows)).toEqual(Array.from({ length: rows }, (_, i) => i + 1));
    });
  }

  test('rows that are committed late are found within the window, and rows that were sent are not sent again', async () => {
    await subject.sql(`CREATE TABLE late (id int NOT NULL PRIMARY KEY, ts ${subject.timestamp} NOT NULL);
      INSERT INTO late VALUES (1, ${subject.time('2024-01-01 00:00:01.000')}), (3, ${subject.time('2024-01-01 00:00:03.000')});`);
    await run({ mode: 'timestamp', 'timestamp.column.name': 'ts', 'timestamp.look.back.ms': 60_000, 'table.whitelist': 'late' });
    expect(await ids('late', 2)).toEqual([1, 3]);
    await subject.sql(`INSERT INTO late VALUES (2, ${subject.time('2024-01-01 00:00:02.000')});`);
    expect(await ids('late', 3)).toEqual([1, 3, 2]);
    await subject.sql(`INSERT INTO late VALUES (4, ${subject.time('2024-01-01 00:00:04.000')});`);
    expect(await ids('late', 4)).toEqual([1, 3, 2, 4]);
  });

  test('bulk: all rows with each poll; a table that comes later is copied too; others are not', async () => {
    await subject.sql(
      "CREATE TABLE bulk_a (v varchar(20)); INSERT INTO bulk_a VALUES ('x'); CREATE TABLE other (v int); INSERT INTO other VALUES (1);",
    );
    const running = await run({ mode: 'bulk', 'table.include.list': '.*bulk_.*', 'tasks.max': 2, 'poll.interval.ms': 2000 });
    expect((await payloads('bulk_a', 2)).slice(0, 2)).toEqual([{ v: 'x' }, { v: 'x' }]);
    await subject.sql("CREATE TABLE bulk_b (v varchar(20)); INSERT INTO bulk_b VALUES ('y');");
    expect((await payloads('bulk_b', 1)).slice(0, 1)).toEqual([{ v: 'y' }]);
    await running.waitState('in', 'RUNNING');
    const { json } = await running.get('/connectors/in/status');
    expect((json as { tasks: unknown[] }).tasks).toHaveLength(2);
    await subject.sql('DROP TABLE other; DROP TABLE bulk_b; DROP TABLE bulk_a;');
  });

  test('a query with a WHERE of its own, read by an incrementing column, its result larger than a batch', async () => {
    await subject.sql(`CREATE TABLE q (id ${subject.serial}, v int);`);
    await subject.sql(Array.from({ length: 300 }, (_, i) => `INSERT INTO q (v) VALUES (${i});`).join('\n'));
    await run({
      mode: 'incrementing',
      'incrementing.column.name': 'id',
      query: 'SELECT id, v FROM q WHERE v >= 100 -- end',
      'batch.max.rows': 7,
    });
    const rows = (await payloads('', 200)) as { v: number }[];
    expect(rows.map(({ v }) => v)).toEqual(Array.from({ length: 200 }, (_, i) => i + 100));
    await staysTrue('nothing comes twice', async () => (await consumeValues(bootstrap, prefix, 200)).length === 200, 500);
  });

  test('settings that cannot be are refused with a reason, without the password', async () => {
    const running = await startWorker({ bootstrap, dir });
    worker = running;
    const errorsOf = async (settings: Settings): Promise<string> => {
      const config = source({ mode: 'bulk', ...settings });
      const { text, json } = await running.rest('PUT', `/connector-plugins/${config['connector.class']}/config/validate`, config);
      expect(text).not.toContain('maria-secret-2');
      const { configs } = json as { configs: { value: { name: string; errors: string[] } }[] };
      return configs.flatMap(({ value }) => value.errors.map(error => `${value.name}: ${error}`)).join('\n');
    };
    expect(await errorsOf({})).toBe('');
    expect(await errorsOf({ query: 'SELECT * FROM nowhere_to_be_found' })).toMatch(/^query: .*nowhere_to_be_found/);
    expect(await errorsOf({ mode: 'incrementing', query: 'SELECT 1' })).toMatch(/^incrementing\.column\.name: /);
    expect(await errorsOf({ 'connection.url': 'jdbc:nosql://x' })).toMatch(/nosql/);
    if (name !== 'sqlite') expect(await errorsOf({ 'connection.password': 'maria-secret-2' })).toMatch(/^connection\.url: /);
    expect(running.output).not.toContain('maria-secret-2');
  });
});

test('PostgreSQL: rows wait for transactions that began before them, so that none is late', async () => {
  const server = await Postgres.start();
  const dir = new TempDir('jdbc-horizon');
  const prefix = `jdbc-horizon-${Date.now().toString(36)}-`;
  await server.sql('CREATE TABLE h (id int PRIMARY KEY, ts timestamptz NOT NULL DEFAULT now());');
  const settings = {
    name: 'in',
    'connector.class': 'JdbcSource',
    mode: 'timestamp',
    'timestamp.column.name': 'ts',
    'timestamp.wait.for.transactions': true,
    'topic.prefix': prefix,
    'poll.interval.ms': 50,
    ...JSON_CONVERTERS,
    ...server.settings(),
  };
  const worker = await startWorker({ bootstrap, dir, connectors: [settings] });
  try {
    const ids = async (count: number): Promise<number[]> => {
      const values = await consumeValues(bootstrap, `${prefix}h`, count);
      return values.map(value => (JSON.parse(value ?? '') as { payload: { id: number } }).payload.id);
    };
    await server.sql('INSERT INTO h VALUES (1);');
    expect(await ids(1)).toEqual([1]);
    const slow = server.sql('BEGIN; INSERT INTO h VALUES (2); SELECT pg_sleep(3); COMMIT;');
    await waitFor(
      'the slow transaction to begin',
      async () =>
        (await server.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND pid <> pg_backend_pid();")) === '1',
    );
    await server.sql('INSERT INTO h VALUES (3);');
    await slow;
    expect(await ids(3)).toEqual([1, 2, 3]);
  } finally {
    await worker.kill9();
    await server.stop();
    dir.remove();
  }
}, 120_000);

test('a database that is down at the start, and again later, is waited for: nothing is lost, and nothing repeated', async () => {
  const server = await Postgres.start();
  const dir = new TempDir('jdbc-down');
  const prefix = `jdbc-down-${Date.now().toString(36)}-`;
  await server.sql("CREATE TABLE down (id serial PRIMARY KEY, v text); INSERT INTO down (v) VALUES ('a');");
  await server.kill();
  const settings = {
    name: 'in',
    'connector.class': 'JdbcSource',
    mode: 'incrementing',
    'topic.prefix': prefix,
    'poll.interval.ms': 50,
    'connection.backoff.ms': 200,
    'connection.attempts': 1000,
    ...JSON_CONVERTERS,
    ...server.settings(),
  };
  const worker = await startWorker({ bootstrap, dir, connectors: [settings] });
  try {
    const ids = async (count: number): Promise<number[]> => {
      const values = await consumeValues(bootstrap, `${prefix}down`, count);
      return values.map(value => (JSON.parse(value ?? '') as { payload: { id: number } }).payload.id);
    };
    await server.restart();
    expect(await ids(1)).toEqual([1]);
    await server.kill();
    await worker.waitLog(/will be repeated|Cannot connect/, { timeoutMs: 30_000 });
    await server.restart();
    await server.sql("INSERT INTO down (v) VALUES ('b');");
    expect((await ids(2)).length).toBe(2);
    await worker.waitState('in', 'RUNNING');
    expect(worker.output).not.toContain(server.password);
  } finally {
    await worker.kill9();
    await server.stop();
    dir.remove();
  }
}, 120_000);
