import { createPluginTable } from '../../../src/plugins/builtins';
import { filesOfConnector } from '../../../src/worker/files/files-of-connectors';

const plugins = createPluginTable();
const filesOf = (props: Record<string, string>): string[] => filesOfConnector(plugins, props).map(({ key, file }) => `${key}=${file}`);

test.each([
  [{ 'connector.class': 'FileStreamSource', file: '\t/etc/passwd ' }, ['file=/etc/passwd']],
  [{ 'connector.class': ' org.apache.kafka.connect.file.FileStreamSinkConnector\t', file: 'a' }, ['file=a']],
  [{ 'connector.class': 'FileStreamSink' }, []],
  [{ 'connector.class': 'FileStreamSource', 'source.deadletters.file': ' /d ' }, ['source.deadletters.file=/d']],
  [{ 'connector.class': 'x.Other', file: '/etc/passwd' }, []],
  [{ 'connection.url': 'JDBC:SQLite: /a.db ?busy_timeout=1' }, ['connection.url=/a.db']],
  [{ 'connection.url': 'jdbc:sqlite:file:///a%2Fb.db' }, ['connection.url=/a/b.db']],
  [{ 'connection.url': 'jdbc:sqlite::memory:' }, []],
  [{ 'connection.url': 'jdbc:sqlite:' }, []],
  [{ 'connection.url': 'jdbc:postgresql://h/d' }, []],
])('%j names %j', (props, files) => {
  expect(filesOf(props as Record<string, string>)).toEqual(files);
});
