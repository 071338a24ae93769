import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { SINK_DEFS } from '../../../../src/connectors/jdbc/config/sink-keys';
import { SOURCE_DEFS } from '../../../../src/connectors/jdbc/config/source-keys';
import type { Flavour } from '../../../../src/connectors/jdbc/database/values/flavour';
import { JdbcSinkConnector } from '../../../../src/connectors/jdbc/sink/jdbc-sink-connector';
import { JdbcSourceConnector } from '../../../../src/connectors/jdbc/source/jdbc-source-connector';
import { inRepository } from '../../../helpers/paths';
import { TempDir } from '../../../helpers/temp-dir';

const dir = new TempDir('jdbc-settings');
afterAll(() => dir.remove());
const url = `jdbc:sqlite:${dir.file('x.db')}`;

const defaultOf = (flavour: Flavour, key: string): unknown => SOURCE_DEFS[flavour].keys.get(key)?.defaultValue;

test('the two connectors differ in keys and defaults', () => {
  expect([defaultOf('confluent', 'batch.max.rows'), defaultOf('aiven', 'batch.max.rows')]).toEqual([1000, 100]);
  expect([defaultOf('confluent', 'quote.sql.identifiers'), defaultOf('aiven', 'sql.quote.identifiers')]).toEqual(['ALWAYS', true]);
  const keys = (flavour: Flavour): string[] => [...SOURCE_DEFS[flavour].keys.keys()];
  expect(keys('confluent')).toEqual(
    expect.arrayContaining(['query.suffix', 'timestamp.granularity', 'table.include.list', 'timestamp.initial']),
  );
  expect(keys('aiven')).toEqual(expect.arrayContaining(['incrementing.initial', 'timestamp.initial.ms', 'table.names.qualify']));
  expect(keys('aiven')).not.toContain('timestamp.granularity');
  expect([...SINK_DEFS.aiven.keys.keys()]).toEqual(expect.arrayContaining(['topics.to.tables.mapping', 'table.name.normalize']));
  expect([...SINK_DEFS.confluent.keys.keys()]).not.toContain('topics.to.tables.mapping');
});

test.each<[Record<string, string>, string]>([
  [{ mode: 'incrementing' }, 'SUPPORTED'],
  [{ mode: 'timestamp+incrementing', 'timestamp.column.name': 'ts' }, 'SUPPORTED'],
  [{ mode: 'incrementing', 'incrementing.look.back': '5' }, 'UNSUPPORTED'],
  [{ mode: 'timestamp+incrementing', 'timestamp.look.back.ms': '5' }, 'UNSUPPORTED'],
  [{ mode: 'timestamp', 'timestamp.column.name': 'ts' }, 'UNSUPPORTED'],
  [{ mode: 'bulk' }, 'UNSUPPORTED'],
])('exactly-once with %j: %s', (settings, expected) => {
  for (const flavour of ['confluent', 'aiven'] as const)
    expect(new JdbcSourceConnector(flavour).exactlyOnceSupport({ 'connection.url': url, ...settings })).toBe(expected);
});

/** Names of the settings that are refused. */
async function refused(connector: JdbcSourceConnector | JdbcSinkConnector, settings: Record<string, string>): Promise<string[]> {
  const props = { 'connection.url': url, ...settings };
  const values = await connector.validate(props, connector.config().validate(props));
  return values.filter(({ errors }) => errors.length > 0).map(({ name }) => name);
}

