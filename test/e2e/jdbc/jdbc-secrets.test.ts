/** What must not show of a JDBC connector: passwords, wherever the URL has them, and values of rows where that is asked for. */

import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { consume, produce } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(180_000);

const PATIENCE = { timeoutMs: 60_000, everyMs: 200 };
const SECRET = 'n0t-to-be-seen';

const SUBJECTS: Readonly<Record<string, () => Promise<DatabaseServer>>> = {
  PostgreSQL: () => Postgres.start(),
  MariaDB: () => MariaDb.start(),
};

describe.each(Object.entries(SUBJECTS))('%s', (name, start) => {
  const bootstrap = sharedBootstrap();
  let server: DatabaseServer;
  let dir: TempDir;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    dir = new TempDir('jdbc-secrets');
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  /** The URL with parameters behind those that it has. */
  const urlWith = (parameters: string): string => `${server.url()}${server.url().includes('?') ? '&' : '?'}${parameters}`;

  test.each([
    ['in the query part', () => urlWith(`user=connect&password=${SECRET}`)],
    ['in front of the host', () => server.url().replace('//', `//connect:${SECRET}@`)],
    ['in the query part, where a parameter cannot be read', () => urlWith(`password=${SECRET}&sslmode=${name}`)],
    ['in a URL that is none', () => `jdbc:nosql://h/d?password=${SECRET}`],
    ['in front of a host with a wrong port', () => `jdbc:postgresql://me:${SECRET}@h:99999/d`],
  ])('a wrong password %s shows neither in the answer nor in the log', async (_, url) => {
    const running = await startWorker({ bootstrap, dir });
    worker = running;
    for (const kind of ['Source', 'Sink'] as const) {
      const config = {
        'connector.class': `io.confluent.connect.jdbc.Jdbc${kind}Connector`,
        'connection.url': url(),
        'connection.attempts': '1',
        ...(kind === 'Source' ? { mode: 'bulk' } : { topics: 'secrets' }),
      };
      const { status, text } = await running.rest('POST', '/connectors', { name: 'x', config });
      expect(text).not.toContain(SECRET);
      expect([status, text]).toEqual([400, expect.stringMatching(/JDBC URL|connection\.url cannot be used|connect to the database/)]);
    }
    expect(running.output).not.toContain(SECRET);
  });

  test('trim.sensitive.log: a refused row shows by the number of the error, not by its values', async () => {
    const topic = `secrets_${name.toLowerCase()}_${Date.now().toString(36)}`;
    await server.sql(`CREATE TABLE ${topic} (id int PRIMARY KEY, v varchar(30) UNIQUE); INSERT INTO ${topic} VALUES (0, '${SECRET}');`);
    const schema = {
      type: 'struct',
      fields: [
        { field: 'id', type: 'int32' },
        { field: 'v', type: 'string' },
      ],
    };
    await produce(bootstrap, topic, [{ key: null, value: JSON.stringify({ schema, payload: { id: 1, v: SECRET } }) }]);
    const running = await startWorker({ bootstrap, dir });
    worker = running;
    const letters = `${topic}_refused`;
    const sink = (settings: Record<string, string>): Record<string, string> => ({
      'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
      topics: topic,
      'trim.sensitive.log': 'true',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      ...server.settings(),
      ...settings,
    });
    await running.rest('POST', '/connectors', { name: 'fails', config: sink({}) });
    const status = async (): Promise<string> => (await running.get('/connectors/fails/status')).text;
    await waitFor('the task to fail', async () => /"state":"FAILED"/.test(await status()), PATIENCE);
    expect(await status()).toMatch(/23505|1062/);
    expect(await status()).toMatch(/trim\.sensitive\.log/);
    const tolerant = sink({
      'errors.tolerance': 'all',
      'errors.log.enable': 'true',
      'errors.deadletterqueue.topic.name': letters,
      'errors.deadletterqueue.topic.replication.factor': '1',
      'errors.deadletterqueue.context.headers.enable': 'true',
    });
    await running.rest('POST', '/connectors', { name: 'tolerates', config: tolerant });
    const [letter] = await consume(bootstrap, letters, 1, PATIENCE);
    const reason = Object.fromEntries(letter?.headers ?? [])['__connect.errors.exception.message'];
    expect(reason).toMatch(/23505|1062/);
    for (const shown of [await status(), String(reason), running.output]) expect(shown).not.toContain(SECRET);
  });
});
