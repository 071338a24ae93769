/** What settings leave out without meaning to: databases, schemas and kinds of tables. The log or the error names the setting. */
import { readConnectionSettings } from '../../../src/connectors/jdbc/config/connection-settings';
import { SOURCE_DEFS } from '../../../src/connectors/jdbc/config/source-keys';
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { unquotedName } from '../../../src/connectors/jdbc/database/table-id';
import { type RecordShape, RecordShapes } from '../../../src/connectors/jdbc/sink/record-shape';
import { readSinkSettings, type SinkSettings } from '../../../src/connectors/jdbc/sink/sink-settings';
import { type TableDefinition, TableDefinitions } from '../../../src/connectors/jdbc/sink/table-definitions';
import { describeUpsertRisk } from '../../../src/connectors/jdbc/sink/upsert-keys';
import { SourceTables } from '../../../src/connectors/jdbc/source/table-search';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { sinkRecord } from '../../helpers/fakes/sink-record';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';

jest.setTimeout(120_000);

let server: DatabaseServer;
let connection: Connection;

/** What a source finds with these settings, and what it tells. */
async function search(database: string, settings: Record<string, string>): Promise<{ tables: string[]; told: string }> {
  const config = SOURCE_DEFS.confluent.parse({ mode: 'bulk', ...server.settings(database), ...settings });
  const { dialect, options } = readConnectionSettings(config, 'main');
  connection = await dialect.connect(options);
  const logger = fakeLogger();
  const found = new SourceTables(config, { dialect, address: options.address, flavour: 'confluent', logger });
  const tables = (await found.list(connection)).map(unquotedName).sort();
  await found.list(connection);
  expect(logger.lines.length).toBeLessThan(2);
  return { tables, told: logger.lines.join('\n') };
}

/** The table of a topic as a sink finds it, and what the record of these fields is like. */
async function resolved(
  sink: SinkSettings,
  topic: string,
  fields: readonly string[],
): Promise<{ definition: TableDefinition; shape: RecordShape }> {
  connection = await sink.connection.dialect.connect(sink.connection.options);
  const schema = { type: 'struct', optional: false, fields: fields.map(field => ({ field, type: 'int32', optional: true })) };
  const record = sinkRecord(topic, 0, null, { schema, payload: Object.fromEntries(fields.map(field => [field, 1])) });
  const shape = new RecordShapes(sink).of(record, topic);
  return { shape, definition: await new TableDefinitions(sink, fakeLogger()).resolve(connection, topic, shape) };
}

async function resolve(topic: string, settings: Record<string, string> = {}, fields = ['id']): Promise<TableDefinition> {
  return (await resolved(readSinkSettings({ ...server.settings(), ...settings }, 'confluent'), topic, fields)).definition;
}

afterEach(() => connection?.close());
afterAll(() => server?.stop());

