/** Which files the settings of a connector name: those of the built-in connectors and of the framework. */
import type { Props } from '../../api/connector';
import type { NamedFile } from '../../config/allowed-files';
import { readJdbcUrl } from '../../connectors/jdbc/url/jdbc-url';
import { javaTrim } from '../../java/trim';
import type { PluginTable } from '../../plugins/plugin-table';

const FILE_CONNECTORS = [
  'org.apache.kafka.connect.file.FileStreamSourceConnector',
  'org.apache.kafka.connect.file.FileStreamSinkConnector',
];
const SQLITE = /^jdbc:sqlite:/i;
const IN_MEMORY = ':memory:';

/** @param props with their variables resolved */
export function filesOfConnector(plugins: PluginTable, props: Props): NamedFile[] {
  // trimmed as those trim who open them
  const textOf = (key: string): string => javaTrim(props[key] ?? '');
  const isFileConnector = FILE_CONNECTORS.includes(plugins.resolve(textOf('connector.class')) ?? '');
  const keys = [...(isFileConnector ? ['file'] : []), 'source.deadletters.file'];
  return [...keys.map(key => ({ key, file: textOf(key) })), databaseFile(textOf('connection.url'))].filter(({ file }) => file !== '');
}

function databaseFile(url: string): NamedFile {
  const database = SQLITE.test(url) ? readJdbcUrl(url).database.trim() : '';
  return { key: 'connection.url', file: database === IN_MEMORY ? '' : database };
}
