/** Sessions of MariaDB are what the worker relies on, whatever the server gives to new ones. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { connectJdbc } from '../../helpers/servers/jdbc-connect';
import { MariaDb } from '../../helpers/servers/mariadb';

jest.setTimeout(120_000);

/** A user of no rights: who may do anything is spared `init_connect`. */
const PLAIN = { user: 'plain', password: 'plain-secret-1' };

let server: MariaDb;
let connection: Connection | undefined;

beforeAll(async () => {
  server = await MariaDb.start();
  await server.sql(`CREATE USER '${PLAIN.user}'@'%' IDENTIFIED BY '${PLAIN.password}'`);
});
afterEach(async () => {
  await connection?.close();
  await server.sql(`SET GLOBAL autocommit = 1; SET GLOBAL init_connect = ''`);
});
afterAll(() => server?.stop());

const value = async (sql: string): Promise<unknown> => (await connection?.query(sql))?.[0]?.[0];

const CHARACTERS = "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_connection, @@character_set_results)";

test('a session whose server begins with other characters has those of the driver', async () => {
  await server.sql(`SET GLOBAL init_connect = 'SET NAMES gbk'`);
  connection = await connectJdbc(PLAIN, server.url(''));
  expect(await value(CHARACTERS)).toBe('utf8mb4 utf8mb4 utf8mb4');
  expect(await value("SELECT '😀'")).toBe('😀');
});

test('sessionVariables cannot change in which characters statements and answers go', async () => {
  const url = server.url(
    '',
    'mariadb',
    '?sessionVariables=character_set_client=gbk,character_set_results=gbk,character_set_connection=latin1',
  );
  connection = await connectJdbc(PLAIN, url);
  expect(await value(CHARACTERS)).toBe('utf8mb4 latin1 utf8mb4');
  expect(await value("SELECT _utf8mb4 x'F09F9880'")).toBe('😀');
});

test('a reader sees what others have committed since, where sessions of the server begin without autocommit', async () => {
  await server.sql('CREATE TABLE seen (id int PRIMARY KEY); SET GLOBAL autocommit = 0');
  connection = await connectJdbc(server, server.url());
  expect(await value('SELECT count(*) FROM seen')).toBe('0');
  await server.sql('INSERT INTO seen VALUES (1); COMMIT');
  expect(await value('SELECT count(*) FROM seen')).toBe('1');
});
