/** TLS: turns Java's keystore and truststore into what OpenSSL reads. */
import { invalidValue } from '../../api/config-types';
import type { TlsSettings } from '../../tls/tls-stores';
import type { Translation } from './translation';

/** Applies TLS settings if the protocol uses them. @throws ConnectError (ConfigException) naming the key and the remedy */
export function applyTlsRules(t: Translation): void {
  if (!t.value('security.protocol').toUpperCase().endsWith('SSL')) return;
  applyStores(t);
  const algorithm = t.value('ssl.endpoint.identification.algorithm').toLowerCase();
  if (algorithm !== '' && algorithm !== 'https')
    throw invalidValue('ssl.endpoint.identification.algorithm', algorithm, 'String must be one of: https, (empty)');
  t.set('ssl.endpoint.identification.algorithm', algorithm === '' ? 'none' : algorithm);
  applyCiphers(t);
}

/** Stores are decoded here and passed on as text: librdkafka reads neither JKS nor Java's truststores. */
function applyStores(t: Translation): void {
  const { readKeystore, readTruststore } = require('../../tls/tls-stores') as typeof import('../../tls/tls-stores');
  const settings: TlsSettings = { get: key => t.user(key), prefix: '' };
  const own = readKeystore(settings);
  const trust = readTruststore(settings);
  t.set('ssl.key.pem', own?.key);
  t.set('ssl.certificate.pem', own?.certificateChain);
  t.set('ssl.ca.pem', trust?.certificates);
  for (const warning of [...(own?.warnings ?? []), ...(trust?.warnings ?? [])]) t.warnings.push(`${t.kind}: ${warning}`);
}

function applyCiphers(t: Translation): void {
  const { openSslCipher } = require('../../tls/ciphers') as typeof import('../../tls/ciphers');
  const ciphers: string[] = [];
  for (const name of t.list('ssl.cipher.suites')) {
    const cipher = openSslCipher(name);
    if (cipher === null) t.warn('ssl.cipher.suites', `${name} cannot be chosen in OpenSSL this way`);
    else ciphers.push(cipher);
  }
  if (ciphers.length > 0) t.set('ssl.cipher.suites', ciphers.join(':'));
}
