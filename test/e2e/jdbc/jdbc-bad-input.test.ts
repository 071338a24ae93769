/** A JDBC source against what people do to real databases: odd names, tables that change while they are read, wrong addresses. */

import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { consumeValues } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';

jest.setTimeout(180_000);

/** The machine may be slow. */
const PATIENCE = { timeoutMs: 60_000, everyMs: 200 };

interface Subject {
  start(): Promise<DatabaseServer>;
  readonly quote: string;
  /** Statements that make `n` a bigint and take `gone` away. */
  change(table: string): string;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  PostgreSQL: {
    start: () => Postgres.start(),
    quote: '"',
    change: table => `ALTER TABLE ${table} ALTER n TYPE bigint, DROP gone, ADD more varchar(10);`,
  },
  MariaDB: {
    start: () => MariaDb.start(),
    quote: '`',
    change: table => `ALTER TABLE ${table} MODIFY n bigint, DROP gone, ADD more varchar(10);`,
  },
};

describe.each(Object.entries(SUBJECTS))('%s', (name, { start, quote, change }) => {
  const bootstrap = sharedBootstrap();
  let server: DatabaseServer;
  let dir: TempDir;
  let topic: string;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    dir = new TempDir('jdbc-bad-input');
    topic = `input-${name.toLowerCase()}-${Date.now().toString(36)}`;
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  async function startSource(settings: Settings): Promise<WorkerProcess> {
    worker = await startWorker({
      bootstrap,
      dir,
      connectors: [
        {
          name: topic,
          'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
          mode: 'incrementing',
          'poll.interval.ms': 100,
          'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
          'value.converter.schemas.enable': false,
          // no topic can be called what tables can
          transforms: 'route',
          'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
          'transforms.route.regex': '.*',
          'transforms.route.replacement': topic,
          ...server.settings(),
          ...settings,
        },
      ],
    });
    return worker;
  }

  async function values(count: number): Promise<unknown[]> {
    const found = await consumeValues(bootstrap, topic, count, PATIENCE).catch((error: Error) => {
      throw new Error(`${error.message}\n${worker?.output.slice(-3000) ?? ''}`);
    });
    return found.map(value => JSON.parse(value ?? '') as unknown);
  }

  test('names with quotes, blanks, reserved words, unicode and SQL in them are names', async () => {
    const quoted = (text: string): string => quote + text.replaceAll(quote, quote + quote) + quote;
    const table = `select "o'rd\`e r"; DROP TABLE victim; --`;
    const fields = [`i"d\``, 'order', 'with space', 'größe', `x'; DROP TABLE victim; --`];
    const columns = fields.map((field, i) => `${quoted(field)} ${i === 0 ? 'int NOT NULL PRIMARY KEY' : 'int'}`);
    await server.sql(`CREATE TABLE victim (id int); CREATE TABLE ${quoted(table)} (${columns.join(', ')});`);
    await server.sql(`INSERT INTO ${quoted(table)} VALUES (1, 2, 3, 4, 5);`);
    await startSource({ 'incrementing.column.name': fields[0] ?? '', 'table.whitelist': table });
    expect(await values(1)).toEqual([Object.fromEntries(fields.map((field, i) => [field, i + 1]))]);
    await server.sql(`INSERT INTO ${quoted(table)} VALUES (2, 2, 3, 4, 5);`);
    expect(await values(2)).toHaveLength(2);
    expect(await server.sql('SELECT count(*) FROM victim')).toBe('0');
  });

  test('a table that is changed while it is read goes on with its new columns and types', async () => {
    await server.sql('CREATE TABLE changing (id int NOT NULL PRIMARY KEY, n int, gone int); INSERT INTO changing VALUES (1, 1, 1);');
    const running = await startSource({ 'incrementing.column.name': 'id', 'table.whitelist': 'changing', 'poll.interval.ms': 1 });
    expect(await values(1)).toEqual([{ id: 1, n: 1, gone: 1 }]);
    await server.sql(change('changing'));
    await server.sql("INSERT INTO changing (id, n, more) VALUES (2, 3000000000, 'x');");
    expect(await values(2)).toEqual([
      { id: 1, n: 1, gone: 1 },
      { id: 2, n: 3_000_000_000, more: 'x' },
    ]);
    // between our look at the columns and the query there is a moment for others
    for (let i = 0; i < 25; i++) await server.sql('ALTER TABLE changing ADD fleeting int; ALTER TABLE changing DROP fleeting;');
    await server.sql("INSERT INTO changing (id, n, more) VALUES (3, 3, 'y');");
    expect((await values(3))[2]).toEqual({ id: 3, n: 3, more: 'y' });
    await running.waitState(topic, 'RUNNING');
  });

  test('a host that does not exist and a wrong password are refused before the connector starts, without a secret', async () => {
    const running = await startWorker({ bootstrap, dir });
    worker = running;
    const refused = async (settings: Record<string, string>): Promise<string> => {
      const config = {
        'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
        mode: 'bulk',
        'table.whitelist': 'anything',
        'topic.prefix': topic,
        'connection.attempts': '1',
        ...server.settings(),
        ...settings,
      };
      const { status, text } = await running.rest('POST', '/connectors', { name: topic, config });
      expect(status).toBe(400);
      expect(text).not.toMatch(new RegExp(`${server.password}|wrong-secret`));
      return text;
    };
    const elsewhere = server.url().replace('127.0.0.1', 'nowhere.invalid');
    expect(await refused({ 'connection.url': elsewhere })).toMatch(/Cannot connect to the database: .*nowhere\.invalid/);
    expect(await refused({ 'connection.password': 'wrong-secret' })).toMatch(/Cannot connect to the database: .*(password|denied)/);
    expect(running.output).not.toMatch(new RegExp(`${server.password}|wrong-secret`));
  });
});
