import type { Plugin } from '../../../src/api/plugin';
import { createPluginTable } from '../../../src/plugins/builtins';
import { filesOfConnector } from '../../../src/worker/files/files-of-connectors';

const JDBC = { 'connector.class': 'JdbcSource' };
const plugins = createPluginTable();
const filesOf = (props: Record<string, string>, table = plugins): string[] =>
  filesOfConnector(table, props).map(({ key, file }) => `${key}=${file}`);

test.each([
  [{ 'connector.class': 'FileStreamSource', file: '\t/etc/passwd ' }, ['file=/etc/passwd']],
  [{ 'connector.class': ' org.apache.kafka.connect.file.FileStreamSinkConnector\t', file: 'a' }, ['file=a']],
  [{ 'connector.class': 'FileStreamSink' }, []],
  [{ 'connector.class': 'FileStreamSource', 'source.deadletters.file': ' /d ' }, ['source.deadletters.file=/d']],
  [{ 'connector.class': 'x.Other', file: '/etc/passwd' }, []],
  [{ ...JDBC, 'connection.url': 'JDBC:SQLite: /a.db ?busy_timeout=1' }, ['connection.url=/a.db']],
  [{ ...JDBC, 'connection.url': ' jdbc:sqlite:file:///a%2Fb.db' }, ['connection.url=/a/b.db']],
  [{ 'connector.class': 'io.aiven.connect.jdbc.JdbcSinkConnector', 'connection.url': 'jdbc:sqlite:/a.db' }, ['connection.url=/a.db']],
  [{ ...JDBC, 'connection.url': 'jdbc:sqlite::memory:' }, []],
  [{ ...JDBC, 'connection.url': 'jdbc:sqlite:' }, []],
  [{ ...JDBC, 'connection.url': 'jdbc:postgresql://h/d' }, []],
])('%j names %j', (props, files) => {
  expect(filesOf(props as Record<string, string>)).toEqual(files);
});

test('a plugin from outside with the same short name hides none of them', () => {
  const type = 'transformation';
  const other = { type, className: 'x.FileStreamSource', version: '1', create: () => null } as unknown as Plugin;
  expect(filesOf({ 'connector.class': 'FileStreamSource', file: '/etc/passwd' }, createPluginTable([other]))).toEqual(['file=/etc/passwd']);
});
