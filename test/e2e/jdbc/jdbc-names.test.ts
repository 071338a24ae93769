/** Names of databases, schemas, tables and columns that are like patterns, or like each other: each means one thing only. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import type { Dialect } from '../../../src/connectors/jdbc/database/dialect';
import { unquotedName } from '../../../src/connectors/jdbc/database/table-id';
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { readSourceSettings } from '../../../src/connectors/jdbc/source/source-settings';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';

jest.setTimeout(120_000);

interface Opened {
  readonly dialect: Dialect;
  readonly connection: Connection;
}

const opened: Opened[] = [];

async function open(server: DatabaseServer, database: string): Promise<Opened> {
  const { connection } = readSourceSettings({ mode: 'bulk', ...server.settings(database) }, 'confluent');
  const { address } = connection.options;
  const dialect = dialectFor(readJdbcUrl(server.url(database)).kind, '');
  const one = { dialect, connection: await dialect.connect({ ...connection.options, address }) };
  opened.push(one);
  return one;
}

const listed = async ({ dialect, connection }: Opened, catalogPattern: string | null, schemaPattern: string | null): Promise<string[]> =>
  (await dialect.listTables(connection, { catalogPattern, schemaPattern, types: ['TABLE'] })).map(unquotedName).sort();

describe('MariaDB', () => {
  let server: MariaDb;

  beforeAll(async () => {
    server = await MariaDb.start();
    const names = ['app_1', 'appx1', 'App_1', 'a%b', 'axxb', 'a\\\\b', 'café', 'cafe', 'q`t'].map(name => name.replace('\\\\', '\\'));
    for (const name of names) {
      const quoted = name.replaceAll('`', '``');
      await server.sql(`CREATE DATABASE \`${quoted}\`; CREATE TABLE \`${quoted}\`.t (id int PRIMARY KEY, of_${names.indexOf(name)} int);`);
    }
    await server.sql('CREATE TABLE T_ (a int PRIMARY KEY); CREATE TABLE t_ (b int PRIMARY KEY); CREATE TABLE tx (c int PRIMARY KEY)');
  });
  afterEach(async () => {
    for (const { connection } of opened.splice(0)) await connection.close();
  });
  afterAll(() => server?.stop());

  test.each(['app_1', 'appx1', 'App_1', 'café', 'cafe'])('the database %p of the URL is that one only', async name => {
    const one = await open(server, name);
    expect(await listed(one, null, null)).toEqual([`${name}.t`]);
    expect(await one.dialect.findTable(one.connection, { catalog: null, schema: null, table: 't' }, null)).toMatchObject({ catalog: name });
  });

  test('catalog.pattern is a pattern, with a backslash before what means itself', async () => {
    const one = await open(server, 'test');
    expect(await listed(one, 'app_1', null)).toEqual(['app_1.t', 'appx1.t']);
    expect(await listed(one, 'app\\_1', null)).toEqual(['app_1.t']);
    expect((await listed(one, 'a%b', null)).sort()).toEqual(['a%b.t', 'a\\b.t', 'axxb.t']);
    expect(await listed(one, 'a\\%b', null)).toEqual(['a%b.t']);
    expect(await listed(one, 'a\\\\b', null)).toEqual(['a\\b.t']);
    expect(await listed(one, 'q`t', null)).toEqual(['q`t.t']);
    expect(await listed(one, 'CAFE', null)).toEqual([]);
  });

  test.each(['a%b', 'a\\b', 'q`t', 'App_1', 'café'])('a table of %p has its own columns and key', async catalog => {
    const { dialect, connection } = await open(server, 'test');
    const table = { catalog, schema: null, table: 't' };
    expect(await dialect.findTable(connection, table, ['TABLE'])).toMatchObject(table);
    expect((await connection.columnsOfTable(table)).map(({ name }) => name)).toEqual(['id', expect.stringMatching(/^of_\d$/)]);
    expect(await dialect.primaryKey(connection, table)).toEqual(['id']);
  });

  test.each([
    ['T_', 'a'],
    ['t_', 'b'],
  ])('tables that differ in upper and lower case only: %p', async (name, column) => {
    const { dialect, connection } = await open(server, 'test');
    const table = { catalog: null, schema: null, table: name };
    expect(await dialect.findTable(connection, table, ['TABLE'])).toMatchObject({ table: name });
    expect((await connection.columnsOfTable(table)).map(each => each.name)).toEqual([column]);
    expect(await dialect.primaryKey(connection, table)).toEqual([column]);
  });

  test('a table with history is a table', async () => {
    await server.sql('CREATE TABLE kept (id int PRIMARY KEY) WITH SYSTEM VERSIONING');
    expect(await listed(await open(server, 'test'), null, null)).toContain('test.kept');
  });
});

describe('PostgreSQL', () => {
  let server: Postgres;

  beforeAll(async () => {
    server = await Postgres.start();
    for (const name of ['app_1', 'appx1', 'App_1', 'a%b', 'a\\b', 'pgx_1']) {
      await server.sql(`CREATE SCHEMA "${name}"; CREATE TABLE "${name}".t (id int PRIMARY KEY);`);
    }
  });
  afterEach(async () => {
    for (const { connection } of opened.splice(0)) await connection.close();
  });
  afterAll(() => server?.stop());

  test('schema.pattern is a pattern, with a backslash before what means itself', async () => {
    const one = await open(server, 'postgres');
    expect(await listed(one, null, null)).toHaveLength(6);
    expect(await listed(one, null, 'app_1')).toEqual(['app_1.t', 'appx1.t']);
    expect(await listed(one, null, 'app\\_1')).toEqual(['app_1.t']);
    expect(await listed(one, null, 'a\\%b')).toEqual(['a%b.t']);
    expect(await listed(one, null, 'a\\\\b')).toEqual(['a\\b.t']);
    for (const schema of ['app_1', 'App_1', 'a%b', 'a\\b']) {
      const table = { catalog: null, schema, table: 't' };
      expect(await one.dialect.findTable(one.connection, table, ['TABLE'])).toMatchObject(table);
      expect(await one.connection.columnsOfTable(table)).toHaveLength(1);
    }
  });
});
