/**
 * How a password goes to a server that asks for caching_sha2_password or sha256_password. Both want it as it is, encrypted by TLS or by an
 * RSA key. A key that comes over an open connection may be anybody's, so it is not taken unless the user says so, as in Connector/J and
 * the MariaDB driver.
 */
import type { Properties } from '../url/jdbc-address';
import { filePath, readTlsFile } from '../url/tls-files';
import type { MySqlModule, MySqlOptions } from './mysql-driver';

/** The words of both drivers; they differ in case only. */
const KEY_FILE = 'serverRSAPublicKeyFile';
const ALLOWS_RETRIEVAL = 'allowPublicKeyRetrieval';

const PLUGINS = ['caching_sha2_password', 'sha256_password'] as const;

/**
 * Options of a connection to a host without TLS.
 * @throws ConfigException if the file of the key cannot be read
 */
export function openLogin({ authPlugins }: MySqlModule, properties: Properties): MySqlOptions {
  const file = properties.get(KEY_FILE);
  const serverPublicKey = file === undefined || file === '' ? undefined : readTlsFile(KEY_FILE, filePath(file));
  if (serverPublicKey === undefined && properties.isSet(ALLOWS_RETRIEVAL)) return {};
  const plugin = { ...(serverPublicKey && { serverPublicKey }), onServerPublicKey: refuseKey };
  return { authPlugins: Object.fromEntries(PLUGINS.map(name => [name, authPlugins[name](plugin)])) };
}

/** Called before the password is encrypted. */
function refuseKey(): never {
  throw new Error(
    'Public Key Retrieval is not allowed: the server asks for the password under a key that it sends itself over a connection without TLS. ' +
      `Use TLS (sslMode), name a file with the key of the server (${KEY_FILE}), or trust the network (${ALLOWS_RETRIEVAL}=true)`,
  );
}
