/** Reads Java's own key stores (sun.security.provider.JavaKeyStore.JKS, KeyProtector): type JKS, versions 1 and 2. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { child, octetsOf, oidOf, parseDer } from './der';
import type { KeyEntry, KeyStoreEntries, StorePasswords } from './key-store';
import { StoreError } from './store-error';

const MAGIC = 0xfeedfeed;
const TAG = { key: 1, certificate: 2 } as const;
const DIGEST_BYTES = 20;
/** The digest over the file begins with the password and this text. */
const WHITENER = 'Mighty Aphrodite';
/** How Sun protects private keys: a key stream of SHA-1. */
const SUN_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1';

export function looksLikeJks(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === MAGIC;
}

/** @throws StoreError */
export function readJks(bytes: Buffer, passwords: StorePasswords): KeyStoreEntries {
  const file = new JksFile(bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES)));
  file.uint32();
  const version = file.uint32();
  if (version !== 1 && version !== 2) throw new StoreError('format', `version ${version} of JKS is not known`);
  if (passwords.store !== undefined) checkDigest(bytes, passwords.store);
  const keys: KeyEntry[] = [];
  const trusted: Buffer[] = [];
  for (let count = file.uint32(); count > 0; count--) {
    const tag = file.uint32();
    const alias = file.text();
    file.take(8); // the date
    if (tag === TAG.key) {
      const protectedKey = file.take(file.uint32());
      const chain = Array.from({ length: file.count() }, () => file.certificate(version));
      if (passwords.key !== null) keys.push({ alias, key: recoverKey(protectedKey, passwords.key), chain });
      // A truststore made from a keystore: Java trusts the certificate of the key itself.
      else trusted.push(...chain.slice(0, 1));
    } else if (tag === TAG.certificate) trusted.push(file.certificate(version));
    else throw new StoreError('format', `an entry has the unknown kind ${tag}`);
  }
  return { keys, trusted };
}

/** Reads a file in order; every read throws a StoreError if the file ends too early. */
class JksFile {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) throw new StoreError('format', 'it ends too early');
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  uint32(): number {
    return this.take(4).readUInt32BE();
  }

  /** A count of items of at least four bytes each. */
  count(): number {
    const count = this.uint32();
    if (count * 4 > this.bytes.length - this.at) throw new StoreError('format', 'it ends too early');
    return count;
  }

  text(): string {
    return this.take(this.take(2).readUInt16BE()).toString('utf8');
  }

  certificate(version: number): Buffer {
    if (version === 2) this.text(); // X.509
    return this.take(this.uint32());
  }
}

/** Two octets a character, high one first. */
const passwordBytes = (password: string): Buffer => Buffer.from(password, 'utf16le').swap16();

function checkDigest(bytes: Buffer, password: string): void {
  const end = bytes.length - DIGEST_BYTES;
  if (end < 0) throw new StoreError('format', 'it ends too early');
  const digest = createHash('sha1').update(passwordBytes(password)).update(WHITENER).update(bytes.subarray(0, end)).digest();
  if (!timingSafeEqual(digest, bytes.subarray(end))) throw new StoreError('password', 'the password is wrong, or the file was changed');
}

/** Undoes the protection: salt, key xor a stream of digests, and a digest of the clear key. */
function recoverKey(protectedKey: Buffer, password: string): Buffer {
  const info = parseDer(protectedKey);
  const algorithm = oidOf(child(child(info, 0), 0));
  if (algorithm !== SUN_PROTECTOR) throw new StoreError('format', `a key is protected in a way that is not known (${algorithm})`);
  const data = octetsOf(child(info, 1));
  if (data.length < 2 * DIGEST_BYTES) throw new StoreError('format', 'a key ends too early');
  const secret = passwordBytes(password);
  const digestOf = (part: Buffer): Buffer => createHash('sha1').update(secret).update(part).digest();
  const key = Buffer.from(data.subarray(DIGEST_BYTES, data.length - DIGEST_BYTES));
  let stream = data.subarray(0, DIGEST_BYTES);
  for (let i = 0; i < key.length; i++) {
    if (i % DIGEST_BYTES === 0) stream = digestOf(stream);
    key[i] = (key[i] as number) ^ (stream[i % DIGEST_BYTES] as number);
  }
  if (!timingSafeEqual(digestOf(key), data.subarray(data.length - DIGEST_BYTES)))
    throw new StoreError('key-password', 'the password of the private key is wrong');
  return key;
}
