/** The examples with databases, as a user runs them: their files, with addresses and names of the test put in. */

import { runCommand } from '../../helpers/processes/child';
import { copyExample, listenChange, runIn } from '../../helpers/processes/example-run';
import type { WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consume, produce } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(180_000);

/** The machine may be slow. */
const PATIENCE = { timeoutMs: 60_000, everyMs: 200 };

describe('examples with databases', () => {
  const stamp = Date.now().toString(36);
  let dir: TempDir;
  let postgres: Postgres;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    postgres = await Postgres.start();
  });
  afterAll(() => postgres?.stop());
  beforeEach(() => {
    dir = new TempDir('jdbc-example');
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  const login = (server: Postgres | MariaDb): Record<string, string> => ({
    'connection.user': server.user,
    'connection.password': server.password,
  });

  test('table-to-topic: rows of PostgreSQL, later ones and changed ones, with their keys', async () => {
    const { port, change } = await listenChange();
    copyExample('table-to-topic', dir, {
      ...change,
      ...login(postgres),
      'bootstrap.servers': sharedBootstrap(),
      'connection.url': postgres.url('example'),
      'topic.prefix': `shop-${stamp}-`,
    });
    await postgres.sql('CREATE DATABASE example;');
    await postgres.sql(dir.read('orders.sql'), 'example');
    worker = runIn(dir, ['worker.properties', 'jdbc-source.properties'], port);
    const records = async (count: number): Promise<unknown[]> =>
      (await consume(sharedBootstrap(), `shop-${stamp}-orders`, count, PATIENCE)).map(({ key, value }) => {
        const { id, customer, amount } = JSON.parse(value?.toString() ?? '') as Record<string, unknown>;
        return [key?.readInt32BE(), id, customer, amount];
      });
    const first = [
      [1, 1, 'Ada', 12.5],
      [2, 2, 'Grace', 99],
      [3, 3, null, null],
    ];
    expect(await records(3)).toEqual(first);
    await postgres.sql("INSERT INTO orders (customer, amount) VALUES ('Edsger', 1);", 'example');
    expect(await records(4)).toEqual([...first, [4, 4, 'Edsger', 1]]);
    await postgres.sql("UPDATE orders SET amount = 0.01, updated_at = now() AT TIME ZONE 'UTC' WHERE id = 2;", 'example');
    expect(await records(5)).toEqual([...first, [4, 4, 'Edsger', 1], [2, 2, 'Grace', 0.01]]);
    expect(await worker.stop()).toEqual({ code: 143, signal: null });
  });

  test('topic-to-table: rows of MariaDB by the keys of the records, a deletion, and a bad record on its own', async () => {
    const [topic, refused] = [`customers-${stamp}`, `customers-refused-${stamp}`];
    const bootstrap = sharedBootstrap();
    const server = await MariaDb.start();
    try {
      const { port, change } = await listenChange();
      copyExample('topic-to-table', dir, {
        ...change,
        ...login(server),
        name: topic,
        topics: topic,
        'bootstrap.servers': bootstrap,
        'connection.url': server.url(),
        'errors.deadletterqueue.topic.name': refused,
      });
      // as the first lines of worker.properties say
      const filled = await runCommand('kcat', ['-b', bootstrap, '-P', '-t', topic, '-K', ' ', '-l', dir.file('customers.txt')]);
      expect(filled).toMatchObject({ code: 0 });
      worker = runIn(dir, ['worker.properties', 'jdbc-sink.properties'], port);
      const rows = (wanted: string): Promise<unknown> =>
        waitFor(
          `the rows ${wanted}`,
          async () => (await server.sql('SELECT id, name, city FROM customers ORDER BY id')) === wanted,
          PATIENCE,
        );
      await rows('c1\tAda\tTurin\nc2\tGrace\tNULL');
      const [bad] = await consume(bootstrap, refused, 1, PATIENCE);
      expect([bad?.key?.toString(), bad?.value?.toString()]).toEqual(['c3', 'this is no JSON']);
      expect(Object.fromEntries(bad?.headers ?? [])).toMatchObject({
        '__connect.errors.topic': topic,
        '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
      });
      await produce(bootstrap, topic, [{ key: 'c1', value: null }]);
      await rows('c2\tGrace\tNULL');
      expect(await worker.stop()).toEqual({ code: 143, signal: null });
    } finally {
      await server.stop();
    }
  });

  test('table-to-table: from SQLite over a topic to PostgreSQL: rows that are there, rows that come, and a new column', async () => {
    const { port, change } = await listenChange();
    copyExample('table-to-table', dir, {
      ...change,
      ...login(postgres),
      'bootstrap.servers': sharedBootstrap(),
      'topic.prefix': `shop-${stamp}-sqlite-`,
      topics: `shop-${stamp}-sqlite-orders`,
    });
    const sink = dir.read('jdbc-sink.properties').replace(/^connection\.url=.*$/m, `connection.url=${postgres.url()}`);
    // a consumer group of its own
    dir.write('jdbc-sink.properties', sink.replace(/^name=.*$/m, `name=orders-sink-${stamp}`));
    runSqlite(dir.file('shop.db'), dir.read('orders.sql'));
    worker = runIn(dir, ['worker.properties', 'jdbc-source.properties', 'jdbc-sink.properties'], port);
    const copied = (rows: string): Promise<unknown> =>
      waitFor(`the rows ${rows}`, async () => (await postgres.sql('SELECT * FROM orders ORDER BY id')) === rows, PATIENCE);
    await copied('1|Ada|12.5\n2|Grace|99\n3||');
    runSqlite(dir.file('shop.db'), "ALTER TABLE orders ADD COLUMN note VARCHAR(20);\nINSERT INTO orders VALUES (4, 'Edsger', 1, 'new')");
    await copied('1|Ada|12.5|\n2|Grace|99|\n3|||\n4|Edsger|1|new');
    expect(await worker.stop()).toEqual({ code: 143, signal: null });
  });
});
