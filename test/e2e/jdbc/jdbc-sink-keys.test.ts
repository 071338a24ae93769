/** What the settings of a JDBC sink, in both sets, make of records: real databases, and the task as the worker runs it. */
import type { Flavour } from '../../../src/connectors/jdbc/database/values/flavour';
import { JdbcSinkTask } from '../../../src/connectors/jdbc/sink/jdbc-sink-task';
import { Struct } from '../../../src/data/schema/struct';
import { setLogSink } from '../../../src/log';
import { FakeSinkContext } from '../../../src/testing/sink/sink-context';
import { sinkRecord } from '../../helpers/fakes/sink-record';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';

jest.setTimeout(120_000);

interface Subject {
  readonly settings: Record<string, string>;
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
  readonly quote: string;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  async postgresql() {
    const server = await Postgres.start();
    return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop(), quote: '"' };
  },
  async mariadb() {
    const server = await MariaDb.start();
    return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop(), quote: '`' };
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

type Field = readonly [type: string | Record<string, unknown>, value: unknown];

/** An envelope of JSON with its schema. */
function struct(fields: Readonly<Record<string, Field>>): unknown {
  const schemas = Object.entries(fields).map(([field, [type]]) => ({
    optional: true,
    ...(typeof type === 'string' ? { type } : type),
    field,
  }));
  const payload = Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value]));
  return { schema: { type: 'struct', optional: false, fields: schemas }, payload };
}

const text = (value: string): unknown => ({ schema: { type: 'string', optional: false }, payload: value });
const row = (id: number, v: string | null, w = 'w'): unknown => struct({ id: ['int32', id], v: ['string', v], w: ['string', w] });
const KEY = (id: number): unknown => struct({ id: ['int32', id] });

type Pair = readonly [key: unknown, value: unknown];

/** Settings, records, and what is in the table afterwards. */
interface Case {
  readonly name: string;
  readonly flavour?: Flavour;
  readonly settings: Record<string, string>;
  /** Makes the table first. */
  readonly table?: string;
  readonly topic?: string;
  readonly records: readonly Pair[];
  /** What to select; the topic's table stands for `TABLE`. */
  readonly select: string;
  readonly rows: readonly string[];
}

