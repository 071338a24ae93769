/**
 * Values of another kind than their column. PostgreSQL itself says what is right: what it makes of an expression of the value's type in an
 * INSERT, which is what the Java driver sends; or its error.
 */
import { JdbcSinkTask } from '../../../src/connectors/jdbc/sink/jdbc-sink-task';
import { toError } from '../../../src/errors';
import { FakeSinkContext } from '../../../src/testing/sink/sink-context';
import { sinkRecord } from '../../helpers/fakes/sink-record';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';

jest.setTimeout(240_000);

const LOGICAL = 'org.apache.kafka.connect.data.';

/** Schema and payload of a value, and the same as an expression of PostgreSQL. */
type Value = readonly [schema: Record<string, unknown>, payload: unknown, expression: string];

const VALUES: Readonly<Record<string, Value>> = {
  INT16: [{ type: 'int16' }, 300, '300::smallint'],
  INT32: [{ type: 'int32' }, 20_240_102, '20240102::integer'],
  INT64: [{ type: 'int64' }, 90, '90::bigint'],
  FLOAT32: [{ type: 'float' }, 5.5, '5.5::real'],
  FLOAT64: [{ type: 'double' }, 5.5, '5.5::double precision'],
  BOOLEAN: [{ type: 'boolean' }, true, 'true'],
  BYTES: [{ type: 'bytes' }, 'aGk=', "'hi'::bytea"],
  'Decimal 5.00': [{ type: 'bytes', name: `${LOGICAL}Decimal`, version: 1, parameters: { scale: '2' } }, 'AfQ=', '5.00::numeric'],
  'Decimal 5.50': [{ type: 'bytes', name: `${LOGICAL}Decimal`, version: 1, parameters: { scale: '2' } }, 'AiY=', '5.50::numeric'],
};

const COLUMNS =
  `text varchar(20) char(20) name smallint int bigint real float8 numeric numeric(10,1) boolean bytea date time timetz timestamp
  timestamptz interval json jsonb uuid xml money oid inet cidr macaddr bit varbit mood word day int[] text[] date[]`.split(/\s+/);

const TYPES_SQL = `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN word AS text; CREATE DOMAIN day AS date;`;

const ROWS_FOR_COPY = 250;

async function put(
  settings: Record<string, string>,
  table: string,
  schema: Record<string, unknown>,
  payload: unknown,
  rows = 1,
): Promise<void> {
  const props = { name: 'sink', topics: table, 'connection.attempts': '1', 'max.retries': '0', ...settings };
  const task = new JdbcSinkTask('confluent');
  task.start(props, new FakeSinkContext(props, null));
  const envelope = { schema: { type: 'struct', fields: [{ field: 'c', optional: true, ...schema }] }, payload: { c: payload } };
  try {
    await task.put(Array.from({ length: rows }, (_, offset) => sinkRecord(table, offset, null, envelope)));
  } finally {
    await task.stop();
  }
}

