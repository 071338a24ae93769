/** The client key for PostgreSQL (`sslkey`), in each form that pgjdbc accepts: PKCS#8 in DER, a PKCS12 store, or PEM. */
import { createPrivateKey } from 'node:crypto';
import { ConnectError } from '../../../errors';
import { child, integerOf, parseDer, TAG } from '../../../tls/der';
import { keyOfStore } from '../url/java-stores';
import type { Properties } from '../url/jdbc-address';
import { isPem, pemOf } from '../url/tls-files';

/** PEM texts: the decrypted key, and the certificates from the same file. */
export interface ClientKey {
  readonly key: string;
  readonly certificates: string | null;
}

/** The version number of all PKCS12 stores; keys have 0 or 1 in its place. */
const PKCS12_VERSION = 3;

/** Null if the URL names no key. @throws ConfigException that names the parameter, and never the password */
export function clientKey(properties: Properties): ClientKey | null {
  const value = properties.get('sslkey');
  if (value === undefined || value === '') return null;
  const bytes = pemOf('sslkey', value);
  if (!isPem(bytes) && isPkcs12(bytes)) {
    const material = keyOfStore(properties, { location: ['sslkey'], password: ['sslpassword'] });
    return material && { key: material.key, certificates: material.certificateChain };
  }
  const form = isPem(bytes) ? ({ format: 'pem' } as const) : ({ format: 'der', type: 'pkcs8' } as const);
  try {
    const key = createPrivateKey({ key: bytes, ...form, passphrase: properties.get('sslpassword') ?? '' });
    return { key: String(key.export({ format: 'pem', type: 'pkcs8' })), certificates: null };
  } catch {
    throw new ConnectError(
      'ConfigException',
      `The URL parameter sslkey names ${value.includes('-----BEGIN') ? 'a text' : value}, which is not a private key (PKCS#8 in DER or PEM, or PKCS12), or sslpassword is wrong`,
    );
  }
}

function isPkcs12(bytes: Buffer): boolean {
  try {
    const first = child(parseDer(bytes), 0);
    return first.tag === TAG.integer && integerOf(first) === PKCS12_VERSION;
  } catch {
    return false;
  }
}
