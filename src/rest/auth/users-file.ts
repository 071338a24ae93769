/** `rest.auth.basic.file`: the users of the REST API and their passwords. A file that has changed is read again. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { loadProperties } from '../../config/files/properties';
import { asSentence, ConnectError, toError } from '../../errors';
import { getLogger } from '../../log';
import { HttpError } from '../error-mapper';
import { digest } from './digest';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');
/** How often to look whether the file has changed. */
const LOOK_AGAIN_MS = 1000;

/** A password as it stands in the file: in clear, or `scrypt$N$r$p$salt$hash` with salt and hash in base64. */
type StoredPassword = ClearPassword | ScryptPassword;

interface ClearPassword {
  readonly kind: 'clear';
  readonly digest: Buffer;
}

interface ScryptPassword {
  readonly kind: 'scrypt';
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const SCRYPT = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;
/** What one check may take. */
const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;
/** Logins that may wait for their turn, which takes two or three seconds; a pair that is remembered does not wait. */
const MAX_WAITING = 50;
const TOO_MANY_REQUESTS = 429;
/** Readable by group or others. */
const READABLE_BY_OTHERS = 0o044;
/** Pairs of name and password that were right lately, remembered since scrypt takes a twentieth of a second. */
const MAX_REMEMBERED = 100;

/** A file of users that may change while it is in use. */
export class UsersFile {
  private users: Users;
  private seen: string | null = null;
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  /** @throws ConnectError (ConfigException) that names setting, file and all that is wrong in it, and shows no password */
  constructor(
    private readonly file: string,
    private readonly lookAgainMs = LOOK_AGAIN_MS,
  ) {
    this.users = new Users(file);
  }

  /** For the start: says so if passwords in clear are there for others to read. */
  warnings(): string[] {
    const { file } = this;
    if (!this.users.holdsClear || ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & READABLE_BY_OTHERS) === 0) return [];
    return [
      `${file} of rest.auth.basic.file holds passwords in clear, and other users of this machine can read it: chmod 600, or put hashes ` +
        '(scrypt$...) in their place',
    ];
  }

  /** Takes the same time for every name, known or not. @param pair name and password with a colon between */
  async knows(pair: string): Promise<boolean> {
    const nowMs = performance.now();
    if (nowMs - this.lookedAtMs >= this.lookAgainMs) {
      this.lookedAtMs = nowMs;
      await this.readIfChanged();
    }
    return this.users.knows(pair);
  }

  /** For a version that cannot be used the log says why, and the users stay as they were: a typing error locks nobody out. */
  private async readIfChanged(): Promise<void> {
    const now = await stat(this.file).then(
      ({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs].join(' '),
      () => 'gone',
    );
    const isFirstLook = this.seen === null;
    if (now === this.seen) return;
    this.seen = now;
    try {
      this.users = new Users(this.file);
      if (!isFirstLook) log.info(`The users of the REST API were read again from ${this.file}`);
    } catch (error) {
      log.error(`${asSentence(toError(error).message)} The users stay as they were`);
    }
  }
}

/** The users of one version of the file. */
class Users {
  private readonly passwords = new Map<string, StoredPassword>();
  private readonly remembered = new Set<string>();
  /** Every check takes as long as this one, so that time tells neither names nor whose password is in clear; null if all are in clear. */
  private readonly slowest: ScryptPassword | null;
  /** True if a password stands there as it is. */
  readonly holdsClear: boolean;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** @throws ConnectError that says all that is wrong */
  constructor(file: string) {
    let entries: [string, string][];
    try {
      entries = Object.entries(loadProperties(file));
    } catch (error) {
      throw refused(file, `the file cannot be read: ${toError(error).message}`);
    }
    if (entries.length === 0) throw refused(file, 'the file names no user');
    const problems: string[] = [];
    for (const [name, text] of entries) {
      const stored = parsePassword(name, text);
      if (typeof stored === 'string') problems.push(stored);
      else this.passwords.set(name, stored);
    }
    if (problems.length > 0) throw refused(file, problems.join('; '));
    const hashed = [...this.passwords.values()].filter(stored => stored.kind === 'scrypt');
    this.slowest = hashed.reduce<ScryptPassword | null>((a, b) => (a !== null && workOf(a.cost) >= workOf(b.cost) ? a : b), null);
    this.holdsClear = hashed.length < this.passwords.size;
  }

