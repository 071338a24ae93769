/** Settings of source and sink that say how to connect. */
import { type ConfigKey, NO_DEFAULT } from '../../../api/config-def';
import { atLeast } from '../../../api/config-validators';
import type { Flavour } from '../database/values/flavour';
import { keysOfGroup } from './key-groups';
import { defaultCredentials, jdbcUrl, oneOf, timeZone } from './validators';

/** All names of Java's connectors; whether one fits the URL is checked with the URL. */
const DIALECTS = [
  '',
  'MySqlDatabaseDialect',
  'PostgreSqlDatabaseDialect',
  'SqliteDatabaseDialect',
  'OracleDatabaseDialect',
  'SqlServerDatabaseDialect',
];

/** The first keys of the group Database, which source and sink share. */
export const CONNECTION_KEYS: readonly ConfigKey[] = keysOfGroup('Database', [
  [
    'connection.url',
    'STRING',
    NO_DEFAULT,
    'HIGH',
    'JDBC URL of the database: jdbc:postgresql:, jdbc:mysql:, jdbc:mariadb:, jdbc:sqlite:, jdbc:oracle:thin: or jdbc:sqlserver:. The driver comes with it.',
    { validator: jdbcUrl, dependents: ['connection.user', 'connection.password'] },
  ],
  ['connection.user', 'STRING', null, 'HIGH', 'User of the database.'],
  ['connection.password', 'PASSWORD', null, 'HIGH', 'Password of the user; shown nowhere.'],
  ['connection.attempts', 'INT', 3, 'LOW', 'How often to try to connect before giving up.', { validator: atLeast(1) }],
  ['connection.backoff.ms', 'LONG', 10_000, 'LOW', 'Wait between two attempts to connect, in milliseconds.', { validator: atLeast(0) }],
  ['dialect.name', 'STRING', '', 'LOW', 'Dialect of SQL; empty: the one of the URL.', { validator: oneOf(...DIALECTS) }],
  ['db.timezone', 'STRING', 'UTC', 'MEDIUM', 'Time zone of times and timestamps that name none themselves.', { validator: timeZone }],
]);

/** Keys of Confluent's connectors only. */
export const CREDENTIALS_KEYS: readonly ConfigKey[] = keysOfGroup('Database', [
  [
    'jdbc.credentials.provider.class',
    'STRING',
    'io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider',
    'LOW',
    'Classes of Java cannot run here: the default, which takes connection.user and connection.password, is the only one.',
    { validator: defaultCredentials },
  ],
]);

/** Whether names are quoted; the two connectors have different keys for it. */
export function quotingKeys(flavour: Flavour): readonly ConfigKey[] {
  return flavour === 'confluent'
    ? keysOfGroup('Database', [
        [
          'quote.sql.identifiers',
          'STRING',
          'ALWAYS',
          'MEDIUM',
          'Whether names of tables and columns are quoted: always, or never.',
          { validator: oneOf('always', 'never') },
        ],
      ])
    : keysOfGroup('Database', [['sql.quote.identifiers', 'BOOLEAN', true, 'MEDIUM', 'Whether names of tables and columns are quoted.']]);
}
