/** The query of a JDBC source on real databases: as it is in mode bulk, within another statement in the other modes. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { JdbcSourceConnector } from '../../../src/connectors/jdbc/source/jdbc-source-connector';
import { readSourceSettings } from '../../../src/connectors/jdbc/source/source-settings';
import { TableReader } from '../../../src/connectors/jdbc/source/table-reader';
import { Struct } from '../../../src/data/schema/struct';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { recordsOfBatches } from '../../helpers/fakes/row-batches';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';

jest.setTimeout(120_000);

interface Subject {
  readonly settings: Record<string, string>;
  sql(text: string): Promise<unknown>;
  stop(): Promise<void>;
}

async function startServer(start: () => Promise<MariaDb | Postgres>): Promise<Subject> {
  const server = await start();
  return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop() };
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  PostgreSQL: () => startServer(() => Postgres.start()),
  MariaDB: () => startServer(() => MariaDb.start()),
  async SQLite() {
    const dir = new TempDir('queries');
    const file = dir.file('x.db');
    const sql = async (text: string): Promise<string> => runSqlite(file, text);
    return { settings: { 'connection.url': `jdbc:sqlite:${file}` }, sql, stop: async () => dir.remove() };
  },
};

const LIMIT = { rows: 1000, bytes: 1 << 20 };
/** Ids in the order of `prio`, which is the other way round. */
const BY_PRIO = [9, 8, 7, 6, 5, 4, 3, 2, 1];

