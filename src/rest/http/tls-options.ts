/** TLS of https listeners: from the worker's `ssl.*` settings to Node's options (org.apache.kafka.connect.runtime.rest.util.SSLUtils). */
import type { ServerOptions } from 'node:https';
import type { SecureVersion } from 'node:tls';
import { invalidValue, parseType } from '../../api/config-types';
import type { WorkerConfig } from '../../config/worker-config';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import type { TlsSettings } from '../../tls/tls-stores';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');

/** Which settings count for which listeners. */
export const TLS_PREFIX = { listeners: 'listeners.https.', 'admin.listeners': 'admin.listeners.https.' } as const;

/** Options for a server, and what the server itself has to see to. */
export interface ListenerTls {
  readonly options: ServerOptions;
  /** `ssl.client.auth=requested`: a client may show no certificate, but none that is not trusted. */
  readonly refuseUntrusted: boolean;
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Reads the settings of https listeners. If any setting has the prefix, only those with it count, as in Java; otherwise those without.
 * @throws ConnectError (ConfigException) that names setting, file and remedy, and no password
 */
export function readListenerTls(worker: WorkerConfig, prefix: string): ListenerTls {
  const { readKeystore, readTruststore } = require('../../tls/tls-stores') as typeof import('../../tls/tls-stores');
  const settings = settingsOf(worker, prefix);
  const own = readKeystore(settings);
  if (!own) {
    const location = `${prefix}ssl.keystore.location`;
    throw new ConnectError(
      'ConfigException',
      `An https listener needs a key and a certificate: set ${location} and ${prefix}ssl.keystore.password`,
    );
  }
  const trust = readTruststore(settings);
  for (const warning of [...own.warnings, ...(trust?.warnings ?? [])]) log.warn(warning);
  const clientAuth = settings.get('ssl.client.auth') || 'none';
  if (!['required', 'requested', 'none'].includes(clientAuth))
    throw invalidValue(`${settings.prefix}ssl.client.auth`, clientAuth, 'String must be one of: required, requested, none');
  return {
    refuseUntrusted: clientAuth === 'requested',
    options: {
      key: own.key,
      cert: own.certificateChain,
      ...(trust && { ca: trust.certificates }),
      requestCert: clientAuth !== 'none',
      rejectUnauthorized: clientAuth === 'required',
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ...versions(settings),
      ...ciphers(settings),
    },
  };
}

function settingsOf(worker: WorkerConfig, prefix: string): TlsSettings {
  const own = worker.withPrefix(prefix);
  return Object.keys(own).length === 0 ? { get: key => worker.originals[key], prefix: '' } : { get: key => own[key], prefix };
}

const listOf = (settings: TlsSettings, key: string): readonly string[] =>
  parseType(settings.prefix + key, settings.get(key) ?? '', 'LIST') as readonly string[];

function versions(settings: TlsSettings): ServerOptions {
  const key = 'ssl.enabled.protocols';
  const wanted = listOf(settings, key).map(name => VERSIONS.findIndex(version => version.toLowerCase() === name.toLowerCase()));
  if (wanted.includes(-1)) throw invalidValue(settings.prefix + key, settings.get(key), `String must be one of: ${VERSIONS.join(', ')}`);
  const [min, max] = [VERSIONS[Math.min(...wanted)], VERSIONS[Math.max(...wanted)]];
  return min === undefined || max === undefined ? {} : { minVersion: min, maxVersion: max };
}

function ciphers(settings: TlsSettings): ServerOptions {
  const { openSslCipher } = require('../../tls/ciphers') as typeof import('../../tls/ciphers');
  const known = listOf(settings, 'ssl.cipher.suites').flatMap(name => {
    // Those of TLS 1.3 have one name everywhere.
    const cipher = /^TLS_(?:AES|CHACHA20)_/.test(name) ? name : openSslCipher(name);
    if (cipher === null) log.warn(`${settings.prefix}ssl.cipher.suites: OpenSSL has no suite ${name}; it is left out`);
    return cipher ?? [];
  });
  return known.length === 0 ? {} : { ciphers: known.join(':') };
}
