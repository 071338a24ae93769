/** What every dialect must do, against real servers. */

import type { BindValue, Connection, WriteMode, WritePlan } from '../../../src/connectors/jdbc/database/connection';
import { DatabaseError } from '../../../src/connectors/jdbc/database/database-error';
import type { ConnectOptions, Dialect } from '../../../src/connectors/jdbc/database/dialect';
import type { TableId } from '../../../src/connectors/jdbc/database/table-id';
import type { Column } from '../../../src/connectors/jdbc/database/values/column';
import type { MappingOptions } from '../../../src/connectors/jdbc/database/values/column-mapping';
import { readTimestamp } from '../../../src/connectors/jdbc/database/values/temporal-value';
import { binderFor } from '../../../src/connectors/jdbc/database/values/value-binding';
import { UTC } from '../../../src/connectors/jdbc/database/values/zone-offset';
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';
import { BigDecimal } from '../../../src/data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../../src/data/java/boxed';
import { dateBuilder, decimalBuilder, timeBuilder, timestampBuilder } from '../../../src/data/schema/logical';
import type { Schema } from '../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';
import { readValue } from '../../helpers/vectors/read-value';
import { waitFor } from '../../helpers/wait-for';

/** A database under test. */
interface Subject {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  stop(): Promise<void>;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  async PostgreSQL() {
    const server = await Postgres.start();
    return { url: server.url(), user: server.user, password: server.password, stop: () => server.stop() };
  },
  async MariaDB() {
    const server = await MariaDb.start();
    return { url: server.url(), user: server.user, password: server.password, stop: () => server.stop() };
  },
  async SQLite() {
    const dir = new TempDir('sqlite');
    return { url: `jdbc:sqlite:${dir.file('test.db')}`, stop: async () => dir.remove() };
  },
};

const STATEMENTS = { quoting: 'always', flavour: 'aiven' } as const;
const MAPPING: MappingOptions = { numericMapping: 'none', granularity: 'connect_logical', zone: UTC, isJulian: false, flavour: 'aiven' };
const ALL = { rows: 1000, bytes: 1 << 24 };

function optionsOf(subject: Subject, changes: Partial<ConnectOptions['address']> = {}): ConnectOptions {
  const address = { ...readJdbcUrl(subject.url), user: subject.user ?? null, password: subject.password ?? null, ...changes };
  return { address, timeoutMs: 10_000, busyTimeoutMs: 200, hidesValues: false };
}

const required = (type: ConstructorParameters<typeof SchemaBuilder>[0]): Schema => new SchemaBuilder(type).build();