const CREATE = { 'auto.create': 'true' };
const BY_VALUE = { ...CREATE, 'pk.mode': 'record_value', 'pk.fields': 'id' };

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the sink fills it in
const CASES: readonly Case[] = [
  {
    name: 'pk.mode=kafka: topic, partition and offset',
    settings: { ...CREATE, 'pk.mode': 'kafka', 'insert.mode': 'upsert' },
    records: [[null, row(7, 'a')]],
    select: "__connect_topic = 'TOPIC' AS t, __connect_partition, __connect_offset, v FROM TABLE",
    rows: ['1|0|0|a'],
  },
  {
    name: 'pk.mode=kafka with names of its own, of Aiven',
    flavour: 'aiven',
    settings: { ...CREATE, 'pk.mode': 'kafka', 'pk.fields': 'tt,pp,oo', 'insert.mode': 'upsert' },
    records: [[null, row(7, 'a')]],
    select: "tt = 'TOPIC' AS t, pp, oo, v FROM TABLE",
    rows: ['1|0|0|a'],
  },
  {
    name: 'pk.mode=record_key with a plain key',
    settings: { ...CREATE, 'pk.mode': 'record_key', 'pk.fields': 'uid', 'insert.mode': 'upsert' },
    records: [
      [text('k'), row(1, 'a')],
      [text('k'), row(2, 'b')],
    ],
    select: 'uid, id, v FROM TABLE',
    rows: ['k|2|b'],
  },
  {
    name: 'pk.mode=record_key with all fields of a struct',
    settings: { ...CREATE, 'pk.mode': 'record_key', 'insert.mode': 'upsert', 'delete.enabled': 'true' },
    records: [
      [KEY(1), row(1, 'a')],
      [KEY(2), row(2, 'b')],
      [KEY(1), null],
    ],
    select: 'id, v FROM TABLE',
    rows: ['2|b'],
  },
  {
    name: 'insert.mode=update changes rows that are there, and no others',
    settings: { 'pk.mode': 'record_value', 'pk.fields': 'id', 'insert.mode': 'update' },
    table: "CREATE TABLE TABLE (id int PRIMARY KEY, v varchar(20), w varchar(20)); INSERT INTO TABLE VALUES (1, 'old', 'old');",
    records: [
      [null, row(1, 'new')],
      [null, row(2, 'nobody')],
    ],
    select: 'id, v, w FROM TABLE',
    rows: ['1|new|w'],
  },
  {
    name: 'insert.mode=multi of Aiven inserts',
    flavour: 'aiven',
    settings: { ...BY_VALUE, 'insert.mode': 'multi' },
    records: [
      [null, row(1, 'a')],
      [null, row(2, 'b')],
    ],
    select: 'id, v FROM TABLE',
    rows: ['1|a', '2|b'],
  },
  ...(['confluent', 'aiven'] as const).map(
    (flavour): Case => ({
      name: `fields.whitelist (${flavour}): the key and these fields`,
      flavour,
      settings: { ...BY_VALUE, 'fields.whitelist': 'v' },
      table: 'CREATE TABLE TABLE (id int PRIMARY KEY, v varchar(20))',
      records: [[null, row(1, 'a', 'left out')]],
      select: 'id, v FROM TABLE',
      rows: ['1|a'],
    }),
  ),
  {
    name: 'table.name.format',
    settings: { ...BY_VALUE, 'table.name.format': 'kafka_${topic}_x' },
    records: [[null, row(1, 'a')]],
    select: 'id, v FROM kafka_TOPIC_x',
    rows: ['1|a'],
  },
  {
    name: 'table.name.normalize of Aiven: what no plain name has becomes an underscore',
    flavour: 'aiven',
    settings: { ...BY_VALUE, 'table.name.normalize': 'true' },
    topic: 'Orders.v1-x',
    records: [[null, row(1, 'a')]],
    select: 'id, v FROM QOrders_v1_xQ',
    rows: ['1|a'],
  },
  {
    name: 'topics.to.tables.mapping of Aiven, before table.name.format',
    flavour: 'aiven',
    settings: { ...BY_VALUE, 'topics.to.tables.mapping': 'other:nowhere,mapped:its_table', 'table.name.format': 'no_${topic}' },
    topic: 'mapped',
    records: [[null, row(1, 'a')]],
    select: 'id, v FROM its_table',
    rows: ['1|a'],
  },
  {
    name: 'auto.evolve adds columns that may be empty',
    settings: { ...BY_VALUE, 'auto.evolve': 'true' },
    records: [
      [null, struct({ id: ['int32', 1] })],
      [null, row(2, 'b')],
    ],
    select: "id, coalesce(v, 'none') FROM TABLE",
    rows: ['1|none', '2|b'],
  },
  {
    name: 'replace.null.with.default=true, the default: an empty field takes the default of its schema',
    settings: BY_VALUE,
    records: [[null, struct({ id: ['int32', 1], v: [{ type: 'string', default: 'preset' }, null] })]],
    select: 'id, v FROM TABLE',
    rows: ['1|preset'],
  },
  {
    name: 'replace.null.with.default=false leaves it empty',
    settings: { ...BY_VALUE, 'replace.null.with.default': 'false' },
    table: 'CREATE TABLE TABLE (id int PRIMARY KEY, v varchar(20))',
    records: [[null, struct({ id: ['int32', 1], v: [{ type: 'string', default: 'preset' }, null] })]],
    select: "id, coalesce(v, 'none') FROM TABLE",
    rows: ['1|none'],
  },
  {
    name: 'string.output.value.column.name: a plain text is one column',
    settings: { ...CREATE, 'pk.mode': 'none', 'string.output.value.column.name': 'line' },
    records: [[null, text('hello')]],
    select: 'line FROM TABLE',
    rows: ['hello'],
  },
  {
    name: 'batch.size=1 and rows of one key in a batch',
    settings: { ...BY_VALUE, 'insert.mode': 'upsert', 'batch.size': '1' },
    records: [
      [null, row(1, 'a')],
      [null, row(1, 'b')],
      [null, row(2, 'c')],
    ],
    select: 'id, v FROM TABLE',
    rows: ['1|b', '2|c'],
  },
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the sink fills it in

describe.each(Object.entries(SUBJECTS))('%s', (name, start) => {
  let subject: Subject;
  let counter = 0;
  const tasks: JdbcSinkTask[] = [];

  beforeAll(async () => {
    subject = await start();
  });
  afterAll(async () => {
    for (const task of tasks) await task.stop();
    await subject?.stop();
  });

  async function put({ flavour = 'confluent', settings, records }: Case, topic: string): Promise<void> {
    const props = { name: 'sink', topics: topic, 'connection.attempts': '1', 'max.retries': '0', ...subject.settings, ...settings };
    const task = new JdbcSinkTask(flavour);
    tasks.push(task);
    task.start(props, new FakeSinkContext(props, null));
    const list = records.map(([key, value], offset) => sinkRecord(topic, offset, key, value));
    // the converter would put the default there
    for (const { value } of list)
      if (value instanceof Struct && value.schema.field('v') && value.get('v') === 'preset') value.put('v', null);
    await task.put(list);
  }

  /** Rows as text; booleans of PostgreSQL as the numbers that the others have. */
  async function rowsOf(select: string): Promise<string[]> {
    const shown = await subject.sql(`SELECT ${select} ORDER BY 1`);
    return shown.split('\n').map(line => line.replaceAll('\t', '|').replace(/^t\|/, '1|'));
  }

  test.each(CASES.map(each => [each.name, each] as const))('%s', async (_, each) => {
    const topic = each.topic ?? `t${counter++}`;
    const filled = (sql: string): string =>
      sql.replaceAll(/\bTABLE (?=\(|VALUES)|(?<=FROM |INTO )TABLE\b/g, `${topic} `).replaceAll('TOPIC', topic);
    if (each.table) await subject.sql(filled(each.table));
    await put(each, topic);
    expect(await rowsOf(filled(each.select).replaceAll(/Q(\w+?)Q/g, `${subject.quote}$1${subject.quote}`))).toEqual(each.rows);
  });

  test('timestamp.fields.list: numbers and texts as timestamps', async () => {
    const topic = `t${counter++}`;
    const micros = Date.UTC(2024, 0, 2, 3, 4, 5) * 1000 + 678_901;
    const settings = { ...BY_VALUE, 'timestamp.fields.list': 'a,b' };
    const value = struct({ id: ['int32', 1], a: ['int64', micros], b: ['string', String(micros)] });
    await put({ name: '', settings, records: [[null, value]], select: '', rows: [] }, topic);
    const expected = name === 'sqlite' ? String(Math.floor(micros / 1000)) : '2024-01-02 03:04:05.678901';
    expect(await rowsOf(`a, b FROM ${topic}`)).toEqual([`${expected}|${expected}`]);
  });

  test('insert.mode=update without a key: every row, as with the Java class, and a warning once', async () => {
    const topic = `t${counter++}`;
    await subject.sql(`CREATE TABLE ${topic} (id int, v varchar(20), w varchar(20));`);
    await subject.sql(`INSERT INTO ${topic} VALUES (1, 'a', 'a'), (2, 'b', 'b');`);
    const log: string[] = [];
    setLogSink(({ level, message }) => void log.push(`${level} ${message}`));
    const settings = { 'insert.mode': 'update', 'pk.mode': 'none' };
    await put(
      {
        name: '',
        settings,
        records: [
          [null, row(3, 'c')],
          [null, row(4, 'd')],
        ],
        select: '',
        rows: [],
      },
      topic,
    );
    setLogSink(() => {});
    expect(await rowsOf(`id, v FROM ${topic}`)).toEqual(['4|d', '4|d']);
    expect(log.filter(line => /^WARN .*Each record changes every row of table .*Set pk\.mode/.test(line))).toHaveLength(1);
  });

  test('a view may be written to if table.types says so, and only then', async () => {
    if (name === 'sqlite') return;
    await subject.sql('CREATE TABLE behind (id int PRIMARY KEY, v varchar(20), w varchar(20));');
    await subject.sql('CREATE VIEW front AS SELECT id, v, w FROM behind;');
    const settings = { 'pk.mode': 'record_value', 'pk.fields': 'id', 'table.name.format': 'front' };
    const of = (more: Record<string, string>): Case => ({
      name: '',
      settings: { ...settings, ...more },
      records: [[null, row(1, 'a')]],
      select: '',
      rows: [],
    });
    await expect(put(of({}), 'views')).rejects.toThrow(/front. exists, but its type is VIEW, .*table\.types=TABLE,VIEW/);
    await put(of({ 'table.types': 'TABLE,VIEW' }), 'views');
    expect(await rowsOf('id, v FROM behind')).toEqual(['1|a']);
  });
});
