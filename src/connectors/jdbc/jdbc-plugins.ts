/** The JDBC connectors under the names of both Java connectors; the class that a configuration names decides its keys and defaults. */
import type { ConnectorPlugin } from '../../api/plugin';
import { JDBC_VERSIONS } from './database/flavour';
import { JdbcSourceConnector } from './source/jdbc-source-connector';
import { JdbcSourceTask } from './source/jdbc-source-task';

/** Drivers are loaded when a URL asks for them, so these cost nothing until then. */
export const jdbcPlugins: readonly ConnectorPlugin[] = [
  {
    type: 'source',
    className: 'io.confluent.connect.jdbc.JdbcSourceConnector',
    taskClassName: 'io.confluent.connect.jdbc.source.JdbcSourceTask',
    version: JDBC_VERSIONS.confluent,
    createConnector: () => new JdbcSourceConnector('confluent'),
    createTask: () => new JdbcSourceTask('confluent'),
  },
  {
    type: 'source',
    className: 'io.aiven.connect.jdbc.JdbcSourceConnector',
    taskClassName: 'io.aiven.connect.jdbc.source.JdbcSourceTask',
    version: JDBC_VERSIONS.aiven,
    // JdbcSource alone means the class that most examples name
    fullNameOnly: true,
    createConnector: () => new JdbcSourceConnector('aiven'),
    createTask: () => new JdbcSourceTask('aiven'),
  },
];