describe.each(Object.entries(SUBJECTS))('%s', (name, start) => {
  let subject: Subject;
  let dialect: Dialect;
  let connection: Connection;
  let counter = 0;

  beforeAll(async () => {
    subject = await start();
    const options = optionsOf(subject);
    dialect = dialectFor(options.address.kind, '');
    connection = await dialect.connect(options);
  }, 120_000);
  afterAll(async () => {
    await connection?.close();
    await subject?.stop();
  });

  /** Makes a table of these fields; the first is its key. */
  async function makeTable(
    fields: Readonly<Record<string, Schema>>,
    tableName = `t${counter++}`,
  ): Promise<{ table: TableId; columns: Column[] }> {
    const columns = Object.entries(fields).map(([field, schema], i) => ({ name: field, schema, primaryKey: i === 0 }));
    const id = { catalog: null, schema: null, table: tableName };
    await connection.query(dialect.createTable(id, columns, STATEMENTS));
    const table = await dialect.findTable(connection, id, ['TABLE']);
    if (!table) throw new Error(`${tableName} is not there`);
    return { table, columns: await connection.columnsOfTable(table) };
  }

  const plan = (mode: WriteMode, table: TableId, [key, ...others]: readonly Column[]): WritePlan => ({
    mode,
    table,
    keys: key ? [key] : [],
    others: mode === 'delete' ? [] : others,
    quoting: 'always',
  });

  /** One transaction, as a sink does it. */
  async function write(mode: WriteMode, made: { table: TableId; columns: Column[] }, rows: BindValue[][]): Promise<number> {
    await connection.begin();
    try {
      const changed = await connection.createWriter(plan(mode, made.table, made.columns)).write(rows);
      await connection.commit();
      return changed;
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  }

  async function readAll(table: TableId, order = ''): Promise<unknown[][]> {
    const cursor = await connection.openCursor(`SELECT * FROM ${dialect.identifiers.table(table)}${order}`, [], 100);
    const rows: unknown[][] = [];
    for (;;) {
      const batch = await cursor.read(ALL);
      if (batch.length === 0) break;
      rows.push(...batch.map(row => [...row]));
    }
    await cursor.close();
    return rows;
  }

  const asText = (rows: unknown[][]): (string | null)[][] => rows.map(row => row.map(value => (value === null ? null : String(value))));

  test('values of every type come back as they were written, nulls too', async () => {
    const types: [Schema, unknown][] = [
      [required('INT64'), 9223372036854775807n],
      [new SchemaBuilder('INT8').optional().build(), Int8.of(-128)],
      [new SchemaBuilder('INT16').optional().build(), Int16.of(32767)],
      [new SchemaBuilder('INT32').optional().build(), Int32.of(-2147483648)],
      [new SchemaBuilder('FLOAT32').optional().build(), Float32.of(0.1)],
      [new SchemaBuilder('FLOAT64').optional().build(), 0.1],
      [new SchemaBuilder('STRING').optional().build(), `Grüße 😀 "q" ' \\ \n\t {a,b} NULL`],
      [new SchemaBuilder('BYTES').optional().build(), Buffer.from([0, 255, 39, 92])],
      [decimalBuilder(2).optional().build(), new BigDecimal(-123456n, 2)],
      [dateBuilder().optional().build(), new Date('2024-02-29T00:00:00Z')],
      [timestampBuilder().optional().build(), new Date('2024-02-29T12:34:56.789Z')],
      [timeBuilder().optional().build(), new Date(45_296_789)],
    ];
    const made = await makeTable(Object.fromEntries(types.map(([schema], i) => [`c${i}`, schema])));
    const bind = types.map(([schema], i) =>
      binderFor(`c${i}`, schema, { temporal: dialect.temporalBinding, zone: UTC, dateZone: UTC, isJulian: false }),
    );
    const values = types.map(([, value]) => value);
    const row = (of: readonly unknown[]): BindValue[] => of.map((value, i) => (value === null ? null : (bind[i]?.(value) ?? null)));
    await write('insert', made, [row(values), row([1n, ...values.slice(1).map(() => null)])]);
    const [nulls, back] = await readAll(made.table, ' ORDER BY c0');
    expect(nulls?.slice(1)).toEqual(values.slice(1).map(() => null));
    // SQLite keeps decimals as numbers and knows no type for a time of day
    const comparable = name === 'SQLite' ? [1, 2, 6, 7] : values.map((_, i) => i);
    for (const i of comparable) {
      const column = made.columns[i];
      const mapping = column ? dialect.mapColumn(column, MAPPING) : null;
      // PostgreSQL has no type of 8 bits, and its new columns no scale
      if (name === 'PostgreSQL' && (i === 1 || i === 8)) expect(String(back?.[i])).toBe(String(values[i]));
      else expect(readValue(mapping, back?.[i])).toEqual(values[i]);
    }
    expect(String(back?.[0])).toBe('9223372036854775807');
  });

  test('upsert, update and delete find rows by key, exactly also beyond 2^53', async () => {
    const made = await makeTable({ id: required('INT64'), v: new SchemaBuilder('STRING').optional().build() });
    const big = 9007199254740993n;
    await write('insert', made, [
      [big, 'a'],
      [big - 1n, 'b'],
      [3n, 'c'],
    ]);
    await write('upsert', made, [
      [big, 'a2'],
      [4n, 'd'],
    ]);
    expect(await write('update', made, [[3n, 'c2']])).toBe(1);
    expect(await write('update', made, [[99n, 'never']])).toBe(0);
    expect(await write('delete', made, [[big - 1n], [77n]])).toBe(1);
    expect(asText(await readAll(made.table, ' ORDER BY id'))).toEqual([
      ['3', 'c2'],
      ['4', 'd'],
      [String(big), 'a2'],
    ]);
  });

  test('3000 rows go in one call, in order, and a table of keys alone can be upserted', async () => {
    const made = await makeTable({ id: required('INT32'), v: required('STRING') });
    const rows = Array.from({ length: 3001 }, (_, i): BindValue[] => [i, `v${i}`]);
    await write('insert', made, rows);
    const back = await readAll(made.table, ' ORDER BY id');
    expect(asText(back)).toEqual(rows.map(row => row.map(String)));
    const keys = await makeTable({ id: required('INT32') });
    await write('upsert', keys, [[1], [2]]);
    await write('upsert', keys, [[2], [3]]);
    expect(asText(await readAll(keys.table, ' ORDER BY id'))).toEqual([['1'], ['2'], ['3']]);
    await write('insert', made, []);
  });

  test('a cursor keeps to its limits of rows and bytes, gives a big row alone, and can be left in the middle', async () => {
    const made = await makeTable({ id: required('INT32'), v: new SchemaBuilder('STRING').optional().build() });
    await write(
      'insert',
      made,
      Array.from({ length: 500 }, (_, i): BindValue[] => [i, i === 2 ? 'x'.repeat(200) : 'y'.repeat(20)]),
    );
    const other = await dialect.connect(optionsOf(subject));
    const cursor = await other.openCursor(`SELECT * FROM ${dialect.identifiers.table(made.table)} ORDER BY id`, [], 10);
    const ids = async (limit: { rows: number; bytes: number }): Promise<number[]> => (await cursor.read(limit)).map(([id]) => Number(id));
    expect(await ids({ rows: 2, bytes: 1 << 20 })).toEqual([0, 1]);
    expect(await ids({ rows: 10, bytes: 1 })).toEqual([2]);
    let next = 3;
    for (let reads = 0; reads < 20; reads++) {
      const batch = await ids({ rows: 1000, bytes: 1500 });
      expect(batch.length).toBeLessThanOrEqual(20);
      for (const id of batch) expect(id).toBe(next++);
    }
    await cursor.close();
    await cursor.close();
    await other.close();
    await other.close();
    expect(await connection.isValid()).toBe(true);
  });

  test('names with quotes, blanks, reserved words and SQL in them are names', async () => {
    // names of MariaDB have no characters beyond the BMP
    const evil = `select "x" 'y' \`z\` ]; DROP TABLE t0; -- ü.${name === 'MariaDB' ? '中' : '😀'}`;
    const made = await makeTable({ [`${evil} id`]: required('INT32'), order: required('STRING') }, evil);
    await write('insert', made, [[1, 'a']]);
    await write('upsert', made, [[1, 'b']]);
    await write('update', made, [[1, 'c']]);
    expect(asText(await readAll(made.table))).toEqual([['1', 'c']]);
    expect(await dialect.primaryKey(connection, made.table)).toEqual([`${evil} id`]);
    const { catalog, schema, table } = made.table;
    expect(dialect.parseTable(dialect.identifiers.table(made.table))).toEqual({ catalog, schema, table });
    expect(
      (await dialect.listTables(connection, { catalogPattern: null, schemaPattern: null, types: ['TABLE'] })).map(t => t.table),
    ).toContain(evil);
    await write('delete', made, [[1]]);
    expect(await readAll(made.table)).toEqual([]);
  });

  test('the catalogue tells types, nullability, defaults and the columns of a query', async () => {
    const made = await makeTable({
      id: required('INT32'),
      name: new SchemaBuilder('STRING').optional().build(),
      n: new SchemaBuilder('INT64').defaultValue(7n).build(),
    });
    expect(made.columns.map(({ name: column, nullable, hasDefault }) => [column, nullable, hasDefault])).toEqual([
      ['id', false, name === 'SQLite'],
      ['name', true, false],
      ['n', true, true],
    ]);
    const query = await connection.columnsOfQuery(`SELECT n AS m, id FROM ${dialect.identifiers.table(made.table)} -- end`);
    expect(query.map(({ name: column, nullable }) => [column, nullable])).toEqual([
      ['m', true],
      ['id', false],
    ]);
    expect(await connection.columnsOfTable({ ...made.table, table: 'not there' })).toEqual([]);
    expect(await dialect.findTable(connection, { ...made.table, table: 'not there' }, ['TABLE'])).toBeNull();
    const more = [
      { name: 'x', schema: new SchemaBuilder('STRING').defaultValue(`it's \\ "so"`).build(), primaryKey: false },
      { name: 'y', schema: new SchemaBuilder('BOOLEAN').defaultValue(true).build(), primaryKey: false },
    ];
    for (const sql of dialect.addColumns(made.table, more, STATEMENTS)) await connection.query(sql);
    await write('insert', made, [[1, 'a', 1n]]);
    const [row] = await readAll(made.table);
    expect(row?.[3]).toBe(`it's \\ "so"`);
    expect(['true', 't', '1']).toContain(String(row?.[4]));
  });

  test('a transaction that is rolled back leaves nothing', async () => {
    const made = await makeTable({ id: required('INT32') });
    await connection.begin();
    await connection.createWriter(plan('insert', made.table, made.columns)).write([[1]]);
    await connection.rollback();
    await write('insert', made, [[2]]);
    expect(asText(await readAll(made.table))).toEqual([['2']]);
  });

  test('errors tell what can be done about them', async () => {
    const made = await makeTable({ id: required('INT32'), v: required('STRING') });
    await write('insert', made, [[1, 'a']]);
    const kindOf = async (call: () => Promise<unknown>): Promise<string> => {
      const error = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      return error instanceof DatabaseError ? error.kind : `no DatabaseError: ${error}`;
    };
    expect(await kindOf(() => write('insert', made, [[1, 'again']]))).toBe('data');
    expect(await kindOf(() => write('insert', made, [[2, null]]))).toBe('data');
    expect(await kindOf(() => connection.query('SELECT * FROM not_there'))).toBe('definition');
    expect(await kindOf(() => connection.query(`SELECT not_there FROM ${dialect.identifiers.table(made.table)}`))).toBe('definition');
    expect(await kindOf(() => connection.query('SELEKT 1'))).toBe('permanent');
    expect(asText(await readAll(made.table))).toEqual([['1', 'a']]);
    const cursor = kindOf(async () => {
      const opened = await connection.openCursor('SELECT * FROM not_there', [], 10);
      try {
        await opened.read(ALL);
      } finally {
        await opened.close();
      }
    });
    expect(await cursor).toBe('definition');
    expect(await connection.isValid()).toBe(true);
  });

  test('the clock of the database is that of this machine, in UTC', async () => {
    const [[now] = []] = await connection.query(dialect.currentTimestampSql);
    expect(Math.abs(readTimestamp(String(now)).ms - Date.now())).toBeLessThan(60_000);
  });

  test('a closed connection says so', async () => {
    const other = await dialect.connect(optionsOf(subject));
    await other.close();
    expect(await other.isValid()).toBe(false);
    await expect(other.query('SELECT 1')).rejects.toMatchObject({ kind: 'connection' });
  });

  if (name !== 'SQLite') {
    test('a wrong password, an unknown database and a closed port are told apart, and the password is not shown', async () => {
      const failure = (changes: Partial<ConnectOptions['address']>): Promise<DatabaseError> =>
        dialect.connect(optionsOf(subject, changes)).then(
          () => Promise.reject(new Error('connected')),
          (error: DatabaseError) => error,
        );
      const wrong = await failure({ password: 'wrong-secret' });
      expect(wrong.kind).toBe('access');
      expect(wrong.message).not.toContain('wrong-secret');
      expect((await failure({ database: 'nowhere' })).kind).toBe('access');
      expect((await failure({ hosts: [{ host: '127.0.0.1', port: 1 }] })).kind).toBe('connection');
    });

    test('a connection that the server ends rejects what is under way, and what comes later', async () => {
      const other = await dialect.connect(optionsOf(subject));
      const [idSql, killSql] =
        name === 'PostgreSQL' ? ['SELECT pg_backend_pid()', 'SELECT pg_terminate_backend($1)'] : ['SELECT CONNECTION_ID()', 'KILL ?'];
      const [[id] = []] = await other.query(idSql ?? '');
      const sleeping = other.query(name === 'PostgreSQL' ? 'SELECT pg_sleep(60)' : 'SELECT SLEEP(60)');
      const outcome = sleeping.then(
        () => 'came back',
        (error: DatabaseError) => error.kind,
      );
      await connection.query(killSql ?? '', [String(id)]);
      expect(await outcome).toBe('connection');
      await waitFor('the connection to be gone', async () => !(await other.isValid()));
      await other.close();
    });

    if (name === 'MariaDB') {
      test('sessionVariables are set, and leave the time zone and strictness of the worker alone', async () => {
        const { properties } = readJdbcUrl(`${subject.url}?sessionVariables=${encodeURIComponent("sql_mode='ANSI',time_zone='+09:00'")}`);
        const other = await dialect.connect(optionsOf(subject, { properties }));
        const [row] = await other.query('SELECT "text", @@time_zone, @@sql_mode FROM (SELECT 1 AS "text") AS "quoted as in ANSI"');
        expect(row).toEqual([1, '+00:00', expect.stringMatching(/ANSI.*STRICT_TRANS_TABLES/)]);
        await other.close();
      });

      test('loadbalance: begins a connection with any of its hosts', async () => {
        const url = subject.url.replace('jdbc:mariadb:', 'jdbc:mariadb:loadbalance:').replace('//', '//127.0.0.1:1,');
        const address = readJdbcUrl(url);
        for (let i = 0; i < 5; i++) {
          const other = await dialect.connect(optionsOf(subject, { hosts: address.hosts, anyHostFirst: address.anyHostFirst ?? false }));
          expect(await other.isValid()).toBe(true);
          await other.close();
        }
      });
    }

    test('a host that does not answer is passed over for the next of the URL', async () => {
      const { hosts } = readJdbcUrl(subject.url);
      const other = await dialect.connect(optionsOf(subject, { hosts: [{ host: '127.0.0.1', port: 1 }, ...hosts] }));
      expect(await other.isValid()).toBe(true);
      await other.close();
    });
  }
});