describe('PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await Postgres.start();
    await server.sql(TYPES_SQL);
  });
  afterAll(() => server?.stop());

  /** What the server does with an expression, for all types of columns: the text that it stores, or its error. */
  async function truth(expression: string): Promise<string[]> {
    const blocks = COLUMNS.map(
      type => `DO $$ DECLARE r text; BEGIN CREATE TEMP TABLE x (c ${type}); INSERT INTO x SELECT n.c FROM unnest(ARRAY[${expression}]) AS n(c);
        SELECT c::text INTO r FROM x; DROP TABLE x; INSERT INTO outcome (r) VALUES ('= ' || r);
        EXCEPTION WHEN OTHERS THEN INSERT INTO outcome (r) VALUES (SQLERRM); END $$;`,
    );
    const shown = await server.sql(`CREATE TEMP TABLE outcome (i serial, r text); ${blocks.join('\n')} SELECT r FROM outcome ORDER BY i;`);
    return shown.split('\n');
  }

  async function outcomes(table: string, [schema, payload]: Value, rows: number): Promise<string[]> {
    const tables = COLUMNS.map((_, i) => `${table}_${i}`);
    await server.sql(tables.map((name, i) => `CREATE TABLE ${name} (c ${COLUMNS[i]});`).join('\n'));
    const errors: (string | null)[] = [];
    for (const name of tables) {
      const settled = put(server.settings(), name, schema, payload, rows).then(
        () => null,
        (error: unknown) => toError(error).message,
      );
      errors.push(await settled);
    }
    const read = tables.map((name, i) => `SELECT ${i}, '= ' || c::text FROM ${name} GROUP BY c::text HAVING count(*) = ${rows}`);
    const stored = new Map((await server.sql(`${read.join(' UNION ALL ')};`)).split('\n').map(line => line.split('|') as [string, string]));
    return errors.map((error, i) => error ?? stored.get(String(i)) ?? 'nothing');
  }

  test.each(Object.entries(VALUES))('%s into columns of all types, in small batches and in large ones', async (name, value) => {
    const wanted = await truth(value[2]);
    for (const rows of [1, ROWS_FOR_COPY]) {
      const found = await outcomes(`t${Object.keys(VALUES).indexOf(name)}_${rows}`, value, rows);
      const wrong = COLUMNS.flatMap((type, i) => {
        const [is = '', right = ''] = [found[i], wanted[i]];
        // PostgreSQL would store the text \x6869
        if (name === 'BYTES' && right === '= \\x6869' && type !== 'bytea')
          return /is of type .* but expression is of type bytea/.test(is) ? [] : [[type, is]];
        return right.startsWith('= ') ? (is === right ? [] : [[type, is, right]]) : is.includes(right) ? [] : [[type, is, right]];
      });
      expect(wrong).toEqual([]);
    }
  });

  // as pgjdbc 42.7.3 does, but for bytea, in which it stores the text of a date
  test.each([
    [
      'Date',
      { type: 'int32' },
      19_782,
      { text: '2024-02-29', date: '2024-02-29', timestamp: '2024-02-29 00:00:00', timestamptz: '2024-02-29 00:00:00+00' },
    ],
    ['Time', { type: 'int32' }, 45_296_789, { text: '12:34:56.789', time: '12:34:56.789', timetz: '12:34:56.789+00' }],
    [
      'Timestamp',
      { type: 'int64' },
      1_709_210_096_789,
      {
        text: '2024-02-29 12:34:56.789',
        date: '2024-02-29',
        time: '12:34:56.789',
        timetz: '12:34:56.789+00',
        timestamp: '2024-02-29 12:34:56.789',
        timestamptz: '2024-02-29 12:34:56.789+00',
      },
    ],
  ] as const)(
    '%s goes to columns of dates and times, and to text',
    async (kind, type, payload, wanted: Readonly<Record<string, string>>) => {
      for (const column of [
        'text',
        'date',
        'time',
        'timetz',
        'timestamp',
        'timestamptz',
        'int',
        'boolean',
        'bytea',
        'interval',
        'jsonb',
        'uuid',
      ]) {
        const table = `${kind}_${column}`.toLowerCase();
        await server.sql(`CREATE TABLE ${table} (c ${column})`);
        const schema = { ...type, name: LOGICAL + kind, version: 1 };
        const error = await put(server.settings(), table, schema, payload).then(
          () => null,
          (thrown: unknown) => toError(thrown).message,
        );
        const found = await server.sql(`SET TIME ZONE 'UTC'; SELECT c FROM ${table}`);
        expect([column, error === null ? found : 'refused']).toEqual([column, wanted[column] ?? 'refused']);
        if (error !== null) expect(error).toMatch(/but expression is of type (date|time|timestamp)|invalid input syntax/);
      }
    },
  );

  test('null is no value of a kind', async () => {
    await server.sql('CREATE TABLE nulls (c date)');
    await put(server.settings(), 'nulls', { type: 'int32' }, null);
    expect(await server.sql('SELECT count(*), count(c) FROM nulls')).toBe('1|0');
  });

  test('elements of arrays go as values do', async () => {
    await server.sql('CREATE TABLE days (c date[]); CREATE TABLE whole (c int[]); CREATE TABLE instants (c timestamp[])');
    const decimal = VALUES['Decimal 5.00'] as Value;
    const array = (items: Record<string, unknown>): Record<string, unknown> => ({ type: 'array', items: { optional: true, ...items } });
    await expect(put(server.settings(), 'days', array({ type: 'int32' }), [20_240_102])).rejects.toThrow(
      'column "c" is of type date[] but expression is of type integer[]',
    );
    await put(server.settings(), 'whole', array(decimal[0]), [decimal[1], null]);
    await put(server.settings(), 'instants', array({ type: 'string' }), ['2011-11-12T16:00:00+08:00', null]);
    expect(await server.sql('SELECT c FROM whole')).toBe('{5,NULL}');
    expect(await server.sql('SELECT c FROM instants')).toBe('{"2011-11-12 08:00:00",NULL}');
  });

  test('a key is found as it was written', async () => {
    await server.sql('CREATE TABLE keyed (id text PRIMARY KEY, v text); CREATE TABLE whole_keys (id int PRIMARY KEY, v text)');
    const settings = {
      ...server.settings(),
      'pk.mode': 'record_key',
      'pk.fields': 'id',
      'insert.mode': 'upsert',
      'delete.enabled': 'true',
    };
    for (const [table, schema, first, second] of [
      ['keyed', { type: 'int32' }, 1, 2],
      ['whole_keys', VALUES['Decimal 5.00']?.[0], 'AfQ=', 'AZA='],
    ] as const) {
      const props = { name: 'sink', topics: table, ...settings };
      const task = new JdbcSinkTask('confluent');
      task.start(props, new FakeSinkContext(props, null));
      const value = { schema: { type: 'struct', fields: [{ field: 'v', optional: true, type: 'string' }] }, payload: { v: 'x' } };
      const key = (payload: unknown): unknown => ({ schema, payload });
      await task.put([sinkRecord(table, 0, key(first), value), sinkRecord(table, 1, key(second), value)]);
      await task.put([sinkRecord(table, 2, key(first), null)]);
      await task.stop();
    }
    expect(await server.sql('SELECT id FROM keyed')).toBe('2');
    expect(await server.sql('SELECT id FROM whole_keys')).toBe('4');
  });
});