describe.each(Object.entries(SUBJECTS))('%s', (name, start) => {
  let subject: Subject;
  let connection: Connection | undefined;

  beforeAll(async () => {
    subject = await start();
    const rows = BY_PRIO.map(id => `(${id}, ${10 - id})`).join(', ');
    await subject.sql(`CREATE TABLE t (id int PRIMARY KEY, prio int NOT NULL);\nINSERT INTO t VALUES ${rows};`);
  });
  afterEach(() => connection?.close());
  afterAll(() => subject.stop());

  const propsOf = (settings: Record<string, string>): Record<string, string> => ({
    mode: 'bulk',
    'topic.prefix': 'q',
    'poll.interval.ms': '0',
    ...subject.settings,
    ...settings,
  });

  /** What a field of the rows holds, in their order. */
  async function read(settings: Record<string, string>, field = 'id', after = -1n): Promise<unknown[]> {
    const parsed = readSourceSettings(propsOf(settings), 'confluent');
    connection = await parsed.connection.dialect.connect(parsed.connection.options);
    const refuse = (error: Error): void => {
      throw error;
    };
    const last = { timestamp: null, incrementing: parsed.mode === 'bulk' ? null : after };
    const reader = new TableReader({ query: parsed.query ?? '' }, parsed, last, refuse, fakeLogger());
    const records = await recordsOfBatches(reader.read(connection, LIMIT));
    return records.map(({ value }) => (value instanceof Struct ? value.get(field) : null));
  }

  async function errors(settings: Record<string, string>): Promise<string> {
    const connector = new JdbcSourceConnector('confluent');
    const values = await connector.validate(propsOf(settings), connector.config().validate(propsOf(settings)));
    return values.flatMap(value => value.errors.map(error => `${value.name}: ${error}`)).join('\n');
  }

  test.each([
    ['SELECT id, prio FROM t ORDER BY prio', '', 9],
    ['SELECT id, prio FROM t ORDER BY prio;', '', 9],
    ['SELECT id, prio FROM t ORDER BY prio LIMIT 4', '', 4],
    ['SELECT id, prio FROM t ORDER BY prio -- the first ones first', '', 9],
    ['SELECT id, prio FROM t ORDER BY prio -- the first ones; first', 'LIMIT 3', 3],
    ['-- what is due\n/* (and more) */ SELECT id, prio FROM t ORDER BY prio', 'LIMIT 2', 2],
    ['WITH x AS (SELECT * FROM t) SELECT id, prio FROM x ORDER BY prio;', '', 9],
    ['(SELECT id, prio FROM t WHERE id > 3) UNION ALL SELECT id, prio FROM t WHERE id <= 3 ORDER BY prio', '', 9],
  ])('mode bulk keeps the order of %p, suffix %p', async (text, suffix, count) => {
    const query = name === 'SQLite' ? text.replace(/^\((SELECT .*?)\)/, '$1') : text;
    const settings = { query, ...(suffix && { 'query.suffix': suffix }) };
    expect(await errors(settings)).toBe('');
    expect((await read(settings)).map(Number)).toEqual(BY_PRIO.slice(0, count));
  });

  test.each(['SELECT id, prio FROM t WHERE prio > 1 -- some', 'SELECT id, prio FROM t ORDER BY prio LIMIT 8'])(
    'in mode incrementing %p stands within another statement',
    async query => {
      const settings = { mode: 'incrementing', 'incrementing.column.name': 'id', query };
      expect(await errors(settings)).toBe('');
      const expected = query.includes('LIMIT') ? [2, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 3, 4, 5, 6, 7, 8];
      expect((await read(settings)).map(Number)).toEqual(expected);
    },
  );

  test('a number beyond the type of its column is no error', async () => {
    const settings = { mode: 'incrementing', 'incrementing.column.name': 'id', query: 'SELECT id FROM t' };
    const everything = { ...settings, 'incrementing.look.back': '9223372036854775807' };
    for (const after of [-(2n ** 63n), -99_999_999_999n]) expect(await read(settings, 'id', after)).toHaveLength(9);
    for (const after of [2n ** 63n - 1n, 99_999_999_999n]) expect(await read(settings, 'id', after)).toEqual([]);
    for (const after of [-(2n ** 63n), -5n, 5n]) expect(await read(everything, 'id', after)).toHaveLength(9);
  });

  test('a semicolon is refused at validation in the other modes', async () => {
    const settings = { mode: 'incrementing', 'incrementing.column.name': 'id' };
    for (const key of ['query', 'query.masked']) {
      expect(await errors({ ...settings, [key]: 'SELECT * FROM t;\n' })).toMatch(
        new RegExp(`^${key}: In mode incrementing the query is part of another statement: leave out the semicolon`),
      );
    }
    for (const query of ['SELECT * FROM t; -- all', 'SELECT * FROM t;; /* all */', 'SELECT 1; SELECT 2']) {
      expect(await errors({ ...settings, query })).toMatch(/^query: The database refuses the query: /);
    }
    expect(await errors({ query: 'SELECT id FROM t; SELECT 2' })).toMatch(/^query: The database refuses the query: /);
    expect(await errors({ query: 'SELECT * FROM t;', 'query.suffix': 'LIMIT 1' })).toMatch(/^query: The database refuses the query: /);
  });

  if (name === 'PostgreSQL') {
    test('?? is the operator ?, as the Java driver has it', async () => {
      const query = `SELECT '{"a":1}'::jsonb ?? 'a' AS has, '??' AS text, '{"b":1}'::jsonb ??| array['a', 'b'] AS any, 7 AS id -- ??`;
      for (const mode of [{}, { mode: 'incrementing', 'incrementing.column.name': 'id' }]) {
        expect(await errors({ ...mode, query })).toBe('');
        expect([
          await read({ ...mode, query }, 'has'),
          await read({ ...mode, query }, 'text'),
          await read({ ...mode, query }, 'any'),
        ]).toEqual([[true], ['??'], [true]]);
      }
    });

    test('a query that writes a table is refused before it does so', async () => {
      expect(await errors({ query: 'SELECT * INTO copied FROM t' })).toMatch(/The query returns no columns/);
      await expect(read({ query: 'SELECT * INTO copied FROM t' })).rejects.toThrow('returns no columns');
      expect(await subject.sql("SELECT count(*) FROM pg_class WHERE relname = 'copied'")).toBe('0');
    });
  }

  if (name === 'MariaDB') {
    test('a query into a variable is refused', async () => {
      expect(await errors({ query: 'SELECT id INTO @x FROM t LIMIT 1' })).toMatch(/^query: .*(?:no columns|refuses)/);
    });

    test('columns of every kind keep the order too: geometries, bits, NULL', async () => {
      await subject.sql('CREATE TABLE g (id int PRIMARY KEY, prio int, p point, b bit(4), j json)');
      await subject.sql(`INSERT INTO g VALUES (1, 2, POINT(1, 2), b'101', '{"a":1}'), (2, 1, NULL, b'1', NULL)`);
      const query = 'SELECT id, prio, p, b, j, NULL AS n FROM g ORDER BY prio';
      expect((await read({ query })).map(Number)).toEqual([2, 1]);
      const [none, point] = (await read({ query }, 'p')) as [null, Buffer];
      expect([none, point.toString('hex')]).toEqual([null, '000000000101000000000000000000f03f0000000000000040']);
      expect(await read({ query }, 'j')).toEqual([null, '{"a":1}']);
      expect((await read({ query }, 'b')).map(Number)).toEqual([1, 5]);
    });
  }
});
