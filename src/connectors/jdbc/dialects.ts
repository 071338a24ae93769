/** All dialects, found by URL or by name. */
import { ConnectError } from '../../errors';
import type { Dialect } from './database/dialect';
import { MARIADB, MYSQL } from './mysql/mysql-dialect';
import { ORACLE } from './oracle/oracle-dialect';
import { POSTGRESQL } from './postgresql/postgresql-dialect';
import { SQLITE } from './sqlite/sqlite-dialect';
import { SQLSERVER } from './sqlserver/sqlserver-dialect';
import type { DatabaseKind } from './url/jdbc-address';

const BY_KIND: Readonly<Record<DatabaseKind, Dialect>> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  mariadb: MARIADB,
  sqlite: SQLITE,
  oracle: ORACLE,
  sqlserver: SQLSERVER,
};

/**
 * The dialect for a URL.
 * @param name `dialect.name`, empty for "by the URL"; it must fit the URL, since the driver comes with the dialect
 * @throws ConfigException for a name that does not fit the URL
 */
export function dialectFor(kind: DatabaseKind, name: string): Dialect {
  const dialect = BY_KIND[kind];
  if (name === '' || dialect.name === name) return dialect;
  throw new ConnectError('ConfigException', `Invalid value ${name} for configuration dialect.name: the URL is one for ${dialect.name}`);
}
