/** URLs of the form `//[user:password@]host[:port][,...]/database[?name=value&...]`: PostgreSQL, MySQL, MariaDB. */
import { type DatabaseKind, type JdbcAddress, Properties } from './jdbc-address';
import { badUrl, decode, hostsText, readHosts, readQuery, readUserInfo } from './url-parts';

/**
 * Reads what follows `jdbc:<subprotocol>:`. PostgreSQL also knows a bare `database` and `/database`, on the local host.
 * @throws ConfigException that shows no part of the URL that could be secret
 */
export function readNetworkUrl(kind: DatabaseKind, text: string, defaultPort: number): JdbcAddress {
  const question = text.indexOf('?');
  const query = question < 0 ? [] : readQuery(text.slice(question + 1));
  const path = question < 0 ? text : text.slice(0, question);
  const local = kind === 'postgresql' && !path.startsWith('//');
  const [, authority, database] = /^\/\/([^/]*)(?:\/(.*))?$/.exec(local ? `///${path.replace(/^\//, '')}` : path) ?? [];
  if (authority === undefined) throw badUrl(`jdbc:${kind}: must be followed by //host:port/database`);
  checkDatabase(database ?? '');
  const { user, password, rest } = readUserInfo(authority);
  const hosts = readHosts(rest, defaultPort);
  const properties = new Properties(query);
  const name = decode(database ?? '');
  return {
    kind,
    hosts,
    database: name,
    user: user ?? properties.get('user') ?? null,
    password: password ?? properties.get('password') ?? null,
    properties,
    display: `jdbc:${kind}://${hostsText(hosts)}/${name}`,
  };
}

/** Refuses what may be part of a password or of parameters: it would be taken for a name, and shown. @throws ConfigException */
function checkDatabase(text: string): void {
  if (text.includes('@')) throw badUrl('an @ comes after a /; a / in a user or password is written as %2F, an @ in a name as %40');
  const separator = text.search(/[;&]/);
  if ((separator >= 0 && separator < text.lastIndexOf('=')) || /^[^/]*=/.test(text))
    throw badUrl('parameters begin with a ? after the name of the database; in a name = is written as %3D');
}
