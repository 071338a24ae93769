/** `jdbc:sqlserver://host[\instance][:port][;name=value...]`; a value may stand in braces. */
import { type JdbcAddress, Properties } from './jdbc-address';
import { badUrl, hostsText, readHosts } from './url-parts';

const DEFAULT_PORT = 1433;

export function readSqlServerUrl(text: string): JdbcAddress {
  if (!text.startsWith('//')) throw badUrl('jdbc:sqlserver: must be followed by //host:port;databaseName=name');
  const [authority = '', ...rest] = splitOutsideBraces(text.slice(2));
  const properties = new Properties(rest.filter(part => part.trim() !== '').map(readPair));
  const [host = '', instance] = authority.replace(/(:\d+)?$/, '').split('\\');
  const port = properties.get('portNumber', 'port') ?? /:(\d+)$/.exec(authority)?.[1];
  const server = host === '' ? (properties.get('serverName', 'server') ?? '') : host;
  const hosts = readHosts(port === undefined ? server : `${server}:${port}`, DEFAULT_PORT);
  const database = properties.get('databaseName', 'database') ?? '';
  return {
    kind: 'sqlserver',
    hosts,
    database,
    user: properties.get('user', 'userName') ?? null,
    password: properties.get('password') ?? null,
    properties: instance === undefined ? properties : properties.with([['instanceName', instance]]),
    display: `jdbc:sqlserver://${hostsText(hosts)};databaseName=${database}`,
  };
}

/** Splits at semicolons outside braces; a `}` within braces is doubled. */
function splitOutsideBraces(text: string): string[] {
  const parts = [''];
  let inBraces = false;
  for (const char of text) {
    if (char === '{') inBraces = true;
    // A doubled brace closes and opens again.
    if (char === '}') inBraces = !inBraces;
    if (char === ';' && !inBraces) parts.push('');
    else parts.push((parts.pop() ?? '') + char);
  }
  return parts;
}

function readPair(part: string): [string, string] {
  const equals = part.indexOf('=');
  if (equals < 0) return [part.trim(), ''];
  const value = part.slice(equals + 1).trim();
  return [part.slice(0, equals).trim(), value.startsWith('{') ? value.slice(1, -1).replaceAll('}}', '}') : value];
}