/** What MariaDB makes of values, as it did with those of its Java driver 3.4.1: it converts more than PostgreSQL, and says what it does not. */
const RECORDED: readonly (readonly [value: string, type: string, stored: string | RegExp])[] = [
  ['INT32', 'date', '2024-01-02'],
  ['INT32', 'varchar(20)', '20240102'],
  ['INT32', 'year', /Out of range value/],
  ['INT64', 'date', /Incorrect date value: '90'/],
  ['INT64', 'time', /Incorrect time value: '90'/],
  ['BOOLEAN', 'datetime', /Incorrect datetime value: '1'/],
  ['BYTES', 'text', 'hi'],
  ['BYTES', 'int', /Incorrect integer value: 'hi'/],
  ['BYTES', 'date', /Incorrect date value: 'hi'/],
  ['Decimal 5.00', 'int', '5'],
  ['Decimal 5.50', 'int', '6'],
  ['Decimal 5.50', 'date', /Incorrect date value: '5.50'/],
  ['FLOAT64', 'bigint', '6'],
];

test('MariaDB converts and refuses as it does with its Java driver', async () => {
  const server = await MariaDb.start();
  try {
    for (const [i, [name, type, wanted]] of RECORDED.entries()) {
      await server.sql(`CREATE TABLE kind_${i} (c ${type})`);
      const [schema, payload] = VALUES[name] as Value;
      const error = await put(server.settings(), `kind_${i}`, schema, payload).then(
        () => null,
        (thrown: unknown) => toError(thrown).message,
      );
      const found = error ?? (await server.sql(`SELECT CAST(c AS CHAR) FROM kind_${i}`));
      if (typeof wanted === 'string') expect([name, type, found]).toEqual([name, type, wanted]);
      else expect(found).toMatch(wanted);
    }
  } finally {
    await server.stop();
  }
});

