/** The JDBC connectors under the names of both Java connectors; the class that a configuration names decides its keys and defaults. */
import type { Props } from '../../api/connector';
import type { ConnectorPlugin, NamedFile, SinkPlugin, SourcePlugin } from '../../api/plugin';
import { type Flavour, JDBC_VERSIONS } from './database/values/flavour';

type UrlModule = typeof import('./url/jdbc-url');
type SourceModule = typeof import('./source/jdbc-source-connector');
type SourceTaskModule = typeof import('./source/jdbc-source-task');
type SinkModule = typeof import('./sink/jdbc-sink-connector');
type SinkTaskModule = typeof import('./sink/jdbc-sink-task');

/** Loaded with the first connector: every thread loads this table, and few use databases. */
const sourceModule = (): SourceModule => require('./source/jdbc-source-connector') as SourceModule;
const sourceTaskModule = (): SourceTaskModule => require('./source/jdbc-source-task') as SourceTaskModule;
const sinkModule = (): SinkModule => require('./sink/jdbc-sink-connector') as SinkModule;
const sinkTaskModule = (): SinkTaskModule => require('./sink/jdbc-sink-task') as SinkTaskModule;

const SQLITE = /^jdbc:sqlite:/i;
const IN_MEMORY = ':memory:';

/** A database that is a file. */
function filesOf({ 'connection.url': url = '' }: Props): NamedFile[] {
  if (!SQLITE.test(url)) return [];
  const file = (require('./url/jdbc-url') as UrlModule).readJdbcUrl(url).database.trim();
  return file === IN_MEMORY ? [] : [{ key: 'connection.url', file }];
}

const files = { filesOf, opensFiles: (props: Props): boolean => SQLITE.test(props['connection.url'] ?? '') };

function sourcePlugin(flavour: Flavour, packageName: string): SourcePlugin {
  return {
    type: 'source',
    className: `${packageName}.JdbcSourceConnector`,
    taskClassName: `${packageName}.source.JdbcSourceTask`,
    version: JDBC_VERSIONS[flavour],
    // The short name means Confluent's class, which most examples use.
    fullNameOnly: flavour === 'aiven',
    ...files,
    createConnector: () => new (sourceModule().JdbcSourceConnector)(flavour),
    createTask: () => new (sourceTaskModule().JdbcSourceTask)(flavour),
  };
}

function sinkPlugin(flavour: Flavour, packageName: string): SinkPlugin {
  return {
    type: 'sink',
    className: `${packageName}.JdbcSinkConnector`,
    taskClassName: `${packageName}.sink.JdbcSinkTask`,
    version: JDBC_VERSIONS[flavour],
    fullNameOnly: flavour === 'aiven',
    ...files,
    createConnector: () => new (sinkModule().JdbcSinkConnector)(flavour),
    createTask: () => new (sinkTaskModule().JdbcSinkTask)(flavour),
  };
}

const PACKAGES: Readonly<Record<Flavour, string>> = { confluent: 'io.confluent.connect.jdbc', aiven: 'io.aiven.connect.jdbc' };

/** All four. Their tasks may block, so each has a thread of its own. */
export const jdbcPlugins: readonly ConnectorPlugin[] = (['confluent', 'aiven'] as const).flatMap(flavour => [
  sourcePlugin(flavour, PACKAGES[flavour]),
  sinkPlugin(flavour, PACKAGES[flavour]),
]);
