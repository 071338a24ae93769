/** Tells formats of key files apart, and names of ciphers in Java and OpenSSL. */
import { closeSync, openSync, readSync } from 'node:fs';
import { getCiphers } from 'node:tls';
import { ConnectError } from '../errors';

const HEAD_BYTES = 4096;
const JKS_MAGIC = 0xfeedfeed;
const DER_SEQUENCE = 0x30;

/** The first bytes of a key file. @throws ConnectError (ConfigException) naming the key and the path */
export function headOfFile(key: string, path: string): Buffer {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConnectError('ConfigException', `Invalid value ${path} for configuration ${key}: the file cannot be read (${code})`, error);
  }
}

/** True for text with a PEM block; other text may stand before it. */
export function looksLikePem(head: Buffer): boolean {
  return head.includes('-----BEGIN ');
}

export function looksLikeJks(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32BE(0) === JKS_MAGIC;
}

/** True for a DER sequence, which a PKCS12 file is. */
export function looksLikePkcs12(head: Buffer): boolean {
  return head[0] === DER_SEQUENCE;
}

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
