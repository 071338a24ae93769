/** Reads keys and certificates from Java's stores (JKS, PKCS12) that URL parameters name, as the Java drivers do. */
import { ConnectError, toError } from '../../../errors';
import { type KeyMaterial, readKeystore, readTruststore, type TlsSettings } from '../../../tls/tls-stores';
import type { Properties } from './jdbc-address';
import { filePath } from './tls-files';

/** The parameters of a driver for one store; several names are those of several drivers. */
export interface StoreParameters {
  readonly location: readonly string[];
  readonly password: readonly string[];
}

/** Certificates to trust, as PEM text; null if no store is named. @throws ConfigException that names the parameter */
export function trustedCertificates(properties: Properties, parameters: StoreParameters): string | null {
  return read(properties, parameters, 'truststore', readTruststore)?.certificates ?? null;
}

/** The client key, as PEM text; null if no store is named. @throws ConfigException that names the parameter */
export function keyOfStore(properties: Properties, parameters: StoreParameters): KeyMaterial | null {
  return read(properties, parameters, 'keystore', readKeystore);
}

function read<T>(
  properties: Properties,
  { location, password }: StoreParameters,
  kind: 'truststore' | 'keystore',
  reader: (settings: TlsSettings) => T | null,
): T | null {
  const file = properties.get(...location);
  if (file === undefined || file === '') return null;
  const values: Readonly<Record<string, string | undefined>> = {
    [`ssl.${kind}.location`]: filePath(file),
    [`ssl.${kind}.password`]: properties.get(...password) ?? '',
  };
  try {
    return reader({ prefix: '', get: key => values[key] });
  } catch (error) {
    // The error names settings of a worker, which the user has not set.
    const shown = toError(error)
      .message.replaceAll(`ssl.${kind}.location`, location.find(name => properties.get(name) === file) ?? kind)
      .replaceAll(`ssl.${kind}.password`, password[0] ?? 'the password');
    throw new ConnectError('ConfigException', shown, error);
  }
}
