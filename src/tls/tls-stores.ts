/**
 * Reads the keys and certificates of `ssl.keystore.*` and `ssl.truststore.*` as PEM text, in memory. The format is told from the content of
 * a file, not from `ssl.*.type`: Java's JKS reads PKCS12 as well.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { asSentence, ConnectError, SettingError } from '../errors';
import { readNamedFile, UnreadableFile } from '../named-files';
import { looksLikeJks, readJks } from './jks';
import type { KeyStoreEntries, StorePasswords } from './key-store';
import { certificatePem, certificatesOfPem, looksLikePem, privateKeyOfPem } from './pem';
import { readPkcs12 } from './pkcs12';
import { StoreError } from './store-error';

/** Where settings come from: the value of a key such as `ssl.keystore.location`, undefined if it is not set. */
export interface TlsSettings {
  get(key: string): string | undefined;
  /** The prefix of the keys in the user's settings, e.g. `listeners.https.`; for messages. */
  readonly prefix: string;
}

/** A private key with its certificates, as PEM text. */
export interface KeyMaterial {
  /** PKCS#8, not encrypted; must never be logged. */
  readonly key: string;
  readonly certificateChain: string;
  /** Warnings for the user, e.g. that the certificate has expired. */
  readonly warnings: readonly string[];
}

/** Certificates to trust, as PEM text. */
export interface TrustMaterial {
  readonly certificates: string;
  readonly warnings: readonly string[];
}

const TYPES = ['JKS', 'PKCS12', 'PEM'];
const REMEDY = {
  read: 'Set it to a file that this process may read',
  format: 'Check that it is the right file and whole: keytool -list -keystore <file>',
  convert: 'Convert it: keytool -importkeystore -srckeystore <file> -destkeystore <file>.p12 -deststoretype PKCS12',
} as const;

/** One store of the settings: `keystore` or `truststore`. */
class Store {
  readonly locationKey: string;
  readonly location: string;

  constructor(
    readonly settings: TlsSettings,
    readonly kind: 'keystore' | 'truststore',
  ) {
    this.locationKey = this.name(`ssl.${kind}.location`);
    this.location = this.get('location') ?? '';
    const type = this.type;
    if (!TYPES.includes(type)) {
      const expected = 'String must be one of: JKS, PKCS12, PEM';
      const key = this.name(`ssl.${kind}.type`);
      throw new SettingError(key, `Invalid value ${type} for configuration ${key}: ${expected}`);
    }
  }

  /** A setting of this store. */
  get(what: string): string | undefined {
    return this.settings.get(`ssl.${this.kind}.${what}`);
  }

  get type(): string {
    return (this.get('type') || 'JKS').toUpperCase();
  }

  name(key: string): string {
    return this.settings.prefix + key;
  }

  /** An error about the file. */
  refuse(problem: string, remedy: string, cause?: unknown): ConnectError {
    const text = `Invalid value ${this.location} for configuration ${this.locationKey}: ${problem}. ${remedy.replaceAll('<file>', this.location)}`;
    return new SettingError(this.locationKey, text, cause);
  }

  /** A reader's error as a message for the user. */
  explain(error: unknown): unknown {
    if (!(error instanceof StoreError)) return error;
    const { problem, message } = error;
    if (problem === 'password') return this.refuse(message, `Check ${this.name(`ssl.${this.kind}.password`)}`);
    if (problem === 'key-password') {
      const byDefault = this.isPem ? '' : `; where it is not set, ${this.name('ssl.keystore.password')} is used`;
      return this.refuse(message, `Check ${this.name('ssl.key.password')}${byDefault}`);
    }
    return this.refuse(`the file cannot be used: ${message}`, REMEDY.format);
  }

  private isPem = false;

  /** @returns the content, and whether it is PEM. @throws ConnectError */
  read(): { bytes: Buffer; isPem: boolean } {
    try {
      const bytes = readNamedFile(this.location);
      this.isPem = !looksLikeJks(bytes) && bytes[0] !== 0x30 && looksLikePem(bytes);
      return { bytes, isPem: this.isPem };
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      throw this.refuse(error.code === undefined ? error.message : `the file cannot be read (${error.code})`, REMEDY.read, error);
    }
  }

  /** The entries of a store that is not PEM. */
  entries(bytes: Buffer, passwords: StorePasswords): KeyStoreEntries {
    if (looksLikeJks(bytes)) return readJks(bytes, passwords);
    if (bytes[0] === 0x30) return readPkcs12(bytes, passwords);
    if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xcececece) throw this.refuse('the file is of type JCEKS', REMEDY.convert);
    throw new StoreError('format', 'it is neither JKS nor PKCS12 nor PEM');
  }
}

/**
 * The key of `ssl.keystore.*`.
 * @returns null if none is set
 * @throws ConnectError (ConfigException) that names setting, file and remedy, and no password
 */
export function readKeystore(settings: TlsSettings): KeyMaterial | null {
  const store = new Store(settings, 'keystore');
  const key = store.get('key');
  const chain = store.get('certificate.chain');
  if (key !== undefined || chain !== undefined) return inlineKey(store, key, chain);
  if (store.location === '') return null;
  const { bytes, isPem } = store.read();
  try {
    if (isPem) return pemKey(store, bytes.toString('latin1'), bytes.toString('latin1'));
    const password = store.get('password');
    if (password === undefined) {
      throw new ConnectError(
        'ConfigException',
        `SSL key store is specified, but key store password is not specified: ${store.name('ssl.keystore.password')} is needed for ${store.location}`,
      );
    }
    const { keys } = store.entries(bytes, { store: password, key: settings.get('ssl.key.password') ?? password });
    const entry = keys.find(candidate => candidate.chain.length > 0);
    if (!entry) throw new StoreError('format', 'it holds no private key with a certificate');
    const several = `${store.name('ssl.keystore.location')} holds ${keys.length} keys; the first, ${entry.alias}, is used`;
    const material = keyMaterial(store, createPrivateKey({ key: entry.key, format: 'der', type: 'pkcs8' }), entry.chain);
    return keys.length > 1 ? { ...material, warnings: [several, ...material.warnings] } : material;
  } catch (error) {
    throw store.explain(unreadable(error));
  }
}

