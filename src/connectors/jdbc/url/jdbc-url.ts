/** Reads `jdbc:` URLs, each as the driver of its database does. */
import type { DatabaseKind, JdbcAddress } from './jdbc-address';
import { readNetworkUrl } from './network-url';
import { readOracleUrl } from './oracle-url';
import { readSqliteUrl } from './sqlite-url';
import { readSqlServerUrl } from './sqlserver-url';
import { badUrl } from './url-parts';

type Reader = (rest: string) => JdbcAddress;

const postgresql = (rest: string): JdbcAddress => readNetworkUrl('postgresql', rest, 5432);

/** `sequential:` is the default; with `replication:` the first host is the primary, the only one that accepts writes. */
const SCHEMES: readonly string[] = ['loadbalance', 'replication', 'sequential', 'failover'];

function mySqlReader(kind: 'mysql' | 'mariadb'): Reader {
  return rest => {
    const [, scheme, text = rest] = /^([\w+-]+):(.*)$/s.exec(rest) ?? [];
    if (scheme === undefined) return readNetworkUrl(kind, rest, 3306);
    if (!SCHEMES.includes(scheme.toLowerCase())) throw badUrl(`after jdbc:${kind}: only //, ${SCHEMES.join(':, ')}: are known`);
    const address = readNetworkUrl(kind, text, 3306);
    if (scheme.toLowerCase() === 'replication') return { ...address, hosts: address.hosts.slice(0, 1) };
    return { ...address, anyHostFirst: scheme.toLowerCase() === 'loadbalance' };
  };
}

const READERS: Readonly<Record<string, Reader>> = {
  postgresql,
  mysql: mySqlReader('mysql'),
  mariadb: mySqlReader('mariadb'),
  sqlite: readSqliteUrl,
  oracle: readOracleUrl,
  sqlserver: readSqlServerUrl,
} satisfies Record<DatabaseKind, Reader>;

/**
 * Parses a URL.
 * @throws ConfigException whose text shows at most the subprotocol, since the rest may contain a password
 */
export function readJdbcUrl(url: string): JdbcAddress {
  const [, subprotocol = '', rest = ''] = /^jdbc:([a-z0-9+]+):(.*)$/is.exec(url.trim()) ?? [];
  const reader = READERS[subprotocol.toLowerCase()];
  if (reader) return reader(rest);
  const known = Object.keys(READERS).join(', ');
  throw badUrl(subprotocol === '' ? 'it must begin with jdbc:<database>:' : `there is no driver for ${subprotocol}, only for ${known}`);
}
