/** The example of a table that is copied between two databases. */
import { sharedBootstrap } from '../helpers/broker';
import { copyExample, listenChange, runIn } from '../helpers/example-run';
import { Postgres } from '../helpers/postgres';
import { runSqlite } from '../helpers/sqlite';
import { TempDir } from '../helpers/temp-dir';
import { waitFor } from '../helpers/wait-for';
import type { WorkerProcess } from '../helpers/worker-process';

jest.setTimeout(120_000);

describe('examples/table-to-table', () => {
  const dir = new TempDir('table-to-table');
  let server: Postgres;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    server = await Postgres.start();
  });
  afterAll(async () => {
    await worker?.kill9();
    await server?.stop();
    dir.remove();
  });

  test('from SQLite over a topic to PostgreSQL: rows that are there, rows that come, and a new column', async () => {
    const { port, change } = await listenChange();
    const stamp = Date.now().toString(36);
    copyExample('table-to-table', dir, {
      ...change,
      'bootstrap.servers': sharedBootstrap(),
      'topic.prefix': `shop-${stamp}-`,
      topics: `shop-${stamp}-orders`,
      'connection.user': server.user,
      'connection.password': server.password,
    });
    const sink = dir.read('jdbc-sink.properties').replace(/^connection\.url=.*$/m, `connection.url=${server.url()}`);
    // a consumer group of its own
    dir.write('jdbc-sink.properties', sink.replace(/^name=.*$/m, `name=orders-sink-${stamp}`));
    runSqlite(dir.file('shop.db'), dir.read('orders.sql'));
    worker = runIn(dir, ['worker.properties', 'jdbc-source.properties', 'jdbc-sink.properties'], port);
    const copied = (rows: string): Promise<unknown> =>
      waitFor(
        `the rows ${rows}`,
        async () => (await server.sql('SELECT * FROM orders ORDER BY id').catch(() => '')).replaceAll('\t', '|') === rows,
        {
          timeoutMs: 60_000,
          everyMs: 200,
        },
      );
    await copied('1|Ada|12.5\n2|Grace|99\n3||');
    runSqlite(dir.file('shop.db'), "ALTER TABLE orders ADD COLUMN note VARCHAR(20);\nINSERT INTO orders VALUES (4, 'Edsger', 1, 'new')");
    await copied('1|Ada|12.5|\n2|Grace|99|\n3|||\n4|Edsger|1|new');
    expect(await worker.stop()).toEqual({ code: 143, signal: null });
  });
});
