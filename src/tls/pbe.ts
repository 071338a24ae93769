/** Decryption with a password, as PKCS12 stores and encrypted private keys use it (RFC 7292 appendix B and C, RFC 8018). */
import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { child, type DerNode, integerOf, octetsOf, oidOf, TAG } from './der';
import { decryptRc2Cbc } from './rc2';
import { StoreError } from './store-error';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';

/** Ciphers of PBES2 in Node's names, with the length of their keys in bytes. */
const CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
};

/** HMACs in Node's names of their hashes. */
export const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** Older schemes, whose key and vector are derived as PKCS12 itself defines: length of the key in bytes, and the cipher. */
const PKCS12_SCHEMES: Readonly<Record<string, { readonly keyBytes: number; readonly cipher: 'des-ede3-cbc' | 'rc2' }>> = {
  '1.2.840.113549.1.12.1.3': { keyBytes: 24, cipher: 'des-ede3-cbc' },
  '1.2.840.113549.1.12.1.4': { keyBytes: 16, cipher: 'des-ede3-cbc' },
  '1.2.840.113549.1.12.1.5': { keyBytes: 16, cipher: 'rc2' },
  '1.2.840.113549.1.12.1.6': { keyBytes: 5, cipher: 'rc2' },
};

/** What a derived octet is for. */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;
/** The most iterations that a file may ask for; more would keep the process busy for minutes. */
const MAX_ITERATIONS = 2_000_000;

/**
 * Decrypts what an `AlgorithmIdentifier` describes.
 * @throws StoreError `password` if the password is wrong, `format` for an unknown scheme
 */
export function decryptWithPassword(algorithm: DerNode, password: string, encrypted: Buffer): Buffer {
  const scheme = oidOf(child(algorithm, 0));
  const parameters = child(algorithm, 1, TAG.sequence);
  if (scheme === PBES2) return decryptPbes2(parameters, password, encrypted);
  const old = PKCS12_SCHEMES[scheme];
  if (!old) throw new StoreError('format', `it is encrypted in a way that is not known (${scheme})`);
  const salt = octetsOf(child(parameters, 0));
  const iterations = iterationsOf(child(parameters, 1));
  const derive = (purpose: number, length: number): Buffer => derivePkcs12('sha1', password, salt, iterations, purpose, length);
  const [key, iv] = [derive(PURPOSE.key, old.keyBytes), derive(PURPOSE.iv, 8)];
  if (old.cipher === 'rc2') return decryptRc2Cbc(key, 8 * old.keyBytes, iv, encrypted);
  // With two keys, the first is also the third.
  return decrypt(old.cipher, old.keyBytes === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key, iv, encrypted);
}

function decryptPbes2(parameters: DerNode, password: string, encrypted: Buffer): Buffer {
  const cipherIdentifier = child(parameters, 1, TAG.sequence);
  const oid = oidOf(child(cipherIdentifier, 0));
  const [cipher, keyBytes] = CIPHERS[oid] ?? [];
  if (cipher === undefined || keyBytes === undefined)
    throw new StoreError('format', `it is encrypted with a cipher that is not known (${oid})`);
  const key = derivePbkdf2(child(parameters, 0, TAG.sequence), password, keyBytes);
  return decrypt(cipher, key, octetsOf(child(cipherIdentifier, 1)), encrypted);
}

/** The key that an `AlgorithmIdentifier` of PBKDF2 describes. */
export function derivePbkdf2(identifier: DerNode, password: string, keyBytes: number): Buffer {
  const oid = oidOf(child(identifier, 0));
  if (oid !== PBKDF2) throw new StoreError('format', `its key is derived in a way that is not known (${oid})`);
  const parameters = child(identifier, 1, TAG.sequence);
  const prf = parameters.children.find(({ tag }) => tag === TAG.sequence);
  const hash = prf === undefined ? 'sha1' : HMACS[oidOf(child(prf, 0))];
  if (hash === undefined) throw new StoreError('format', 'its key is derived with a hash that is not known');
  const salt = octetsOf(child(parameters, 0, TAG.octets));
  return pbkdf2Sync(Buffer.from(password, 'utf8'), salt, iterationsOf(child(parameters, 1)), keyBytes, hash);
}

/** @throws StoreError above `MAX_ITERATIONS` */
export function iterationsOf(node: DerNode): number {
  const iterations = integerOf(node);
  if (iterations < 1 || iterations > MAX_ITERATIONS)
    throw new StoreError('format', `it asks for ${iterations} iterations, at most ${MAX_ITERATIONS} are done`);
  return iterations;
}

function decrypt(cipher: string, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw new StoreError('password', 'it cannot be decrypted');
  }
}

/** Key derivation of PKCS12 (RFC 7292, B.2): bytes of length `length` for a purpose. */
export function derivePkcs12(hash: string, password: string, salt: Buffer, iterations: number, purpose: number, length: number): Buffer {
  const blockBytes = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  // UTF-16, big-endian, with two zero octets at the end.
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const diversifier = Buffer.alloc(blockBytes, purpose);
  const input = Buffer.concat([fillBlocks(salt, blockBytes), fillBlocks(secret, blockBytes)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; ) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let i = 1; i < iterations; i++) digest = createHash(hash).update(digest).digest();
    parts.push(digest);
    made += digest.length;
    addToBlocks(input, fillBlocks(digest, blockBytes).subarray(0, blockBytes));
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** The bytes repeated until they fill whole blocks; empty for empty. */
function fillBlocks(bytes: Buffer, blockBytes: number): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
}

/** Adds a number and one to each block, in place, as numbers of that many octets. */
function addToBlocks(blocks: Buffer, addend: Buffer): void {
  for (let at = 0; at < blocks.length; at += addend.length) {
    let carry = 1;
    for (let i = addend.length - 1; i >= 0; i--) {
      carry += (blocks[at + i] as number) + (addend[i] as number);
      blocks[at + i] = carry & 0xff;
      carry >>>= 8;
    }
  }
}
