/** Who may use the REST API: users of a password file (HTTP basic authentication), holders of a token (bearer). Java has neither. */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { loadProperties } from '../../config/properties';
import { ConnectError, toError } from '../../errors';

/** `rest.auth.*`, where set. */
export interface AuthenticationSettings {
  /** Path of the file of users. */
  readonly basicFile: string | null;
  readonly bearerToken: string | null;
  /** Paths that need no authentication. */
  readonly openPaths: readonly string[];
}

/** Tells who may come in. */
export interface Authentication {
  /** Values of `WWW-Authenticate` for those who may not. */
  readonly challenges: readonly string[];
  /** Looks at path and `Authorization` header of a request. Takes the same time for a wrong name as for a wrong password. */
  allows(path: string, authorization: string | undefined): Promise<boolean>;
}

/** A password as it stands in the file: in clear, or `scrypt$N$r$p$salt$hash` with salt and hash in base64. */
type StoredPassword =
  | { readonly kind: 'clear'; readonly digest: Buffer }
  | { readonly kind: 'scrypt'; readonly cost: ScryptCost; readonly salt: Buffer; readonly hash: Buffer };

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const SCRYPT = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;
/** What one check may take. */
const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;
const REALM = 'realm="connect"';
/** Pairs of name and password that were found right lately; scrypt takes a twentieth of a second. */
const MAX_REMEMBERED = 100;

/** @returns null if nothing is set, so everybody may. @throws ConnectError (ConfigException) that names setting and file, and shows no password */
export function createAuthentication(settings: AuthenticationSettings): Authentication | null {
  const { basicFile, bearerToken, openPaths } = settings;
  if (bearerToken?.trim() === '')
    throw new ConnectError('ConfigException', 'Invalid value [hidden] for configuration rest.auth.bearer.token: it is empty');
  const users = basicFile ? new Users(basicFile) : null;
  if (!users && !bearerToken) return null;
  const token = bearerToken ? digest(bearerToken.trim()) : null;
  return {
    challenges: [...(users ? [`Basic ${REALM}, charset="UTF-8"`] : []), ...(token ? [`Bearer ${REALM}`] : [])],
    allows: async (path, authorization = '') => {
      if (openPaths.includes(path)) return true;
      const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
      if (scheme.toLowerCase() === 'bearer') return token !== null && timingSafeEqual(digest(credentials), token);
      return scheme.toLowerCase() === 'basic' && users !== null && users.knows(Buffer.from(credentials, 'base64').toString('utf8'));
    },
  };
}

/** Texts are compared by digests of one length, with a key that nobody knows, so that time tells nothing about them. */
const digestKey = randomBytes(32);
const digest = (text: string): Buffer => createHmac('sha256', digestKey).update(text).digest();

class Users {
  private readonly passwords = new Map<string, StoredPassword>();
  private readonly remembered = new Set<string>();
  /** Stands in for the password of a name that is not known. */
  private readonly nobody: StoredPassword;
  private last: Promise<unknown> = Promise.resolve();

  /** @throws ConnectError */
  constructor(file: string) {
    let entries: [string, string][];
    try {
      entries = Object.entries(loadProperties(file));
    } catch (error) {
      throw refused(file, `the file cannot be read: ${toError(error).message}`);
    }
    if (entries.length === 0) throw refused(file, 'the file names no user');
    for (const [name, text] of entries) this.passwords.set(name, parsePassword(file, name, text));
    const slowest = [...this.passwords.values()].find(({ kind }) => kind === 'scrypt');
    this.nobody = slowest ?? { kind: 'clear', digest: randomBytes(32) };
  }

  /** @param pair name and password with a colon between */
  async knows(pair: string): Promise<boolean> {
    const colon = pair.indexOf(':');
    if (colon < 0) return false;
    const [name, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
    const stored = this.passwords.get(name);
    const memory = digest(pair).toString('base64');
    if (stored && this.remembered.has(memory)) return true;
    const fits = await this.compare(password, stored ?? this.nobody);
    if (!stored || !fits) return false;
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.add(memory);
    return true;
  }

  private compare(password: string, stored: StoredPassword): Promise<boolean> {
    if (stored.kind === 'clear') return Promise.resolve(timingSafeEqual(digest(password), stored.digest));
    // One after the other: many guesses at once must not take the memory, nor all threads that read files.
    const compared = this.last.then(() => hashOf(password, stored.salt, stored.hash.length, stored.cost));
    this.last = compared.catch(() => undefined);
    return compared.then(hash => timingSafeEqual(hash, stored.hash));
  }
}

function hashOf(password: string, salt: Buffer, length: number, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { ...cost, maxmem: 2 * MAX_SCRYPT_BYTES }, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

function parsePassword(file: string, name: string, text: string): StoredPassword {
  if (text === '') throw refused(file, `the user ${name} has no password`);
  if (!text.startsWith('scrypt$')) return { kind: 'clear', digest: digest(text) };
  const [, N, r, p, salt = '', hash = ''] = SCRYPT.exec(text) ?? [];
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const isPowerOfTwo = cost.N > 1 && (cost.N & (cost.N - 1)) === 0;
  if (!isPowerOfTwo || cost.r < 1 || cost.p < 1 || 128 * cost.N * cost.r * cost.p > MAX_SCRYPT_BYTES)
    throw refused(file, `the hash of the user ${name} is not of the form scrypt$N$r$p$salt$hash, e.g. scrypt$16384$8$1$...`);
  return { kind: 'scrypt', cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

function refused(file: string, why: string): ConnectError {
  return new ConnectError(
    'ConfigException',
    `Invalid value ${file} for configuration rest.auth.basic.file: ${why}. Expected lines name=password`,
  );
}
