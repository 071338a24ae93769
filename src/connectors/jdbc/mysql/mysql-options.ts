/** From the parameters of Connector/J and of the MariaDB driver to those of the package mysql2. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectOptions } from '../database/dialect';
import type { DatabaseKind, HostPort, Properties } from '../url/jdbc-address';
import { pemOf } from '../url/tls-files';
import { badUrl } from '../url/url-parts';
import type { MySqlOptions } from './mysql-driver';

/** How the connection is encrypted, in the words of Connector/J. */
export type MySqlTlsMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

/** The words of both drivers. */
const MODES: Readonly<Record<string, MySqlTlsMode>> = {
  DISABLED: 'DISABLED',
  DISABLE: 'DISABLED',
  PREFERRED: 'PREFERRED',
  REQUIRED: 'REQUIRED',
  TRUST: 'REQUIRED',
  VERIFY_CA: 'VERIFY_CA',
  'VERIFY-CA': 'VERIFY_CA',
  VERIFY_IDENTITY: 'VERIFY_IDENTITY',
  'VERIFY-FULL': 'VERIFY_IDENTITY',
};

/** The mode that a URL asks for. Without a word Connector/J prefers TLS, the MariaDB driver goes without. @throws ConfigException */
export function tlsModeOf(kind: DatabaseKind, properties: Properties): MySqlTlsMode {
  const word = properties.get('sslMode');
  if (word !== undefined) {
    const mode = MODES[word.toUpperCase()];
    if (mode === undefined) throw badUrl(`sslMode must be one of ${Object.keys(MODES).join(', ')}`);
    return mode;
  }
  const flag = properties.get('useSSL', 'useSsl');
  if (flag === undefined) return kind === 'mysql' ? 'PREFERRED' : 'DISABLED';
  if (!properties.isSet('useSSL', 'useSsl')) return 'DISABLED';
  if (properties.isSet('trustServerCertificate')) return 'REQUIRED';
  if (kind === 'mariadb') return 'VERIFY_IDENTITY';
  if (properties.isSet('verifyServerCertificate')) return 'VERIFY_CA';
  return properties.isSet('requireSSL') ? 'REQUIRED' : 'PREFERRED';
}

/** Options of a connection to one host. Values come as text where a number of JavaScript would round them. */
export function mySqlOptions({ address, timeoutMs }: ConnectOptions, { host, port }: HostPort, tls: boolean): MySqlOptions {
  const { properties, kind } = address;
  return {
    host,
    port,
    user: address.user ?? properties.get('user'),
    password: address.password ?? properties.get('password'),
    ...(address.database !== '' && { database: address.database }),
    charset: 'utf8mb4',
    connectTimeout: timeoutMs,
    enableKeepAlive: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    // a server must not be able to ask for files of ours
    flags: ['-LOCAL_FILES', 'FOUND_ROWS'],
    ...(tls && { ssl: tlsOptions(tlsModeOf(kind, properties), properties, host) }),
  };
}

function tlsOptions(mode: MySqlTlsMode, properties: Properties, host: string): object {
  const pem = (...names: string[]): Buffer | undefined => {
    const value = properties.get(...names);
    return value === undefined || value === '' ? undefined : pemOf(names[0] ?? '', value);
  };
  const [ca, cert, key] = [pem('serverSslCert', 'sslCa'), pem('clientSslCert', 'sslCert'), pem('clientSslKey', 'sslKey')];
  const nameCheck = (_name: string, certificate: PeerCertificate): Error | undefined => checkServerIdentity(host, certificate);
  return {
    rejectUnauthorized: mode === 'VERIFY_CA' || mode === 'VERIFY_IDENTITY',
    verifyIdentity: false,
    checkServerIdentity: mode === 'VERIFY_IDENTITY' ? nameCheck : () => undefined,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  };
}
