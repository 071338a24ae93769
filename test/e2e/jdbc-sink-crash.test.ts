/** Fault 32: the JDBC sink with a worker that is killed and a database that goes away in the middle. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedBootstrap } from '../helpers/broker';
import { produceFile } from '../helpers/kafka-io';
import { Postgres } from '../helpers/postgres';
import { TempDir } from '../helpers/temp-dir';
import { waitFor } from '../helpers/wait-for';
import { startWorker, type WorkerProcess } from '../helpers/worker-process';

jest.setTimeout(180_000);

const ROWS = 60_000;
/** How long each of the first lives of the worker lasts once it writes, in milliseconds. */
const LIVES_MS = [30, 250];

describe('a storm of kill -9 with restarts of the database', () => {
  let server: Postgres;
  let dir: TempDir;
  let worker: WorkerProcess | null = null;

  beforeAll(async () => {
    server = await Postgres.start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    dir = new TempDir('jdbc-crash');
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  const schema = {
    type: 'struct',
    optional: false,
    fields: [
      { field: 'id', type: 'int64' },
      { field: 'v', type: 'string' },
    ],
  };

  async function fill(topic: string): Promise<void> {
    const head = `{"schema":${JSON.stringify(schema)},"payload":{"id":`;
    const lines = Array.from({ length: ROWS }, (_, i) => `${head}${i},"v":"value ${i}"}}\n`).join('');
    await produceFile(sharedBootstrap(), topic, dir.write('records', lines));
  }

  async function start(topic: string, settings: Record<string, string>): Promise<void> {
    worker = await startWorker({
      bootstrap: sharedBootstrap(),
      dir,
      worker: { 'offset.flush.interval.ms': 200, 'consumer.session.timeout.ms': 6000, 'consumer.heartbeat.interval.ms': 500 },
      connectors: [
        {
          name: `sink-${topic}`,
          'connector.class': 'JdbcSink',
          topics: topic,
          'tasks.max': 1,
          'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
          'retry.backoff.ms': 200,
          'auto.create': true,
          ...server.settings(),
          ...settings,
        },
      ],
    });
  }

  /** Rows, and different ids among them; nothing while the table or the server is not there. */
  async function counts(table: string): Promise<{ rows: number; ids: number }> {
    const text = await server.sql(`SELECT count(*), count(DISTINCT id) FROM ${table}`).catch(() => '0\t0');
    const [rows = 0, ids = 0] = text.split(/[\t|]/).map(Number);
    return { rows, ids };
  }

  test.each([
    ['upsert', { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' }],
    // no key: whatever came twice would be there twice
    ['exactly_once', { 'insert.mode': 'insert', 'offsets.table': 'consumed_offsets' }],
  ] as const)('%s: no row is lost, and none is there twice', async (mode, settings) => {
    const topic = `storm_${mode}_${Date.now().toString(36)}`;
    await fill(topic);
    let before = 0;
    let cut = 0;
    for (const lifeMs of LIVES_MS) {
      await start(topic, settings);
      await waitFor('rows to come', async () => (await counts(topic)).rows > before, { timeoutMs: 60_000, everyMs: 20 });
      await sleep(lifeMs);
      if (lifeMs > 100) {
        await server.kill();
        await sleep(300);
        await server.restart();
      }
      await worker?.kill9();
      before = (await counts(topic)).rows;
      if (before >= ROWS) break;
      cut++;
    }
    // or it was no storm
    expect(cut).toBeGreaterThan(0);
    await start(topic, settings);
    await waitFor('all rows', async () => (await counts(topic)).ids >= ROWS, { timeoutMs: 90_000, everyMs: 200 });
    // whatever comes again is written by then
    await sleep(1500);
    expect(await counts(topic)).toEqual({ rows: ROWS, ids: ROWS });
    expect(await server.sql(`SELECT count(*) FROM ${topic} WHERE v <> 'value ' || id`)).toBe('0');
  });
});
