/**
 * Login with caching_sha2_password or sha256_password. Both need the plain password, encrypted by TLS or with an RSA key. A key received
 * over an unencrypted connection may be an attacker's, so it is not used unless the user allows it, as in Connector/J and the MariaDB
 * driver.
 */
import type { Properties } from '../url/jdbc-address';
import { filePath, readTlsFile } from '../url/tls-files';
import type { MySqlModule, MySqlOptions } from './mysql-driver';

/** Parameters of both drivers, which differ in case only. */
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
