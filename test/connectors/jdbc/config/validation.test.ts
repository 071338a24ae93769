import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import type { ConfigDef } from '../../../../src/api/config-def';
import type { Props } from '../../../../src/api/connector';
import { JdbcSinkConnector } from '../../../../src/connectors/jdbc/sink/jdbc-sink-connector';
import { JdbcSourceConnector } from '../../../../src/connectors/jdbc/source/jdbc-source-connector';
import { loadSqlite } from '../../../../src/connectors/jdbc/sqlite/sqlite-driver';
import { TempDir } from '../../../helpers/temp-dir';

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('jdbc-validation');
});
afterEach(() => dir.remove());

const connectors = { source: new JdbcSourceConnector('confluent'), sink: new JdbcSinkConnector('confluent') };

async function errorsOf(kind: 'source' | 'sink', props: Props): Promise<string[]> {
  const connector = connectors[kind];
  const def: ConfigDef = connector.config();
  const values = await connector.validate(props, def.validate(props));
  return values.flatMap(({ errors }) => [...errors]);
}

const settings: Record<'source' | 'sink', Props> = {
  source: { name: 'c', mode: 'bulk', 'topic.prefix': 't-' },
  sink: { name: 'c', topics: 't' },
};

describe.each(['source', 'sink'] as const)('Validation of a %s with a database of SQLite', kind => {
  test('makes no file where there is none', async () => {
    expect(await errorsOf(kind, { ...settings[kind], 'connection.url': `jdbc:sqlite:${dir.file('new.db')}?journal_mode=wal` })).toEqual([]);
    expect(fs.readdirSync(dir.path)).toEqual([]);
  });

  test('changes nothing of one that is there', async () => {
    const Database = loadSqlite();
    const database = new Database(dir.file('old.db'), { timeout: 0 });
    database.prepare('CREATE TABLE t (id INTEGER PRIMARY KEY)').run();
    database.close();
    const before = fs.readFileSync(dir.file('old.db'));
    expect(await errorsOf(kind, { ...settings[kind], 'connection.url': `jdbc:sqlite:${dir.file('old.db')}?journal_mode=wal` })).toEqual([]);
    expect(fs.readFileSync(dir.file('old.db')).equals(before)).toBe(true);
    expect(fs.readdirSync(dir.path)).toEqual(['old.db']);
  });

  test('makes no folder either', async () => {
    await errorsOf(kind, { ...settings[kind], 'connection.url': `jdbc:sqlite:${dir.file('no/new.db')}` });
    expect(fs.readdirSync(dir.path)).toEqual([]);
  });
});

/** What the URL of each database may name a pipe as. */
const FILES_OF_URLS: readonly [string, (file: string) => string][] = [
  ['SQLite', file => `jdbc:sqlite:${file}`],
  ['SQLite, the journal beside it', file => `jdbc:sqlite:${file.replace(/-journal$/, '')}`],
  ['sslrootcert', file => `jdbc:postgresql://127.0.0.1:1/d?sslmode=verify-ca&sslrootcert=${file}`],
  ['sslcert', file => `jdbc:postgresql://127.0.0.1:1/d?sslmode=require&sslcert=${file}`],
  ['sslkey', file => `jdbc:postgresql://127.0.0.1:1/d?sslmode=require&sslkey=${file}`],
  ['serverSslCert', file => `jdbc:mariadb://127.0.0.1:1/d?sslMode=verify-ca&serverSslCert=${file}`],
  ['trustCertificateKeyStoreUrl', file => `jdbc:mysql://127.0.0.1:1/d?sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=file:${file}`],
];

test.each(FILES_OF_URLS)('A pipe is refused as file of %s, and not waited for', async (_, url) => {
  const file = dir.file('d-journal');
  execFileSync('mkfifo', [file]);
  const errors = await errorsOf('source', { ...settings.source, 'connection.url': url(file), 'connection.user': 'u' });
  expect(errors.join()).toMatch(/^Cannot connect to the database: .*it is not a regular file but a pipe \(FIFO\): name a regular file/);
});

test('A wallet of Oracle that is a pipe is refused, since its driver would wait for it', async () => {
  execFileSync('mkfifo', [dir.file('ewallet.pem')]);
  const url = `jdbc:oracle:thin:@tcps://127.0.0.1:1/d?oracle.net.wallet_location=${dir.path}`;
  const errors = await errorsOf('source', { ...settings.source, 'connection.url': url, 'connection.user': 'u' });
  expect(errors.join()).toMatch(
    /ewallet\.pem of the URL parameter oracle\.net\.wallet_location cannot be read: it is not a regular file but a pipe/,
  );
});

test('The lock of another process on a database of SQLite is not waited for, whatever the URL says', async () => {
  const Database = loadSqlite();
  const database = new Database(dir.file('old.db'), { timeout: 0 });
  database.prepare('CREATE TABLE t (id INTEGER PRIMARY KEY)').run();
  database.prepare('BEGIN EXCLUSIVE').run();
  const beganMs = performance.now();
  const url = `jdbc:sqlite:${dir.file('old.db')}?busy_timeout=20000`;
  expect(await errorsOf('source', { ...settings.source, 'connection.url': url })).toEqual([]);
  expect(performance.now() - beganMs).toBeLessThan(10_000);
  database.close();
});

test('A query is checked without being run', async () => {
  const Database = loadSqlite();
  const database = new Database(dir.file('old.db'), { timeout: 0 });
  database.prepare('CREATE TABLE t (id INTEGER PRIMARY KEY)').run();
  database.close();
  const url = { 'connection.url': `jdbc:sqlite:${dir.file('old.db')}` };
  expect(await errorsOf('source', { ...settings.source, ...url, query: 'SELECT id FROM t' })).toEqual([]);
  expect(await errorsOf('source', { ...settings.source, ...url, query: 'SELECT nope FROM t' })).toEqual([
    expect.stringMatching(/^The database refuses the query: /),
  ]);
});
