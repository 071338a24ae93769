/** Which tables a JDBC source reads, and where their rows go: several schemas, tables that vanish, names that nothing has. */
import { readFileSync } from 'node:fs';
import { readHashMap, writeHashMap } from '../../../src/java/serialization/java-hash-map';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { consumeValues } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(180_000);

interface Subject {
  start(): Promise<DatabaseServer>;
  /** What MySQL calls a database. */
  readonly schemaWord: 'SCHEMA' | 'DATABASE';
  readonly quote: string;
  /** Lets the source see every schema. */
  readonly everywhere: Settings;
  /** What `${database}` stands for. */
  readonly databaseOf: (schema: string) => string;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  PostgreSQL: { start: () => Postgres.start(), schemaWord: 'SCHEMA', quote: '"', everywhere: {}, databaseOf: () => 'postgres' },
  MariaDB: {
    start: () => MariaDb.start(),
    schemaWord: 'DATABASE',
    quote: '`',
    everywhere: { 'catalog.pattern': '%' },
    databaseOf: schema => schema,
  },
};

describe.each(Object.entries(SUBJECTS))('%s', (name, { start, schemaWord, everywhere, databaseOf, quote }) => {
  const bootstrap = sharedBootstrap();
  let server: DatabaseServer;
  let dir: TempDir;
  let prefix: string;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    dir = new TempDir('jdbc-tables');
    prefix = `tables-${name.toLowerCase()}-${Date.now().toString(36)}-`;
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  const source = (settings: Settings): Settings => ({
    name: 'in',
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    mode: 'incrementing',
    'incrementing.column.name': 'id',
    'topic.prefix': prefix,
    'poll.interval.ms': 100,
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': false,
    ...server.settings(),
    ...settings,
  });

  async function startSource(settings: Settings): Promise<WorkerProcess> {
    worker = await startWorker({ bootstrap, dir, connectors: [source(settings)] });
    return worker;
  }

  async function ids(topic: string, count: number): Promise<number[]> {
    const found = await consumeValues(bootstrap, prefix + topic, count, { timeoutMs: 60_000, everyMs: 200 }).catch((error: Error) => {
      throw new Error(`${error.message}\n${worker?.output.slice(-3000) ?? ''}`);
    });
    return found.map(value => (JSON.parse(value ?? '') as { id: number }).id);
  }

  test('tables of one name in several schemas have topics of their own by topic.format, and share none without it', async () => {
    await server.sql(`CREATE ${schemaWord} shop_a; CREATE ${schemaWord} shop_b;`);
    await server.sql('CREATE TABLE shop_a.orders (id int NOT NULL PRIMARY KEY); INSERT INTO shop_a.orders VALUES (1);');
    await server.sql('CREATE TABLE shop_b.orders (id int NOT NULL PRIMARY KEY); INSERT INTO shop_b.orders VALUES (2);');
    const settings = { 'table.whitelist': 'shop_a.orders,shop_b.orders', ...everywhere };
    const empty = await startWorker({ bootstrap, dir });
    worker = empty;
    const { name: _name, ...config } = source(settings);
    expect((await empty.rest('PUT', '/connectors/in/config', config)).status).toBe(201);
    await waitFor('the connector to fail', async () =>
      /FAILED.* would share the topic/.test((await empty.get('/connectors/in/status')).text),
    );
    expect((await empty.get('/connectors/in/status')).text).toMatch(
      /shop_a\.orders and shop_b\.orders would share the topic .*topic\.format/,
    );
    // by signs that no topic may have; what runs goes on while the connector says why it has failed
    await server.sql(
      'CREATE TABLE met_1 (id int NOT NULL PRIMARY KEY); CREATE TABLE "met 1" (id int NOT NULL PRIMARY KEY);'.replaceAll('"', quote),
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source fills it in
    const met = { ...config, 'table.whitelist': 'met_1,met 1', 'topic.format': '${table}' };
    expect((await empty.rest('PUT', '/connectors/in/config', met)).status).toBe(200);
    await waitFor('the connector to fail', async () =>
      /FAILED.*met.1 and \S*met.1 would share the topic .*underscores: leave one out/.test((await empty.get('/connectors/in/status')).text),
    );
    await empty.kill9();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source fills it in
    const running = await startSource({ ...settings, 'topic.format': '${database}-${schema}.${table}' });
    expect(await ids(`${databaseOf('shop_a')}-shop_a.orders`, 1)).toEqual([1]);
    expect(await ids(`${databaseOf('shop_b')}-shop_b.orders`, 1)).toEqual([2]);
    await running.waitState('in', 'RUNNING');
  });

  test('a table that is dropped leaves the others alone, is named, and is read on when it comes again', async () => {
    await server.sql('CREATE TABLE stays (id int NOT NULL PRIMARY KEY); INSERT INTO stays VALUES (1);');
    await server.sql('CREATE TABLE goes (id int NOT NULL PRIMARY KEY); INSERT INTO goes VALUES (1);');
    const settings = { 'table.whitelist': 'goes,stays,mistaken', 'tasks.max': 1 };
    const running = await startSource(settings);
    expect(await ids('goes', 1)).toEqual([1]);
    expect(await ids('stays', 1)).toEqual([1]);
    await running.waitLog(/No table exists for these names of table\.whitelist: mistaken \(looked for .*table\.types=TABLE\)\./);
    // the connector looks for tables once a minute, so the task meets the gap first
    await server.sql('DROP TABLE goes;');
    await waitFor('the loss to be told', () => /Table \S*goes is gone/.test(running.output));
    await server.sql('INSERT INTO stays VALUES (2);');
    expect(await ids('stays', 2)).toEqual([1, 2]);
    await server.sql('CREATE TABLE goes (id int NOT NULL PRIMARY KEY); INSERT INTO goes VALUES (1), (2);');
    expect(await ids('goes', 2)).toEqual([1, 2]);
    await running.waitLog(/Table \S*goes is back\. .* after incrementing=1/);
    await running.waitState('in', 'RUNNING');
    expect(running.output.match(/goes is gone/g)).toHaveLength(1);
    await running.kill9();
    // the connector sees it first, and gives the task the table that is left
    const watching = await startSource({ ...settings, 'table.poll.interval.ms': 200 });
    await server.sql('DROP TABLE goes;');
    await waitFor('the change to be told', () =>
      /tables to read have changed\. New: none; gone: \S*goes; all: \S*stays /.test(watching.output),
    );
    await server.sql('INSERT INTO stays VALUES (3);');
    expect(await ids('stays', 3)).toEqual([1, 2, 3]);
    await watching.waitState('in', 'RUNNING');
  });

  test('rows by the order of texts: UUIDs, ties of a timestamp among them, and on from there after a restart', async () => {
    const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const type = name === 'PostgreSQL' ? 'uuid' : 'varchar(36)';
    const insert = async (...rows: readonly (readonly [number, string])[]): Promise<string> =>
      server.sql(`INSERT INTO by_text VALUES ${rows.map(([n, ts]) => `('${uuid(n)}', '${ts}', ${n})`).join(', ')};`);
    await server.sql(`CREATE TABLE by_text (u ${type} NOT NULL PRIMARY KEY, ts timestamp NOT NULL, id int NOT NULL);`);
    await insert([3, '2024-01-01 00:00:00'], [1, '2024-01-01 00:00:00'], [2, '2024-01-01 00:00:00'], [9, '2024-01-02 00:00:00']);
    const settings = {
      'table.whitelist': 'by_text',
      mode: 'timestamp+incrementing',
      'timestamp.column.name': 'ts',
      'incrementing.column.name': 'u',
      'batch.max.rows': 1,
    };
    const first = await startSource(settings);
    expect(await ids('by_text', 4)).toEqual([1, 2, 3, 9]);
    await first.waitState('in', 'RUNNING');
    await first.stop();
    await insert([10, '2024-01-02 00:00:00'], [4, '2024-01-03 00:00:00']);
    const second = await startSource(settings);
    expect(await ids('by_text', 6)).toEqual([1, 2, 3, 9, 10, 4]);
    const { text } = await second.get('/connectors/in/offsets');
    expect(text).toContain('"incrementing_text":"00000000-0000-4000-8000-0000000000');
    await second.kill9();
    prefix = `${prefix}plain-`;
    dir.remove();
    dir = new TempDir('jdbc-tables');
    const plain = await startSource({ 'table.whitelist': 'by_text', 'incrementing.column.name': 'u', 'batch.max.rows': 2 });
    expect(await ids('by_text', 6)).toEqual([1, 2, 3, 4, 9, 10]);
    await plain.waitLog(/does not find: .*rows whose u is less than that of others/);
  });

  test('goes on from the offset file of a Java worker, in its newer form and in the older one', async () => {
    const schema = name === 'PostgreSQL' ? 'public' : 'test';
    await server.sql('CREATE TABLE newer (id int NOT NULL PRIMARY KEY); CREATE TABLE older (id int NOT NULL PRIMARY KEY);');
    await server.sql('INSERT INTO newer VALUES (1), (2), (3); INSERT INTO older VALUES (1), (2), (3);');
    const entries: readonly (readonly [string, string])[] = [
      [`["in",{"protocol":"1","table":"${schema}.newer"}]`, '{"incrementing":1}'],
      ['["in",{"table":"newer"}]', '{"incrementing":0}'],
      ['["in",{"table":"older"}]', '{"incrementing":2}'],
    ];
    dir.write('offsets', writeHashMap(entries.map(([key, value]) => [Buffer.from(key), Buffer.from(value)])));
    const running = await startSource({ 'table.whitelist': 'newer,older' });
    expect(await ids('newer', 2)).toEqual([2, 3]);
    expect(await ids('older', 1)).toEqual([3]);
    await running.stop();
    const stored = new Map(readHashMap(readFileSync(dir.file('offsets'))).map(([key, value]) => [String(key), String(value)]));
    expect(stored.get(`["in",{"protocol":"1","table":"${schema}.older"}]`)).toBe('{"incrementing":3}');
  });

  test('table.types: views and partitioned tables are read where they are asked for', async () => {
    const partitions = name === 'PostgreSQL' ? 'PARTITION BY RANGE (id)' : 'PARTITION BY HASH (id) PARTITIONS 2';
    await server.sql(`CREATE TABLE parted (id int NOT NULL PRIMARY KEY) ${partitions};`);
    if (name === 'PostgreSQL') await server.sql('CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);');
    await server.sql('INSERT INTO parted VALUES (1), (2); CREATE VIEW seen AS SELECT id FROM parted WHERE id > 1;');
    await startSource({
      'table.whitelist': 'parted,seen',
      'table.types': 'TABLE,VIEW,PARTITIONED TABLE',
      'validate.non.null': false,
    });
    expect(await ids('parted', 2)).toEqual([1, 2]);
    expect(await ids('seen', 1)).toEqual([2]);
  });
});
