/** Reads the settings for connections. */
import { type ParsedConfig, Password, withoutPrefix } from '../../../api/config-def';
import type { ConnectOptions, Dialect } from '../database/dialect';
import { dialectFor } from '../dialects';
import type { JdbcAddress } from '../url/jdbc-address';
import { readJdbcUrl } from '../url/jdbc-url';

/** Settings `connection.*` that are handled here; the others are passed to the driver like parameters of the URL. */
const OWN_KEYS: readonly string[] = ['url', 'user', 'password', 'attempts', 'backoff.ms'];

/** How long opening a connection may take. */
const CONNECT_TIMEOUT_MS = 40_000;
/** How long a task waits for another process to release a lock on a file of SQLite. */
const BUSY_TIMEOUT_MS = 30_000;

/** A database, and how often to try to reach it. */
export interface ConnectionSettings {
  readonly dialect: Dialect;
  readonly options: ConnectOptions;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly quoting: 'always' | 'never';
}

/**
 * The connection that the settings describe.
 * @param thread where it will be used: on the main thread nothing may block
 * @throws ConfigException
 */
export function readConnectionSettings(config: ParsedConfig, thread: 'main' | 'task'): ConnectionSettings {
  const address = addressOf(config);
  return {
    dialect: dialectFor(address.kind, config.getString('dialect.name')),
    options: {
      address,
      timeoutMs: CONNECT_TIMEOUT_MS,
      busyTimeoutMs: thread === 'main' ? 0 : BUSY_TIMEOUT_MS,
      hidesValues: hidesValues(config),
    },
    attempts: config.getInt('connection.attempts'),
    backoffMs: config.getDelayMs('connection.backoff.ms'),
    quoting: quotingOf(config),
  };
}

function addressOf(config: ParsedConfig): JdbcAddress {
  const address = readJdbcUrl(config.getString('connection.url'));
  const passed = Object.entries(withoutPrefix(config.originals, 'connection.')).filter(([name]) => !OWN_KEYS.includes(name));
  const properties = address.properties.with(passed.map(([name, value]) => [name, String(value)]));
  const password = config.getPasswordOrNull('connection.password') ?? new Password(address.password ?? '');
  return {
    ...address,
    properties,
    user: config.getStringOrNull('connection.user') ?? address.user,
    password: password.value === '' ? null : password.value,
  };
}

const has = (config: ParsedConfig, key: string): boolean => [...config.entries()].some(([name]) => name === key);

const hidesValues = (config: ParsedConfig): boolean => has(config, 'trim.sensitive.log') && config.getBoolean('trim.sensitive.log');

function quotingOf(config: ParsedConfig): 'always' | 'never' {
  if (has(config, 'sql.quote.identifiers')) return config.getBoolean('sql.quote.identifiers') ? 'always' : 'never';
  return config.getString('quote.sql.identifiers').toLowerCase() === 'never' ? 'never' : 'always';
}
