/** Reads PKCS12 stores (RFC 7292) as keytool and OpenSSL write them. */
import { createHmac, createPrivateKey, timingSafeEqual, X509Certificate } from 'node:crypto';
import { child, type DerNode, octetsOf, oidOf, parseDer, TAG } from './der';
import type { KeyEntry, KeyStoreEntries, StorePasswords } from './key-store';
import { decryptWithPassword, derivePbkdf2, derivePkcs12, HMACS, iterationsOf, PURPOSE } from './pbe';
import { StoreError } from './store-error';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  /** keytool's mark of a trusted certificate; without it, a certificate belongs to the chain of a key. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
  pbmac1: '1.2.840.113549.1.5.14',
} as const;

/** Hashes of the checksum, by Node's names. */
const MAC_HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** One bag with its attributes. */
interface Bag {
  readonly kind: string;
  readonly value: DerNode;
  readonly alias: string;
  readonly localKeyId: Buffer | undefined;
  readonly isTrusted: boolean;
}

/** @throws StoreError */
export function readPkcs12(bytes: Buffer, passwords: StorePasswords): KeyStoreEntries {
  const store = parseDer(bytes);
  const content = contentOf(child(store, 1, TAG.sequence), undefined);
  if (passwords.store !== undefined && store.children.length > 2) checkMac(child(store, 2), content, passwords.store);
  const bags = parseDer(content).children.flatMap(info => parseDer(contentOf(info, passwords.store)).children.map(bagOf));
  const certificates = bags.filter(({ kind }) => kind === OID.certBag).map(bag => ({ ...bag, certificate: certificateOf(bag.value) }));
  const keyBags = bags.filter(({ kind }) => kind === OID.keyBag || kind === OID.shroudedKeyBag);
  const marked = certificates.filter(({ isTrusted }) => isTrusted).map(({ certificate }) => certificate);
  if (passwords.key === null) {
    const ofKeys = keyBags.flatMap(({ localKeyId }) => certificates.filter(bag => sameId(bag.localKeyId, localKeyId)));
    // A store of certificates only, created by OpenSSL, has no marks. Java finds nothing in it; here all its certificates are trusted.
    const unmarked = marked.length === 0 && keyBags.length === 0 ? certificates : ofKeys;
    return { keys: [], trusted: [...marked, ...unmarked.map(({ certificate }) => certificate)] };
  }
  const keyPassword = passwords.key;
  return { keys: keyBags.map(bag => keyEntryOf(bag, keyPassword, certificates)), trusted: marked };
}

/** The octets of a ContentInfo, decrypted. */
function contentOf(info: DerNode, password: string | undefined): Buffer {
  const type = oidOf(child(info, 0));
  const content = child(child(info, 1, TAG.context0), 0);
  if (type === OID.data) return octetsOf(content);
  if (type !== OID.encryptedData) throw new StoreError('format', `it is protected in a way that is not known (${type})`);
  if (password === undefined) throw new StoreError('password', 'its content is encrypted, and no password is set');
  const encrypted = child(content, 1, TAG.sequence);
  return decryptWithPassword(child(encrypted, 1, TAG.sequence), password, octetsOf(child(encrypted, 2)));
}

function checkMac(macData: DerNode, content: Buffer, password: string): void {
  const digestInfo = child(macData, 0, TAG.sequence);
  const algorithm = child(digestInfo, 0, TAG.sequence);
  const oid = oidOf(child(algorithm, 0));
  const expected = octetsOf(child(digestInfo, 1));
  const { hash, key } = oid === OID.pbmac1 ? macKeyOfPbmac1(child(algorithm, 1), password) : macKeyOfPkcs12(oid, macData, password);
  const actual = createHmac(hash, key).update(content).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
    throw new StoreError('password', 'the password is wrong, or the file was changed');
}

interface MacKey {
  readonly hash: string;
  readonly key: Buffer;
}

function macKeyOfPkcs12(oid: string, macData: DerNode, password: string): MacKey {
  const hash = MAC_HASHES[oid];
  if (hash === undefined) throw new StoreError('format', `its checksum is of a kind that is not known (${oid})`);
  const iterations = macData.children[2] === undefined ? 1 : iterationsOf(macData.children[2]);
  const length = createHmac(hash, '').digest().length;
  return { hash, key: derivePkcs12(hash, password, octetsOf(child(macData, 1)), iterations, PURPOSE.mac, length) };
}

/** RFC 9579. */
function macKeyOfPbmac1(parameters: DerNode, password: string): MacKey {
  const hash = HMACS[oidOf(child(child(parameters, 1), 0))];
  if (hash === undefined) throw new StoreError('format', 'its checksum is of a kind that is not known');
  return { hash, key: derivePbkdf2(child(parameters, 0), password, createHmac(hash, '').digest().length) };
}

function bagOf(node: DerNode): Bag {
  const attributes = new Map(
    (node.children[2]?.children ?? []).map(attribute => [oidOf(child(attribute, 0)), child(attribute, 1).children[0]]),
  );
  const name = attributes.get(OID.friendlyName);
  const id = attributes.get(OID.localKeyId);
  return {
    kind: oidOf(child(node, 0)),
    value: child(child(node, 1, TAG.context0), 0),
    alias:
      name === undefined
        ? ''
        : Buffer.from(name.content.subarray(0, name.content.length & ~1))
            .swap16()
            .toString('utf16le'),
    localKeyId: id && octetsOf(id),
    isTrusted: attributes.has(OID.trustedKeyUsage),
  };
}

const sameId = (a: Buffer | undefined, b: Buffer | undefined): boolean => a !== undefined && b !== undefined && a.equals(b);

const certificateOf = (value: DerNode): Buffer => octetsOf(child(child(value, 1, TAG.context0), 0));

type CertificateBag = Bag & { readonly certificate: Buffer };

function keyEntryOf(bag: Bag, password: string, certificates: readonly CertificateBag[]): KeyEntry {
  const key = bag.kind === OID.keyBag ? bag.value.whole : decryptKey(bag.value, password);
  const own =
    certificates.find(candidate => sameId(candidate.localKeyId, bag.localKeyId)) ??
    certificates.find(({ certificate }) => fits(certificate, key));
  const chain = own === undefined ? [] : chainFrom(own.certificate, certificates);
  return { alias: bag.alias, key, chain };
}

function decryptKey(encrypted: DerNode, password: string): Buffer {
  try {
    return decryptWithPassword(child(encrypted, 0, TAG.sequence), password, octetsOf(child(encrypted, 1)));
  } catch (error) {
    if (error instanceof StoreError && error.problem === 'password')
      throw new StoreError('key-password', 'the password of the private key is wrong');
    throw error;
  }
}

function fits(certificate: Buffer, key: Buffer): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  } catch {
    return false;
  }
}

/** The certificate, its issuer's, and so on as far as the store has them. */
function chainFrom(own: Buffer, certificates: readonly CertificateBag[]): Buffer[] {
  const chain = [new X509Certificate(own)];
  const others = certificates.map(({ certificate }) => new X509Certificate(certificate));
  for (let last = chain[0]; last !== undefined; ) {
    const current: X509Certificate = last;
    const issuer = others.find(candidate => current.issuer === candidate.subject && current.checkIssued(candidate));
    last = issuer === undefined || chain.some(({ raw }) => raw.equals(issuer.raw)) ? undefined : issuer;
    if (last !== undefined) chain.push(last);
  }
  return chain.map(({ raw }) => raw);
}
