/** The task of the JDBC sink against real databases: what becomes of records, good and bad. */
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { JdbcSinkTask } from '../../../src/connectors/jdbc/sink/jdbc-sink-task';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';
import type { SinkRecord } from '../../../src/data/record/record';
import { Struct } from '../../../src/data/schema/struct';
import { ConnectError, isRetriable } from '../../../src/errors';
import { FakeSinkContext } from '../../../src/testing/sink/sink-context';
import { sinkRecord } from '../../helpers/fakes/sink-record';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

/** A database under test; `sql` returns rows as text. */
interface Subject {
  readonly settings: Record<string, string>;
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
  readonly quote: string;
  readonly server?: Postgres | MariaDb;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  async postgresql() {
    const server = await Postgres.start();
    return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop(), quote: '"', server };
  },
  async mariadb() {
    const server = await MariaDb.start();
    return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop(), quote: '`', server };
  },
  async sqlite() {
    const dir = new TempDir('sqlite');
    const file = dir.file('sink.db');
    return {
      settings: { 'connection.url': `jdbc:sqlite:${file}` },
      sql: async text => runSqlite(file, text),
      stop: async () => dir.remove(),
      quote: '"',
    };
  },
};

/** How many wait for the lock of a row. */
const WAITING: Readonly<Record<string, string>> = {
  postgresql: "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
  mariadb: "SELECT count(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'",
};

type Type = string | Record<string, unknown>;

/** An envelope with a struct of these fields. */
function struct(fields: Readonly<Record<string, readonly [type: Type, value: unknown]>>): unknown {
  const schemas = Object.entries(fields).map(([field, [type]]) => ({
    optional: true,
    ...(typeof type === 'string' ? { type } : type),
    field,
  }));
  const payload = Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value]));
  return { schema: { type: 'struct', optional: false, fields: schemas }, payload };
}

const key = (id: number | null): unknown => ({ schema: { type: 'int64', optional: true }, payload: id });
const UPSERT = { 'insert.mode': 'upsert', 'pk.mode': 'record_key', 'pk.fields': 'id', 'auto.create': 'true', 'auto.evolve': 'true' };

