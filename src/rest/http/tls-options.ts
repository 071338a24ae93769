/** TLS of https listeners: from the worker's `ssl.*` settings to Node's options (org.apache.kafka.connect.runtime.rest.util.SSLUtils). */
import type { ServerOptions } from 'node:https';
import type { SecureVersion } from 'node:tls';
import { invalidValue, parseType } from '../../api/config-types';
import type { WorkerConfig } from '../../config/worker-config';
import { ConnectError, SettingError } from '../../errors';
import type { TlsSettings } from '../../tls/tls-stores';

/** Which settings count for which listeners. */
const TLS_PREFIX = { listeners: 'listeners.https.', 'admin.listeners': 'admin.listeners.https.' } as const;

/** The settings that hold listeners. */
export type ListenersKey = keyof typeof TLS_PREFIX;

/** Options for a server, and what the server itself has to see to. */
export interface ListenerTls {
  readonly options: ServerOptions;
  /** `ssl.client.auth=requested`: a client may show no certificate, but none that is not trusted. */
  readonly refuseUntrusted: boolean;
  /** What the user should know, e.g. that the certificate has expired. */
  readonly warnings: readonly string[];
}

/** What has been read, and all that is wrong: with any of that, `tls` is not to be used. */
export interface ListenerTlsRead {
  readonly tls: ListenerTls;
  readonly problems: readonly { readonly key: string; readonly error: ConnectError }[];
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Reads the settings of the https listeners of a setting, and the files that they name. If any setting has the prefix, only those with it
 * count, as in Java; otherwise those without. Problems name setting, file and remedy, and no password.
 */
export function readListenerTls(worker: WorkerConfig, listenersKey: ListenersKey): ListenerTlsRead {
  const { readKeystore, readTruststore } = require('../../tls/tls-stores') as typeof import('../../tls/tls-stores');
  const settings = settingsOf(worker, TLS_PREFIX[listenersKey]);
  const problems: { key: string; error: ConnectError }[] = [];
  const attempt = <T>(key: string, read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      problems.push({ key: error instanceof SettingError ? error.key : settings.prefix + key, error });
      return null;
    }
  };
  const own = attempt('ssl.keystore.location', () => readKeystore(settings) ?? noKey(listenersKey));
  const trust = attempt('ssl.truststore.location', () => readTruststore(settings));
  const clientAuth = attempt('ssl.client.auth', () => clientAuthOf(settings));
  const suites = attempt('ssl.cipher.suites', () => ciphers(settings));
  const tls = {
    refuseUntrusted: clientAuth === 'requested',
    options: {
      ...(own && { key: own.key, cert: own.certificateChain }),
      ...(trust && { ca: trust.certificates }),
      requestCert: clientAuth !== 'none',
      rejectUnauthorized: clientAuth === 'required',
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ...attempt('ssl.enabled.protocols', () => versions(settings)),
      ...suites?.options,
    },
    warnings: [own, trust, suites].flatMap(part => part?.warnings ?? []),
  };
  return { tls, problems };
}

function noKey(listenersKey: ListenersKey): never {
  const prefix = TLS_PREFIX[listenersKey];
  const keys = `${prefix}ssl.keystore.location and ${prefix}ssl.keystore.password`;
  throw new SettingError(listenersKey, `An https listener needs a key and a certificate: set ${keys}`);
}

function clientAuthOf(settings: TlsSettings): string {
  const key = 'ssl.client.auth';
  const clientAuth = settings.get(key) || 'none';
  if (['required', 'requested', 'none'].includes(clientAuth)) return clientAuth;
  throw invalidValue(settings.prefix + key, clientAuth, 'String must be one of: required, requested, none');
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

function ciphers(settings: TlsSettings): { options: ServerOptions; warnings: string[] } {
  const { openSslCipher } = require('../../tls/ciphers') as typeof import('../../tls/ciphers');
  const key = 'ssl.cipher.suites';
  const named = listOf(settings, key);
  // Those of TLS 1.3 have one name everywhere.
  const known = named.map(name => (/^TLS_(?:AES|CHACHA20)_/.test(name) ? name : openSslCipher(name)));
  const warnings = named
    .filter((_, i) => known[i] === null)
    .map(name => `${settings.prefix}${key}: OpenSSL has no suite ${name}; it is left out`);
  const suites = known.filter(name => name !== null);
  return { options: suites.length === 0 ? {} : { ciphers: suites.join(':') }, warnings };
}
