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
