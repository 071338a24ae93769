/** Translates parameters of pgjdbc to options of the package pg. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectOptions } from '../database/dialect';
import type { HostPort, Properties } from '../url/jdbc-address';
import { certificatesOf } from '../url/tls-files';
import { badUrl } from '../url/url-parts';
import { clientKey } from './pg-client-key';
import type { PgOptions } from './wire/pg-driver';

/** How the connection is encrypted; `prefer` is the default, as in libpq and pgjdbc. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

const SSL_MODES: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** The mode of a URL. @throws ConfigException for an unknown value */
export function sslModeOf(properties: Properties): SslMode {
  const mode = properties.get('sslmode')?.toLowerCase() ?? (properties.isSet('ssl') ? 'verify-full' : 'prefer');
  if (!SSL_MODES.includes(mode)) throw badUrl(`sslmode must be one of ${SSL_MODES.join(', ')}`);
  return mode as SslMode;
}

/** The attempts, each with TLS or without. */
export function tlsAttempts(mode: SslMode): readonly boolean[] {
  if (mode === 'disable') return [false];
  if (mode === 'allow') return [false, true];
  return mode === 'prefer' ? [true, false] : [true];
}

/** Options of a client for one host. Values are returned as text, so that none is rounded. */
export function pgOptions({ address, timeoutMs }: ConnectOptions, { host, port }: HostPort, tls: boolean): PgOptions {
  const { properties, user, password, database } = address;
  const name = user ?? properties.get('user');
  return {
    host,
    port,
    database: database === '' ? name : database,
    user: name,
    password: password ?? properties.get('password'),
    ssl: tls ? tlsOptions(properties, host) : false,
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    application_name: properties.get('ApplicationName') ?? 'connect-standalone',
    // Settings are sent later, since a pooler refuses unknown startup parameters.
    options: properties.get('options'),
    types: { getTypeParser: () => asText },
  };
}

/** Every value as the server wrote it. */
const asText = (value: string): string => value;

/** Checks the host name. Node would use the socket's name, which pg omits for IP addresses. */
const nameChecker =
  (host: string) =>
  (_name: string, certificate: PeerCertificate): Error | undefined =>
    checkServerIdentity(host, certificate);

function tlsOptions(properties: Properties, host: string): object {
  const mode = sslModeOf(properties);
  const certificates = (parameter: string): string | null => {
    const value = properties.get(parameter);
    return value === undefined || value === '' ? null : certificatesOf(parameter, value);
  };
  const key = clientKey(properties);
  const ca = certificates('sslrootcert');
  const cert = certificates('sslcert') ?? key?.certificates;
  const verifies = mode === 'verify-ca' || mode === 'verify-full' || (mode === 'require' && ca !== null);
  return {
    rejectUnauthorized: verifies,
    // verify-ca checks the authority only, not the name in the certificate.
    checkServerIdentity: mode === 'verify-full' ? nameChecker(host) : () => undefined,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key: key.key }),
  };
}
