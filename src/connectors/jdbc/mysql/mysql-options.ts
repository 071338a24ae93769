/** Translates parameters of Connector/J and of the MariaDB driver to options of the package mysql2. */
import { connect, isIP, type Socket } from 'node:net';
import type { ConnectOptions } from '../database/dialect';
import { keyOfStore, type StoreParameters, trustedCertificates } from '../url/java-stores';
import type { DatabaseKind, HostPort, Properties } from '../url/jdbc-address';
import { pemOf } from '../url/tls-files';
import { badUrl } from '../url/url-parts';
import type { MySqlOptions } from './mysql-driver';

/** How the connection is encrypted; the names are Connector/J's. */
export type MySqlTlsMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

/** Parameters of stores, Connector/J's first, then the MariaDB driver's. */
const TRUST_STORE: StoreParameters = {
  location: ['trustCertificateKeyStoreUrl', 'trustStore'],
  password: ['trustCertificateKeyStorePassword', 'trustStorePassword'],
};
const KEY_STORE: StoreParameters = {
  location: ['clientCertificateKeyStoreUrl', 'keyStore'],
  password: ['clientCertificateKeyStorePassword', 'keyStorePassword'],
};

/** The values of both drivers. */
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

/** The mode of a URL. By default Connector/J prefers TLS, and the MariaDB driver does not use it. @throws ConfigException */
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

/** Options of a connection to one host. Values are returned as text if a JavaScript number would round them. */
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
    // A server must not be able to request local files.
    flags: ['-LOCAL_FILES', 'FOUND_ROWS'],
    ...(tls && { ssl: tlsOptions(tlsModeOf(kind, properties), properties) }),
    ...(tls && isIP(host) !== 0 && namedAddress(host, port)),
  };
}

/**
 * The driver would compare the certificate of an IP address with `localhost`. With a dot at the end, the driver takes the address for a
 * name, and Node's comparison removes the dot again; the socket connects to the address itself.
 */
function namedAddress(host: string, port: number): MySqlOptions {
  const stream = (): Socket => {
    const socket = connect(port, host).setNoDelay(true);
    return socket.once('connect', () => socket.setKeepAlive(true));
  };
  return { host: `${host}.`, stream };
}

function tlsOptions(mode: MySqlTlsMode, properties: Properties): object {
  const pem = (...names: string[]): Buffer | undefined => {
    const value = properties.get(...names);
    return value === undefined || value === '' ? undefined : pemOf(names[0] ?? '', value);
  };
  const store = keyOfStore(properties, KEY_STORE);
  const ca = pem('serverSslCert', 'sslCa') ?? trustedCertificates(properties, TRUST_STORE);
  const cert = pem('clientSslCert', 'sslCert') ?? store?.certificateChain;
  const key = pem('clientSslKey', 'sslKey') ?? store?.key;
  return {
    rejectUnauthorized: mode === 'VERIFY_CA' || mode === 'VERIFY_IDENTITY',
    verifyIdentity: mode === 'VERIFY_IDENTITY',
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  };
}
