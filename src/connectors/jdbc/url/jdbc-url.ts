/** Reads `jdbc:` URLs, each as the driver of its database does. */
import type { JdbcAddress } from './jdbc-address';
import { readNetworkUrl } from './network-url';
import { readOracleUrl } from './oracle-url';
import { readSqliteUrl } from './sqlite-url';
import { readSqlServerUrl } from './sqlserver-url';
import { badUrl } from './url-parts';

type Reader = (rest: string) => JdbcAddress;

const mysql = (rest: string): JdbcAddress => readNetworkUrl('mysql', rest, 3306);
const mariadb = (rest: string): JdbcAddress => readNetworkUrl('mariadb', rest, 3306);
const postgresql = (rest: string): JdbcAddress => readNetworkUrl('postgresql', rest, 5432);

const READERS: Readonly<Record<string, Reader>> = {
  postgresql,
  mysql,
  mariadb,
  sqlite: readSqliteUrl,
  oracle: readOracleUrl,
  sqlserver: readSqlServerUrl,
};

/**
 * The address behind a URL.
 * @throws ConfigException whose text shows at most the subprotocol, since the rest may hold a password
 */
export function readJdbcUrl(url: string): JdbcAddress {
  const [, subprotocol = '', rest = ''] = /^jdbc:([a-z0-9]+):(.*)$/is.exec(url.trim()) ?? [];
  const reader = READERS[subprotocol.toLowerCase()];
  if (reader) return reader(rest);
  const known = Object.keys(READERS).join(', ');
  throw badUrl(subprotocol === '' ? 'it must begin with jdbc:<database>:' : `there is no driver for ${subprotocol}, only for ${known}`);
}
