/** PEM: the text form of keys and certificates, which Node and librdkafka read. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { StoreError } from './store-error';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** True for text with a PEM block; other text may stand before it. */
export function looksLikePem(bytes: Buffer): boolean {
  return bytes.includes('-----BEGIN ');
}

/** A certificate as PEM text. */
export function certificatePem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** DER of all certificates of a text, in order. @throws StoreError if there is none */
export function certificatesOfPem(text: string): Buffer[] {
  const blocks = [...text.matchAll(BLOCK)].filter(([, label = '']) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (blocks.length === 0) throw new StoreError('format', 'it holds no certificate in PEM');
  return blocks.map(([block]) => Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64'));
}

/** The first private key of a text. @throws StoreError if there is none, or its password is missing or wrong */
export function privateKeyOfPem(text: string, password: string | undefined): KeyObject {
  const [block] = [...text.matchAll(BLOCK)].find(([, label = '']) => label.endsWith('PRIVATE KEY')) ?? [];
  if (block === undefined) throw new StoreError('format', 'it holds no private key in PEM');
  try {
    return createPrivateKey({ key: block, format: 'pem', passphrase: password ?? '' });
  } catch (error) {
    const isEncrypted = block.includes('ENCRYPTED');
    const code = String((error as NodeJS.ErrnoException).code);
    if (isEncrypted && !code.includes('UNSUPPORTED')) throw new StoreError('key-password', 'the password of the private key is wrong');
    throw new StoreError('format', isEncrypted ? 'the private key is encrypted in a way that is not known' : 'the private key is broken');
  }
}