describe.each(Object.entries(SUBJECTS))('%s', (name, start) => {
  let subject: Subject;
  let counter = 0;
  let topic: string;
  let reported: [offset: number, message: string][];
  const tasks: JdbcSinkTask[] = [];

  beforeAll(async () => {
    subject = await start();
  }, 120_000);
  afterAll(async () => {
    for (const task of tasks) await task.stop();
    await subject?.stop();
  });
  beforeEach(() => {
    topic = `t${counter++}`;
    reported = [];
  });

  /** @param settings over those of the database @param reports whether bad records are reported, and not errors of the task */
  function startTask(settings: Record<string, string>, reports = false): { task: JdbcSinkTask; context: FakeSinkContext } {
    const props = { name: 'sink', topics: topic, 'connection.attempts': '1', 'retry.backoff.ms': '10', ...subject.settings, ...settings };
    const report = async (record: SinkRecord, error: Error): Promise<void> => {
      reported.push([record.kafkaOffset, error.message]);
    };
    const context = new FakeSinkContext(props, reports ? report : null);
    const task = new JdbcSinkTask('confluent');
    tasks.push(task);
    task.start(props, context);
    return { task, context };
  }

  const records = (pairs: readonly (readonly [key: unknown, value: unknown])[], from = 0): SinkRecord[] =>
    pairs.map(([recordKey, value], i) => sinkRecord(topic, from + i, recordKey, value));
  const row = (id: number | null, text: unknown, type: Type = 'string'): readonly [unknown, unknown] => [
    key(id),
    struct({ v: [type, text] }),
  ];
  const all = (columns = 'id, v', table = topic): Promise<string> => subject.sql(`SELECT ${columns} FROM ${table} ORDER BY 1`);
  const rowsOf = async (columns?: string, table?: string): Promise<string[]> =>
    (await all(columns, table)).split(/\n/).map(line => line.replaceAll('\t', '|'));

  test('upserts and deletions of one put leave what the last record of each key says', async () => {
    const { task } = startTask({ ...UPSERT, 'delete.enabled': 'true' });
    await task.put(records([row(1, 'a'), row(2, 'b'), [key(1), null], row(1, 'c'), [key(2), null], row(3, 'd'), row(3, 'e')]));
    expect(await rowsOf()).toEqual(['1|c', '3|e']);
    await task.put(records([[key(1), null], row(4, 'f')], 7));
    expect(await rowsOf()).toEqual(['3|e', '4|f']);
  });

  test('bad rows alone are reported, with the place and the reason; the others are written', async () => {
    const { task } = startTask({ ...UPSERT, 'auto.create': 'false' }, true);
    await subject.sql(`CREATE TABLE ${topic} (id bigint NOT NULL PRIMARY KEY, v varchar(5) CHECK (length(v) <= 5))`);
    const good = Array.from({ length: 20 }, (_, i) => row(i + 1, `v${i}`));
    const batch = [...good.slice(0, 5), row(100, 'much too long'), ...good.slice(5, 10), row(null, 'x'), ...good.slice(10)];
    await task.put(records(batch));
    expect((await rowsOf()).map(line => line.split('|')[0]).sort()).toEqual(good.map((_, i) => String(i + 1)).sort());
    expect(reported.map(([offset]) => offset).sort((a, b) => a - b)).toEqual([5, 11]);
  });

  test('without a reporter a bad row fails the task, named by its place, and nothing of the batch is written', async () => {
    const { task } = startTask(UPSERT);
    await subject.sql(`CREATE TABLE ${topic} (id bigint NOT NULL PRIMARY KEY, v varchar(5) CHECK (length(v) <= 5))`);
    await task.put(records([row(1, 'kept')]));
    const put = task.put(records([row(2, 'new'), row(3, 'much too long')], 1));
    await expect(put).rejects.toThrow(/partition 0, offset 2/);
    expect(await rowsOf()).toEqual(['1|kept']);
  });

  test('numbers too large, NaN and U+0000 are the fault of their row only', async () => {
    const { task } = startTask({ ...UPSERT, 'auto.create': 'false' }, true);
    const check = name === 'sqlite' ? ' CHECK (n < 100)' : '';
    await subject.sql(`CREATE TABLE ${topic} (id bigint NOT NULL PRIMARY KEY, n smallint${check}, f double precision, s varchar(20))`);
    const of = (id: number, n: number, f: unknown, s: string): readonly [unknown, unknown] => [
      key(id),
      struct({ n: ['int32', n], f: ['double', f], s: ['string', s] }),
    ];
    const list = records([of(1, 1, 1.5, 'a'), of(2, 70_000, 1, 'b'), of(3, 3, 1, 'a\0b'), of(4, 4, 1, 'd'), of(5, 5, 1, 'e')]);
    // JSON cannot say it
    if (list[3]?.value instanceof Struct) list[3].value.put('f', Number.NaN);
    await task.put(list);
    const ids = (await rowsOf('id')).join();
    const bad = reported.map(([offset]) => offset).sort();
    // PostgreSQL has NaN but no U+0000, the others have it the other way round
    expect([ids, bad]).toEqual(name === 'postgresql' ? ['1,4,5', [1, 2]] : ['1,3,5', [1, 3]]);
  });

  test('names cannot carry SQL: quotes, semicolons, reserved words and unicode are names', async () => {
    await subject.sql(`CREATE TABLE victim_${topic} (id int)`);
    const q = subject.quote;
    const evil = [`a${q}); DROP TABLE victim_${topic}; --`, "b'; --", 'select', 'größe 😀', 'with space', 'x\\'];
    const { task } = startTask({ ...UPSERT, 'table.name.format': `${q}t ${q}${q}; DROP TABLE victim_${topic}; -- \${topic}${q}` });
    const value = struct(Object.fromEntries(evil.map((field, i) => [field, ['int32', i]])));
    const put = task.put(records([[key(1), value]]));
    if (name === 'mariadb') {
      // it has no characters beyond the BMP in names, and says so
      await expect(put).rejects.toThrow();
    } else await put;
    expect(await subject.sql(`SELECT count(*) FROM victim_${topic}`)).toBe('0');
  });

  test('a table of another database is refused, whatever there is of that name in the connected one', async () => {
    if (name === 'sqlite') return;
    const [own, schema] = name === 'postgresql' ? ['postgres', 'public'] : ['test', 'x'];
    await subject.sql(`CREATE TABLE ${topic} (v varchar(10))`);
    const write = (format: string): Promise<void> =>
      startTask({ 'auto.create': 'true', 'table.name.format': format }).task.put(records([[null, struct({ v: ['string', 'a'] })]]));
    await expect(write(`otherdb.${schema}.${topic}`)).rejects.toThrow(
      /cross-database references are not implemented.*otherdb|not the name of a table/,
    );
    expect(await all('count(*)')).toBe('0');
    if (name !== 'postgresql') return;
    await write(`${own}.${schema}.${topic}`);
    expect(await all('count(*)')).toBe('1');
  });

  test('a table that was changed or dropped by somebody is looked at again', async () => {
    const { task } = startTask(UPSERT);
    await task.put(records([row(1, 'a')]));
    await subject.sql(`DROP TABLE ${topic}`);
    await task.put(records([row(2, 'b')], 1));
    expect(await rowsOf()).toEqual(['2|b']);
    await task.put(records([[key(3), struct({ v: ['string', 'c'], added: ['int32', 7] })]], 2));
    expect(await rowsOf('id, added')).toContain('3|7');
  });

  test('data without schemas go to a table that is there, nested values as JSON', async () => {
    const json = name === 'postgresql' ? 'jsonb' : 'text';
    await subject.sql(`CREATE TABLE ${topic} (id bigint NOT NULL PRIMARY KEY, v varchar(20), j ${json}, other int DEFAULT 5)`);
    const { task } = startTask({ ...UPSERT, 'pk.mode': 'record_value' });
    const bare = { ...(records([row(1, 'x')])[0] as SinkRecord), valueSchema: null };
    const value = (id: bigint): Map<string, unknown> =>
      new Map<string, unknown>([
        ['id', id],
        ['v', 'text'],
        ['j', new Map<string, unknown>([['a', [1n, 'two']]])],
      ]);
    await task.put([
      { ...bare, value: value(1n) },
      { ...bare, kafkaOffset: 1, value: new Map([['id', 2n]]) },
    ]);
    const [first, second] = await rowsOf('id, v, j, other');
    expect(first?.replaceAll(' ', '')).toBe('1|text|{"a":[1,"two"]}|5');
    expect(second?.startsWith('2|')).toBe(true);
    const unknown = task.put([
      {
        ...bare,
        value: new Map<string, unknown>([
          ['id', 3n],
          ['nowhere', 1n],
        ]),
      },
    ]);
    await expect(unknown).rejects.toThrow(/nowhere/);
  });

  test('exactly-once: records that come again are not written again, whoever brings them', async () => {
    const settings = { 'auto.create': 'true', 'offsets.table': `seen_${topic}` };
    const plain = (value: string): readonly [unknown, unknown] => [null, struct({ v: ['string', value] })];
    const first = startTask(settings);
    await first.task.open([{ topic, partition: 0 }]);
    await first.task.put(records([plain('a'), plain('b')]));
    const second = startTask(settings);
    second.context.assign([{ topic, partition: 0 }]);
    await second.task.open([{ topic, partition: 0 }]);
    expect(Object.fromEntries(second.context.wantedOffsets)).toEqual({ [`${topic}-0`]: 2 });
    await second.task.put(records([plain('a'), plain('b'), plain('c')]));
    // one that lost its partition and does not know it yet
    await first.task.put(records([plain('c')], 2));
    await first.task.put(records([plain('c'), plain('d')], 2));
    expect(await rowsOf('v')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('exactly-once: a batch that fails leaves no offset behind', async () => {
    const settings = { 'auto.create': 'true', 'offsets.table': `seen_${topic}`, 'pk.mode': 'record_key', 'pk.fields': 'id' };
    const { task } = startTask(settings);
    await expect(task.put(records([row(1, 'a'), row(1, 'b')]))).rejects.toBeInstanceOf(ConnectError);
    await task.put(records([row(1, 'a'), row(2, 'b')]));
    expect(await rowsOf()).toEqual(['1|a', '2|b']);
  });

  test.each([
    ['a retry is left: it passes', '1'],
    ['none is left: the task fails, and nothing of it is written', '0'],
  ])(
    'a deadlock, and %s',
    async (_, maxRetries) => {
      const { server } = subject;
      if (!server) return;
      const { task, context } = startTask({ ...UPSERT, 'max.retries': maxRetries });
      const pairs = [row(1, 'new'), row(2, 'new')];
      await task.put(records([row(1, 'old'), row(2, 'old')]));
      const other = await dialectFor(readJdbcUrl(server.url()).kind, '').connect({
        address: { ...readJdbcUrl(server.url()), user: server.user, password: server.password },
        timeoutMs: 10_000,
        busyTimeoutMs: 200,
        hidesValues: false,
      });
      const update = (id: number): Promise<unknown> => other.query(`UPDATE ${topic} SET v = 'theirs' WHERE id = ${id}`);
      try {
        // PostgreSQL ends the one that has waited for long, MariaDB the one that has done less
        if (name === 'postgresql') await other.query("SET deadlock_timeout = '1h'");
        await other.query(`CREATE TABLE more_${topic} (id int)`);
        await other.begin();
        await other.query(`INSERT INTO more_${topic} VALUES ${Array.from({ length: 500 }, (__, i) => `(${i})`).join(', ')}`);
        await update(2);
        const put = task.put(records(pairs, 2)).then(
          () => 'written',
          error => (isRetriable(error) ? 'retriable' : 'failed'),
        );
        await waitFor('the task to wait for the lock', async () => (await subject.sql(WAITING[name] ?? '')).trim() === '1');
        await update(1);
        expect(await put).toBe(maxRetries === '0' ? 'failed' : 'retriable');
        await other.rollback();
      } finally {
        await other.close();
      }
      expect(context.timeoutsMs).toEqual(maxRetries === '0' ? [] : [10]);
      if (maxRetries !== '0') await task.put(records(pairs, 2));
      expect(await rowsOf()).toEqual(maxRetries === '0' ? ['1|old', '2|old'] : ['1|new', '2|new']);
    },
    60_000,
  );

  test('a database that is away is waited for, and nothing is lost or written twice', async () => {
    const { server } = subject;
    if (!server) return;
    const { task, context } = startTask({ 'auto.create': 'true', 'offsets.table': `seen_${topic}`, 'max.retries': '0' });
    const plain = (value: string): readonly [unknown, unknown] => [null, struct({ v: ['string', value] })];
    await task.put(records([plain('a')]));
    await server.kill();
    const next = records([plain('b'), plain('c')], 1);
    const attempt = (): Promise<boolean> =>
      task.put(next).then(
        () => true,
        error => {
          if (!isRetriable(error)) throw error;
          return false;
        },
      );
    expect(await attempt()).toBe(false);
    expect(await attempt()).toBe(false);
    expect(context.timeoutsMs).toContain(10);
    await server.restart();
    while (!(await attempt()));
    await task.put(next);
    expect(await rowsOf('v')).toEqual(['a', 'b', 'c']);
  }, 90_000);
});
