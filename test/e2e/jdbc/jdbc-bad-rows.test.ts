/** A JDBC sink with dead letters: of a batch with bad records in it the good ones are written, and the bad ones alone are set aside. */

import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { consume, type NewRecord, produce } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(180_000);

/** The machine may be slow. */
const PATIENCE = { timeoutMs: 60_000, everyMs: 200 };

interface Subject {
  start(): Promise<DatabaseServer>;
  /** Makes a table that refuses the text `forbidden` by a trigger. */
  table(name: string): string;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  PostgreSQL: {
    start: () => Postgres.start(),
    table: name => `CREATE TABLE ${name} (id bigint PRIMARY KEY, v varchar(10), n smallint, u int CHECK (u > 0));
      CREATE FUNCTION refuse_${name}() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN IF NEW.v = 'forbidden' THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END$$;
      CREATE TRIGGER refuse BEFORE INSERT ON ${name} FOR EACH ROW EXECUTE FUNCTION refuse_${name}();`,
  },
  MariaDB: {
    start: () => MariaDb.start(),
    table: name => `CREATE TABLE ${name} (id bigint PRIMARY KEY, v varchar(10), n smallint, u int CHECK (u > 0));
      DELIMITER //
      CREATE TRIGGER refuse_${name} BEFORE INSERT ON ${name} FOR EACH ROW
        BEGIN IF NEW.v = 'forbidden' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one'; END IF; END//
      DELIMITER ;`,
  },
};

type Field = readonly [type: string, value: unknown];

function envelope(fields: Readonly<Record<string, Field>>): string {
  const schema = {
    type: 'struct',
    optional: false,
    fields: Object.entries(fields).map(([field, [type]]) => ({ field, type, optional: true })),
  };
  return JSON.stringify({ schema, payload: Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value])) });
}

const row = (id: number | null, v: unknown, n: Field = ['int32', id], more: Readonly<Record<string, Field>> = {}): string =>
  envelope({ id: ['int64', id], v: ['string', v], n, u: ['int32', id], ...more });

/** Records in the order of their offsets, each with what the reason of its refusal says; null for a good one. */
const RECORDS: readonly (readonly [value: string | null, reason: RegExp | null])[] = [
  [row(1, 'one'), null],
  ['{ no JSON', /DataException/],
  ['{"id":2,"v":"without a schema"}', /schema/],
  [row(2, 'two'), null],
  [row(3, 'longer than ten'), /too long/i],
  [row(null, 'null key'), /id is null/],
  [row(4, 'four', ['int32', 4], { u: ['int32', -1] }), /constraint/i],
  [row(5, 'five'), null],
  [row(6, 'overflow', ['int32', 70_000]), /range/],
  [row(7, 'forbidden'), /not this one/],
  [row(8, 'column', ['int32', 8], { nowhere: ['string', 'x'] }), /nowhere/],
  [row(9, 'type', ['string', 'nine']), /invalid input syntax|incorrect integer value/i],
  [null, /PK mode/],
  [row(10, 'ten'), null],
];

const GOOD = ['1', '2', '5', '10'];

