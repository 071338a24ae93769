/** `jdbc:oracle:thin:[user/password]@...`: `//host:port/service`, `host:port:sid`, `host:port/service`, or a whole `(DESCRIPTION=...)`. */
import { type JdbcAddress, Properties } from './jdbc-address';
import { badUrl, hostsText, readHost, readQuery } from './url-parts';

const DEFAULT_PORT = 1521;

/** The property that holds the connect string for the driver. */
export const CONNECT_STRING = 'connectString';

export function readOracleUrl(text: string): JdbcAddress {
  const [, credentials, target] = /^thin:([^@]*)@(.*)$/s.exec(text) ?? [];
  if (target === undefined) throw badUrl('jdbc:oracle: must be followed by thin:@//host:port/service');
  const slash = (credentials ?? '').indexOf('/');
  const user = slash < 0 ? credentials || null : (credentials ?? '').slice(0, slash);
  const password = slash < 0 ? null : unquoted((credentials ?? '').slice(slash + 1));
  if (target.startsWith('(')) return descriptor(target, user, password);
  const [place = '', query = ''] = target.split('?');
  const [, protocol, host = '', separator, name = ''] =
    /^(?:(tcps?):)?(?:\/\/)?(\[[^\]]+\](?::\d+)?|[^:/]+(?::\d+)?)([:/])(.+)$/.exec(place) ?? [];
  if (separator === undefined) throw badUrl('an Oracle URL names host, port and service: @//host:port/service, or @host:port:sid');
  const hosts = [readHost(host, DEFAULT_PORT)];
  const [at] = hosts;
  const sid = separator === ':' ? `(SID=${name})` : `(SERVICE_NAME=${name})`;
  const address = `(ADDRESS=(PROTOCOL=${protocol === 'tcps' ? 'TCPS' : 'TCP'})(HOST=${at?.host})(PORT=${at?.port}))`;
  const properties = new Properties([...readQuery(query), [CONNECT_STRING, `(DESCRIPTION=${address}(CONNECT_DATA=${sid}))`]]);
  return { kind: 'oracle', hosts, database: name, user, password, properties, display: `jdbc:oracle:thin:@//${hostsText(hosts)}/${name}` };
}

function descriptor(text: string, user: string | null, password: string | null): JdbcAddress {
  const value = (name: string): string => new RegExp(`\\(\\s*${name}\\s*=\\s*([^()\\s]+)\\s*\\)`, 'i').exec(text)?.[1] ?? '';
  const hosts = [readHost(`${value('HOST')}:${value('PORT')}`, DEFAULT_PORT)];
  const database = value('SERVICE_NAME') || value('SID');
  const properties = new Properties([[CONNECT_STRING, text]]);
  return { kind: 'oracle', hosts, database, user, password, properties, display: `jdbc:oracle:thin:@//${hostsText(hosts)}/${database}` };
}

const unquoted = (text: string): string => (/^".*"$/s.test(text) ? text.slice(1, -1) : text);
