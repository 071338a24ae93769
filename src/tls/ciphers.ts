/** Names of ciphers in Java and OpenSSL. */
import { getCiphers } from 'node:tls';

/**
 * OpenSSL's name of a cipher suite, given Java's (`TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`) or its own.
 * @returns null if OpenSSL has no such suite below TLS 1.3
 */
export function openSslCipher(name: string): string | null {
  const isJavas = /^(?:TLS|SSL)_/.test(name);
  if (isJavas && !name.includes('_WITH_')) return null;
  const short = name
    .replace(/^(?:TLS|SSL)_(?:RSA_WITH_)?/, '')
    .replace('_WITH_', '_')
    .replace(/(AES|CAMELLIA|ARIA)_(\d+)_(?:CBC_)?/, '$1$2_')
    .replace(/(CHACHA20_POLY1305)_SHA256$/, '$1')
    .replaceAll('_', '-');
  return getCiphers().includes(short.toLowerCase()) ? short : null;
}
