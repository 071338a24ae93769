/** The JDBC connectors under the names of both Java connectors; the class that a configuration names decides its keys and defaults. */
import type { ConnectorPlugin, SourcePlugin } from '../../api/plugin';
import { type Flavour, JDBC_VERSIONS } from './database/flavour';

type ConnectorModule = typeof import('./source/jdbc-source-connector');
type TaskModule = typeof import('./source/jdbc-source-task');

/** Loaded when the first connector asks for it: every thread has this table, and few have to do with databases. */
const connectorModule = (): ConnectorModule => require('./source/jdbc-source-connector') as ConnectorModule;
const taskModule = (): TaskModule => require('./source/jdbc-source-task') as TaskModule;

function sourcePlugin(flavour: Flavour, packageName: string): SourcePlugin {
  return {
    type: 'source',
    className: `${packageName}.JdbcSourceConnector`,
    taskClassName: `${packageName}.source.JdbcSourceTask`,
    version: JDBC_VERSIONS[flavour],
    // JdbcSource alone means the class that most examples name
    fullNameOnly: flavour === 'aiven',
    createConnector: () => new (connectorModule().JdbcSourceConnector)(flavour),
    createTask: () => new (taskModule().JdbcSourceTask)(flavour),
  };
}

/** Both sources. Their tasks block, or wait for drivers that do: each has a thread of its own. */
export const jdbcPlugins: readonly ConnectorPlugin[] = [
  sourcePlugin('confluent', 'io.confluent.connect.jdbc'),
  sourcePlugin('aiven', 'io.aiven.connect.jdbc'),
];