test.each<[Record<string, string>, string[]]>([
  [{ mode: 'bulk' }, []],
  [{}, ['mode']],
  [{ mode: 'sometimes' }, ['mode']],
  [{ mode: 'bulk', 'table.whitelist': 'a', 'table.include.list': 'b' }, ['table.include.list']],
  [{ mode: 'bulk', 'table.exclude.list': 'b' }, ['table.exclude.list']],
  [{ mode: 'bulk', 'table.include.list': '(' }, ['table.include.list']],
  [{ mode: 'bulk', query: 'SELECT 1', 'table.whitelist': 'a' }, ['query']],
  [{ mode: 'bulk', query: 'DELETE FROM x' }, ['query']],
  [{ mode: 'bulk', query: 'SELECT 1', 'query.masked': 'SELECT 2' }, ['query']],
  [{ mode: 'bulk', query: 'WITH x AS (SELECT 1) SELECT * FROM x' }, []],
  [{ mode: 'bulk', 'query.masked': 'SELECT * FROM not_there' }, ['query']],
  [{ mode: 'incrementing', query: 'SELECT 1 AS id' }, ['incrementing.column.name']],
  [{ mode: 'timestamp' }, ['timestamp.column.name']],
  [{ mode: 'timestamp', 'timestamp.columns.mapping': '.*:[ts|ts2]' }, []],
  [{ mode: 'timestamp', 'timestamp.columns.mapping': '.*:ts' }, ['timestamp.columns.mapping']],
  [{ mode: 'bulk', 'incrementing.column.mapping': '.*:id' }, ['incrementing.column.mapping']],
  [{ mode: 'bulk', 'topic.prefix': 'a b' }, ['topic.prefix']],
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the source fills it in
  [{ mode: 'bulk', 'topic.format': '${schema}.${table}' }, []],
  [{ mode: 'bulk', 'topic.format': '${schema}.${tabel}' }, ['topic.format']],
  [{ mode: 'bulk', 'topic.format': 'all' }, ['topic.format']],
  [{ mode: 'bulk', 'topic.format': 'ö${table}' }, ['topic.format']],
  [{ mode: 'bulk', 'topic.format': '${table}', query: 'SELECT 1' }, ['topic.format']],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the source fills it in
  [{ mode: 'bulk', 'db.timezone': 'Mars/Phobos' }, ['db.timezone']],
  [{ mode: 'bulk', 'dialect.name': 'MySqlDatabaseDialect' }, ['connection.url']],
  [{ mode: 'bulk', 'connection.url': 'jdbc:sqlite:/not/there/x.db' }, []],
  [{ mode: 'bulk', 'connection.url': 'jdbc:what:x' }, ['connection.url']],
  [{ mode: 'bulk', 'jdbc.credentials.provider.class': 'io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider' }, []],
  [{ mode: 'bulk', 'jdbc.credentials.provider.class': 'com.example.Vault' }, ['jdbc.credentials.provider.class']],
])('source %j refuses %j', async (settings, expected) => {
  expect(await refused(new JdbcSourceConnector('confluent'), settings)).toEqual(expected);
});

test.each<[Flavour, Record<string, string>, string[]]>([
  ['confluent', {}, []],
  ['confluent', { 'pk.mode': 'kafka' }, []],
  ['aiven', { 'pk.mode': 'kafka' }, ['pk.fields']],
  ['aiven', { 'insert.mode': 'multi' }, []],
  ['confluent', { 'insert.mode': 'multi' }, ['insert.mode']],
  ['confluent', { 'delete.enabled': 'true' }, ['delete.enabled']],
  ['confluent', { 'delete.enabled': 'true', 'pk.mode': 'record_key' }, []],
  ['aiven', { 'topics.to.tables.mapping': 'a' }, ['topics.to.tables.mapping']],
])('sink of %s with %j refuses %j', async (flavour, settings, expected) => {
  expect(await refused(new JdbcSinkConnector(flavour), settings)).toEqual(expected);
});

test('the table of plugins loads no driver, and nothing of the connectors', () => {
  const program = `require(${JSON.stringify(inRepository('dist/src/plugins/builtins.js'))}); process.stdout.write(Object.keys(require.cache).join('\\n'))`;
  const loaded = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).split('\n');
  expect(
    loaded
      .filter(file => /connectors\/jdbc|node_modules\/(?:pg|mysql2|better-sqlite3|oracledb|tedious)/.test(file))
      .map(file => path.basename(file))
      .sort(),
  ).toEqual(['flavour.js', 'jdbc-plugins.js']);
});

test.each([
  ['confluent', 'timestamp.initial'],
  ['aiven', 'timestamp.initial.ms'],
] as const)('a moment that no database holds is refused in the settings of %s', (flavour, key) => {
  const errorsFor = (value: string): readonly string[] =>
    SOURCE_DEFS[flavour].validate({ [key]: value }).find(({ name }) => name === key)?.errors ?? [];
  for (const far of ['9223372036854775807', '-9223372036854775808', '253402300800000'])
    expect(errorsFor(far).join()).toContain(`Invalid value ${far} for configuration ${key}`);
  for (const near of ['-1', '0', '-62135596800000', '253402300799999']) expect(errorsFor(near)).toEqual([]);
});