  /** @param pair name and password with a colon between @throws HttpError 429 when too many are being checked */
  async knows(pair: string): Promise<boolean> {
    const colon = pair.indexOf(':');
    if (colon < 0) return false;
    const [name, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
    const stored = this.passwords.get(name);
    const memory = digest(pair).toString('base64');
    if (stored && this.remembered.has(memory)) return true;
    const fits = await this.compare(password, stored ?? NOBODY);
    if (!stored || !fits) return false;
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.add(memory);
    return true;
  }

  private compare(password: string, stored: StoredPassword): Promise<boolean> {
    if (this.slowest === null) return Promise.resolve(isRight(password, stored));
    if (this.waiting >= MAX_WAITING)
      throw new HttpError(TOO_MANY_REQUESTS, 'Too many logins are being checked. Try again in a few seconds');
    this.waiting++;
    const { slowest } = this;
    // One after the other: many guesses at once must not take the memory, nor all threads that read files.
    const compared = this.last.then(() => isRightAtCost(password, stored, slowest));
    this.last = compared.then(
      () => this.waiting--,
      () => this.waiting--,
    );
    return compared;
  }
}

/** Stands in for the password of a name that is not known. */
const NOBODY: ClearPassword = { kind: 'clear', digest: randomBytes(32) };

const isRight = (password: string, stored: StoredPassword): boolean =>
  stored.kind === 'clear' && timingSafeEqual(digest(password), stored.digest);

/** Compares, and takes as long as the slowest hash does. */
async function isRightAtCost(password: string, stored: StoredPassword, slowest: ScryptPassword): Promise<boolean> {
  if (stored.kind === 'clear') {
    await hashOf(password, slowest.salt, slowest.hash.length, slowest.cost);
    return isRight(password, stored);
  }
  const hash = await hashOf(password, stored.salt, stored.hash.length, stored.cost);
  const rest = Math.round(workOf(slowest.cost) / workOf(stored.cost)) - 1;
  if (rest > 0) await hashOf(password, stored.salt, stored.hash.length, { ...stored.cost, p: stored.cost.p * rest });
  return timingSafeEqual(hash, stored.hash);
}

const workOf = ({ N, r, p }: ScryptCost): number => N * r * p;

function hashOf(password: string, salt: Buffer, length: number, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { ...cost, maxmem: 2 * MAX_SCRYPT_BYTES }, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

/** @returns what is wrong, as a text without the password, if it is no good */
function parsePassword(name: string, text: string): StoredPassword | string {
  if (text === '') return `the user ${name} has no password`;
  if (!text.startsWith('scrypt$')) return { kind: 'clear', digest: digest(text) };
  const [, N, r, p, salt = '', hash = ''] = SCRYPT.exec(text) ?? [];
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const isPowerOfTwo = cost.N > 1 && (cost.N & (cost.N - 1)) === 0;
  if (!isPowerOfTwo || cost.r < 1 || cost.p < 1 || 128 * cost.N * cost.r * cost.p > MAX_SCRYPT_BYTES)
    return `the hash of the user ${name} is not of the form scrypt$N$r$p$salt$hash, e.g. scrypt$16384$8$1$...`;
  return { kind: 'scrypt', cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

function refused(file: string, why: string): ConnectError {
  return new ConnectError(
    'ConfigException',
    `Invalid value ${file} for configuration rest.auth.basic.file: ${why}. Expected lines name=password`,
  );
}