function inlineKey(store: Store, key: string | undefined, chain: string | undefined): KeyMaterial {
  if (store.type !== 'PEM') throw conflict('SSL key store password and certificate or key', store.name('ssl.keystore.type'));
  if (store.location !== '')
    throw new ConnectError('ConfigException', 'Both SSL key store location and separate private key are specified.');
  if (key === undefined) throw new ConnectError('ConfigException', 'SSL certificate chain is specified, but ssl.keystore.key is missing');
  if (chain === undefined)
    throw new ConnectError('ConfigException', 'SSL private key is specified, but certificate chain is not specified.');
  try {
    return pemKey(store, key, chain);
  } catch (error) {
    throw inlineProblem(unreadable(error), store.name('ssl.keystore.key'), store.name('ssl.key.password'));
  }
}

function pemKey(store: Store, keyText: string, chainText: string): KeyMaterial {
  return keyMaterial(store, privateKeyOfPem(keyText, store.settings.get('ssl.key.password')), certificatesOfPem(chainText));
}

function keyMaterial(store: Store, key: KeyObject, chain: readonly Buffer[]): KeyMaterial {
  const certificates = chain.map(der => new X509Certificate(der));
  const own = certificates.find(certificate => certificate.checkPrivateKey(key));
  if (own === undefined) throw new StoreError('format', 'its certificate does not belong to its private key');
  const ordered = [own, ...certificates.filter(certificate => certificate !== own)];
  const where = store.location === '' ? store.name('ssl.keystore.certificate.chain') : `${store.locationKey}=${store.location}`;
  return {
    key: String(key.export({ format: 'pem', type: 'pkcs8' })),
    certificateChain: ordered.map(({ raw }) => certificatePem(raw)).join(''),
    warnings: validityWarnings([own], `The certificate of ${where}`),
  };
}

/**
 * The certificates of `ssl.truststore.*`.
 * @returns null if none is set; then the system's certificates are used
 * @throws ConnectError (ConfigException) that names setting, file and remedy, and no password
 */
export function readTruststore(settings: TlsSettings): TrustMaterial | null {
  const store = new Store(settings, 'truststore');
  const inline = store.get('certificates');
  if (inline !== undefined) {
    if (store.type !== 'PEM') throw conflict('SSL trust store certificates', store.name('ssl.truststore.type'));
    if (store.location !== '')
      throw new ConnectError('ConfigException', 'Both SSL trust store location and separate trust certificates are specified.');
    try {
      return trustMaterial(store, certificatesOfPem(inline));
    } catch (error) {
      throw inlineProblem(unreadable(error), store.name('ssl.truststore.certificates'), '');
    }
  }
  if (store.location === '') return null;
  const { bytes, isPem } = store.read();
  try {
    if (isPem) return trustMaterial(store, certificatesOfPem(bytes.toString('latin1')));
    const { trusted } = store.entries(bytes, { store: store.get('password'), key: null });
    if (trusted.length === 0) throw new StoreError('format', 'it holds no certificate to trust');
    return trustMaterial(store, trusted);
  } catch (error) {
    throw store.explain(unreadable(error));
  }
}

function trustMaterial(store: Store, certificates: readonly Buffer[]): TrustMaterial {
  const parsed = certificates.map(der => new X509Certificate(der));
  const where = store.location === '' ? store.name('ssl.truststore.certificates') : `${store.locationKey}=${store.location}`;
  // No warnings for stores of many authorities, which always hold some that have expired.
  const warnings = validityWarnings(parsed, `The certificate of ${where}`);
  return { certificates: certificates.map(certificatePem).join(''), warnings: warnings.length === parsed.length ? warnings : [] };
}

/** A line for each certificate that is not valid now. */
function validityWarnings(certificates: readonly X509Certificate[], what: string): string[] {
  const now = Date.now();
  return certificates.flatMap(({ subject, validFrom, validTo }) => {
    const name = subject.replaceAll('\n', ', ');
    if (Date.parse(validTo) < now) return [`${what} (${name}) expired on ${validTo}, so peers refuse it. Renew it`];
    return Date.parse(validFrom) > now ? [`${what} (${name}) is valid only from ${validFrom}; peers refuse it until then`] : [];
  });
}

/** Replaces errors of Node's parsers, which may quote parts of a key, by ours. */
function unreadable(error: unknown): unknown {
  if (error instanceof StoreError || error instanceof ConnectError) return error;
  return new StoreError('format', 'a key or certificate in it is broken');
}

function inlineProblem(error: unknown, key: string, passwordKey: string): unknown {
  if (!(error instanceof StoreError)) return error;
  const remedy = error.problem === 'key-password' ? `Check ${passwordKey}` : 'Give it as PEM text, with its BEGIN and END lines';
  return new SettingError(key, `Invalid value [hidden] for configuration ${key}: ${asSentence(error.message)} ${remedy}`);
}

function conflict(what: string, key: string): ConnectError {
  return new ConnectError('ConfigException', `${what} can be specified only for PEM; set ${key}=PEM`);
}
