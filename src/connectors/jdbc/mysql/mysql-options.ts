/** From the parameters of Connector/J and of the MariaDB driver to those of the package mysql2. */
import { connect, isIP, type Socket } from 'node:net';
import type { ConnectOptions } from '../database/dialect';
import { keyOfStore, type StoreParameters, trustedCertificates } from '../url/java-stores';
import type { DatabaseKind, HostPort, Properties } from '../url/jdbc-address';
import { pemOf } from '../url/tls-files';
import { badUrl } from '../url/url-parts';
import type { MySqlOptions } from './mysql-driver';

/** How the connection is encrypted, in the words of Connector/J. */
export type MySqlTlsMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

/** Stores by the words of Connector/J, then by those of the MariaDB driver. */
const TRUST_STORE: StoreParameters = {
  location: ['trustCertificateKeyStoreUrl', 'trustStore'],
  password: ['trustCertificateKeyStorePassword', 'trustStorePassword'],
};
const KEY_STORE: StoreParameters = {
  location: ['clientCertificateKeyStoreUrl', 'keyStore'],
  password: ['clientCertificateKeyStorePassword', 'keyStorePassword'],
};

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
    ...(tls && { ssl: tlsOptions(tlsModeOf(kind, properties), properties) }),
    ...(tls && isIP(host) !== 0 && namedAddress(host, port)),
  };
}

/**
 * The driver has the certificate of an address compared with `localhost`. A dot at the end makes a name of it for the driver, and Node's
 * comparison takes the dot away again; the socket goes to the address as it is.
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