/** Texts that name a zone, with what a column of each type gets in Europe/Berlin (UTC+1 that day); null: refused. */
const TEXTS: readonly (readonly [text: string, type: string, stored: string | null])[] = [
  ['2011-11-12T16:00:00+08:00', 'timestamp', '2011-11-12 09:00:00'],
  ['2011-11-12T16:00:00Z', 'timestamp', '2011-11-12 17:00:00'],
  ['2011-11-12 16:00:00.25-0330', 'timestamp', '2011-11-12 20:30:00.25'],
  ['2011-11-12t16:00z', 'timestamp', '2011-11-12 17:00:00'],
  ['2011-11-12T16:00:00', 'timestamp', '2011-11-12 16:00:00'],
  ['2011-11-12 16:00:00', 'timestamp', '2011-11-12 16:00:00'],
  ['2011-11-12T16:00:00 Asia/Tokyo', 'timestamp', null],
  ['2011-11-12 16:00:00 PST', 'timestamp', null],
  ['2011-11-12T25:00:00Z', 'timestamp', null],
  ['2011-11-12T16:00:00+99:00', 'timestamp', null],
  ['20111112T160000Z', 'timestamp', '2011-11-12 17:00:00'],
  ['20111112T160000.25+0800', 'timestamp', '2011-11-12 09:00:00.25'],
  ['20111112 1600-0330', 'timestamp', '2011-11-12 20:30:00'],
  ['20111112T160000', 'timestamp', '2011-11-12 16:00:00'],
  ['20111112T160000 PST', 'timestamp', null],
  ['2011-11-12 16+08', 'timestamp', null],
  ['20111112T233000Z', 'date', '2011-11-13'],
  ['20111112T160000+0800', 'instant', '2011-11-12 08:00:00'],
  ['2011-11-12T23:30:00Z', 'date', '2011-11-13'],
  ['2011-11-12T16:00:00+08:00', 'date', '2011-11-12'],
  ['2011-11-12', 'date', '2011-11-12'],
  ['2011-11-12Z', 'date', null],
  ['16:00:00+08:00', 'time', '09:00:00'],
  ['16:00:00Z', 'time', '17:00:00'],
  ['2011-11-12T16:00:00+08:00', 'time', '09:00:00'],
  ['16:00:00', 'time', '16:00:00'],
  ['2011-11-12T16:00:00+08:00', 'instant', '2011-11-12 08:00:00'],
  ['2011-11-12T16:00:00Z', 'instant', '2011-11-12 16:00:00'],
];

describe.each([
  ['PostgreSQL', () => Postgres.start(), { timestamp: 'timestamp', date: 'date', time: 'time', instant: 'timestamptz' }],
  ['MariaDB', () => MariaDb.start(), { timestamp: 'datetime(3)', date: 'date', time: 'time(3)', instant: 'timestamp null' }],
] as const)('%s: texts with an offset are the instant that they name', (name, start, types) => {
  let server: Postgres | MariaDb;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  test.each([
    ['with schemas', true],
    ['without', false],
  ])('%s', async (kind, withSchema) => {
    const wrong: unknown[] = [];
    for (const [i, [text, type, stored]] of TEXTS.entries()) {
      const table = `text_${kind.replaceAll(' ', '_')}_${i}`;
      await server.sql(`CREATE TABLE ${table} (c ${types[type as keyof typeof types]})`);
      const settings = { ...server.settings(), 'db.timezone': 'Europe/Berlin' };
      const error = await putText(settings, table, text, withSchema).then(
        () => null,
        (thrown: unknown) => toError(thrown).message,
      );
      const zone = name === 'MariaDB' ? "SET time_zone = '+00:00';" : "SET TIME ZONE 'UTC';";
      const shown = (await server.sql(`${zone} SELECT c FROM ${table}`)).replace(/\+00$/, '').replace(/\.0+$|(\.\d*?)0+$/, '$1');
      if (stored === null ? error === null : error !== null || shown !== stored) wrong.push([text, type, stored, shown, error]);
    }
    expect(wrong).toEqual([]);
  });
});

async function putText(settings: Record<string, string>, table: string, text: string, withSchema: boolean): Promise<void> {
  if (withSchema) return put(settings, table, { type: 'string' }, text);
  const props = { name: 'sink', topics: table, 'connection.attempts': '1', 'max.retries': '0', ...settings };
  const task = new JdbcSinkTask('confluent');
  task.start(props, new FakeSinkContext(props, null));
  const record = { ...sinkRecord(table, 0, null, null), value: new Map([['c', text]]) };
  await task.put([record]).finally(() => task.stop());
}