describe.each(Object.entries(SUBJECTS))('%s', (name, { start, table }) => {
  const bootstrap = sharedBootstrap();
  let server: DatabaseServer;
  let dir: TempDir;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    dir = new TempDir('jdbc-bad-rows');
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  async function startSink(topic: string, settings: Record<string, string>): Promise<WorkerProcess> {
    worker = await startWorker({
      bootstrap,
      dir,
      connectors: [
        {
          name: topic,
          'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
          topics: topic,
          'pk.mode': 'record_value',
          'pk.fields': 'id',
          'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
          'errors.tolerance': 'all',
          'errors.deadletterqueue.topic.name': `${topic}_refused`,
          'errors.deadletterqueue.topic.replication.factor': '1',
          'errors.deadletterqueue.context.headers.enable': 'true',
          ...server.settings(),
          ...settings,
        },
      ],
    });
    return worker;
  }

  const ids = async (topic: string): Promise<string[]> => (await server.sql(`SELECT id FROM ${topic} ORDER BY id`)).split('\n');

  test.each([
    ['upsert', { 'insert.mode': 'upsert' }],
    ['insert', { 'insert.mode': 'insert' }],
    ['exactly-once', { 'offsets.table': 'seen' }],
  ] as const)('%s: each bad record becomes one dead letter with its reason, all others become rows', async (mode, settings) => {
    const topic = `bad_${mode.replace('-', '_')}_${Date.now().toString(36)}`;
    await server.sql(table(topic));
    await produce(
      bootstrap,
      topic,
      RECORDS.map(([value]): NewRecord => ({ key: 'k', value })),
    );
    const running = await startSink(topic, settings);
    const bad = RECORDS.flatMap(([, reason], offset) => (reason ? [[String(offset), reason] as const] : []));
    await consume(bootstrap, `${topic}_refused`, bad.length, PATIENCE);
    await waitFor('the good rows', async () => (await ids(topic)).length >= GOOD.length, PATIENCE);
    // one more batch, behind which nothing can still be under way
    await produce(bootstrap, topic, [{ key: 'k', value: row(11, 'eleven') }]);
    await waitFor('the last row', async () => (await ids(topic)).includes('11'), PATIENCE);
    expect(await ids(topic)).toEqual([...GOOD, '11']);
    const letters = (await consume(bootstrap, `${topic}_refused`, bad.length)).map(({ headers }) => {
      const header = Object.fromEntries(headers);
      const reason = `${header['__connect.errors.exception.class.name']}: ${header['__connect.errors.exception.message']}`;
      return [header['__connect.errors.offset'], reason];
    });
    expect(letters.sort(([a], [b]) => Number(a) - Number(b))).toEqual(
      bad.map(([offset, reason]) => [offset, expect.stringMatching(reason)]),
    );
    await running.waitState(topic, 'RUNNING');
    expect(running.output).not.toContain(server.password);
  });

  test("a table that is missing is nobody's fault: the task fails, and no record becomes a dead letter", async () => {
    const topic = `missing_${name.toLowerCase()}_${Date.now().toString(36)}`;
    await produce(bootstrap, topic, [{ key: 'k', value: row(1, 'one') }]);
    const running = await startSink(topic, {});
    await running.waitState(topic, 'RUNNING', 'FAILED', PATIENCE);
    const { text } = await running.get(`/connectors/${topic}/status`);
    expect(text).toMatch(/missing and auto-creation is disabled/);
    expect(text).not.toContain(server.password);
    await expect(consume(bootstrap, `${topic}_refused`, 1, { timeoutMs: 500 })).rejects.toThrow();
  });
});

test.each([
  ['upsert', {}],
  ['insert', { 'offsets.table': 'seen_deferred' }],
] as const)(
  'PostgreSQL, %s: a constraint that is checked at the commit refuses its rows alone, and none that needs a row behind it',
  async (mode, settings) => {
    const bootstrap = sharedBootstrap();
    const server = await Postgres.start();
    const dir = new TempDir('jdbc-deferred');
    const topic = `deferred_${mode}_${Date.now().toString(36)}`;
    await server.sql(`CREATE TABLE ${topic} (id bigint PRIMARY KEY, parent bigint REFERENCES ${topic} DEFERRABLE INITIALLY DEFERRED)`);
    // the parent of 1 comes last; there is none of 3 and 4
    const parents: readonly (readonly [id: number, parent: number])[] = [
      [1, 9],
      [2, 2],
      [3, 77],
      [4, 3],
      [5, 2],
      [9, 9],
    ];
    const value = (id: number, parent: number): string => envelope({ id: ['int64', id], parent: ['int64', parent] });
    await produce(
      bootstrap,
      topic,
      parents.map(([id, parent]): NewRecord => ({ key: 'k', value: value(id, parent) })),
    );
    const worker = await startWorker({
      bootstrap,
      dir,
      connectors: [
        {
          name: topic,
          'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
          topics: topic,
          'insert.mode': mode,
          'pk.mode': 'record_value',
          'pk.fields': 'id',
          'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
          'errors.tolerance': 'all',
          'errors.deadletterqueue.topic.name': `${topic}_refused`,
          'errors.deadletterqueue.topic.replication.factor': '1',
          ...server.settings(),
          ...settings,
        },
      ],
    });
    try {
      const letters = await consume(bootstrap, `${topic}_refused`, 2, PATIENCE);
      expect(letters.map(letter => JSON.parse(String(letter.value)).payload.id)).toEqual([3, 4]);
      await waitFor('the good rows', async () => (await server.sql(`SELECT count(*) FROM ${topic}`)) === '4', PATIENCE);
      expect(await server.sql(`SELECT id FROM ${topic} ORDER BY id`)).toBe('1\n2\n5\n9');
    } finally {
      await worker.kill9();
      await server.stop();
      dir.remove();
    }
  },
);