describe('MariaDB', () => {
  beforeAll(async () => {
    server = await MariaDb.start();
    await server.sql('CREATE DATABASE other; CREATE TABLE other.acc (id int PRIMARY KEY); CREATE TABLE acc2 (id int PRIMARY KEY);');
    await server.sql('CREATE VIEW seen AS SELECT * FROM acc2; CREATE SEQUENCE counted;');
  });
  afterAll(() => server.stop());

  test('a table of another database than that of the URL, which may name none', async () => {
    for (const database of ['', 'test']) {
      const { tables, told } = await search(database, { 'table.whitelist': 'other.acc' });
      expect(tables).toEqual([]);
      expect(told).toMatch(/^WARN No table .*table\.whitelist: other\.acc \(set catalog\.pattern so that other\.acc is looked at\)/);
    }
    expect((await search('', { 'table.whitelist': 'other.acc', 'catalog.pattern': 'other' })).tables).toEqual(['other.acc']);
    const none = await search('', {});
    expect(none.told).toMatch(
      /^WARN .*nothing to read\. Looked for catalog\.pattern not set, and the URL names no database, table\.types=TABLE/,
    );
  });

  test('a view, which table.types leaves out', async () => {
    const { told } = await search('test', { 'table.whitelist': 'seen' });
    expect(told).toMatch(/seen \(set table\.types=TABLE,VIEW, as it is a VIEW\)/);
    expect((await search('test', { 'table.whitelist': 'seen', 'table.types': 'table,view' })).told).toBe('');
    expect((await search('test', {})).told).toMatch(/^WARN Not read, as table\.types=TABLE: test\.seen \(VIEW\)\./);
    expect((await search('test', { 'table.blacklist': 'seen' })).told).toBe('');
  });

  test('an upsert goes by any unique key: keys other than that of the record are named', async () => {
    await server.sql(
      'CREATE TABLE keyed (id int PRIMARY KEY, mail int UNIQUE, a int, b int, UNIQUE KEY pair (b, a)); CREATE TABLE bare (id int);',
    );
    const riskOf = async (table: string, pkFields: string): Promise<string | null> => {
      const sink = readSinkSettings(
        { ...server.settings(), 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': pkFields },
        'confluent',
      );
      const fields = table === 'bare' ? ['id'] : ['id', 'mail', 'a', 'b'];
      const { definition, shape } = await resolved(sink, table, fields);
      return describeUpsertRisk(sink.connection.dialect, connection, definition, shape);
    };
    expect(await riskOf('keyed', 'id')).toMatch(
      /^insert\.mode=upsert on "keyed": a record changes the row .* whatever its id: mail \(mail\), pair \(b, a\)\. ON DUPLICATE KEY UPDATE of MariaDB/,
    );
    expect(await riskOf('keyed', 'a,b')).toMatch(/whatever its a, b: mail \(mail\), PRIMARY \(id\)\./);
    expect(await riskOf('bare', 'id')).toMatch(/no unique key of "bare" is made of id, so a record may insert a second row/);
    await server.sql('ALTER TABLE keyed DROP KEY mail, DROP KEY pair');
    expect(await riskOf('keyed', 'id')).toBeNull();
  });

  test.each([
    ['seen', {}, /"seen" exists, but its type is VIEW, .* set table\.types=TABLE,VIEW/],
    ['seen', { 'auto.create': 'true' }, /"seen" exists, but its type is VIEW/],
    ['counted', { 'auto.create': 'true' }, /"counted" exists, but its type is SEQUENCE/],
    ['nothing', {}, /Table "nothing" is missing and auto-creation is disabled/],
    ['x'.repeat(65), {}, /has 65 characters, and MySQL \(or MariaDB\) takes 64 at most\. .*table\.name\.format/],
  ])('the sink finds %p with %p', async (topic, settings, expected) => {
    await expect(resolve(topic, settings)).rejects.toThrow(expected);
  });
});

describe('PostgreSQL', () => {
  beforeAll(async () => {
    server = await Postgres.start();
    await server.sql(`CREATE TABLE plain (id int PRIMARY KEY); CREATE VIEW seen AS SELECT * FROM plain;
      CREATE TABLE cdrin (id int) PARTITION BY RANGE (id); CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain;
      CREATE SCHEMA side; CREATE TABLE side.acc (id int); CREATE INDEX found ON plain (id); CREATE SEQUENCE counted;
      CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE abroad (id int) SERVER far;`);
  });

  test.each([
    ['seen', 'VIEW'],
    ['cdrin', 'PARTITIONED TABLE'],
    ['kept', 'MATERIALIZED VIEW'],
    ['abroad', 'FOREIGN TABLE'],
  ])('%s: a %s is named with table.types, by the source and by the sink', async (name, kind) => {
    const { tables, told } = await search('postgres', { 'table.whitelist': `${name},plain` });
    expect(tables).toEqual(['public.plain']);
    expect(told).toContain(`table.whitelist: ${name} (set table.types=TABLE,${kind}, as it is a ${kind})`);
    expect((await search('postgres', { 'table.include.list': `public.${name}` })).told).toMatch(
      new RegExp(`nothing to read\\. Looked for .*table\\.types=TABLE\\. What is there is of other kinds: public\\.${name} \\(${kind}\\)`),
    );
    expect((await search('postgres', { 'table.whitelist': name, 'table.types': kind })).tables).toEqual([`public.${name}`]);
    for (const create of ['true', 'false']) {
      await expect(resolve(name, { 'auto.create': create })).rejects.toThrow(`"${name}" exists, but its type is ${kind}`);
    }
  });

  test('a schema that the pattern leaves out', async () => {
    const { told } = await search('postgres', { 'table.whitelist': 'acc', 'schema.pattern': 'public' });
    expect(told).toMatch(/acc \(set schema\.pattern so that side\.acc is looked at\)/);
  });

  test.each([
    ['found', /its type is INDEX/],
    ['counted', /its type is SEQUENCE/],
    ['é'.repeat(32), /has 64 bytes, and PostgreSQL takes 63 at most\. .*table\.name\.format/],
  ])('what else may have the name of a table: %p', async (topic, expected) => {
    await expect(resolve(topic, { 'auto.create': 'true' })).rejects.toThrow(expected);
  });

  test('names of 63 bytes are tables and columns; longer ones are refused before the server cuts them', async () => {
    const [table, longest] = ['t'.repeat(63), 'é'.repeat(31)];
    await expect(resolve(table, { 'auto.create': 'true' }, ['id', longest])).resolves.toMatchObject({ table: { table } });
    for (const settings of [{ 'auto.evolve': 'true' }, {}]) {
      await expect(resolve(table, settings, ['id', `${longest}ab`])).rejects.toThrow(/64 bytes, and PostgreSQL takes 63 .*ReplaceField/);
    }
    const { told } = await search('postgres', { 'table.whitelist': `public.${table}t` });
    expect(told).toMatch(/has 64 bytes, and PostgreSQL takes 63 at most/);
  });
});
