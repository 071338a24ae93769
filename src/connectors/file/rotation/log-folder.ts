/** The folder of a file that rotates: where a file has gone that had the name, and which ones had it in between. */
import fs from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';
import { type FileIdentity, identityOf, isSameFile } from '../shared/file-identity';
import { errorCode } from '../shared/file-trouble';
import { OpenFile, orderOf } from '../shared/open-file';

/** A file as it was found, not opened. */
export interface FoundFile {
  readonly path: string;
  readonly identity: FileIdentity;
  readonly orderNs: bigint;
  readonly sizeBytes: number;
  readonly isRegular: boolean;
}

/** What rotation puts after a name: a number, a date, or `old`. */
const ROTATED = /^[-._~@:+](\d[-\w.:+]*|old|prev|previous)$/i;
/** The same in front of the extension: `app.1.log`, `app-20261130.log`; but `app-2.log` is more likely the log of another program. */
const ROTATED_WITHIN = /^(\.\d+|[-._~@:+](?=(\D*\d){6})\d[-\w.:+]*)$/;
const COMPRESSED = /\.(gz|bz2|xz|zst|lz4|lzma|zip|Z|tmp|part|lock|swp)$/;

export class LogFolder {
  private readonly folder: string;
  private readonly base: string;

  constructor(readonly path: string) {
    this.folder = dirname(path);
    this.base = basename(path);
  }

  /** The file that has the name now; null for none. @throws a system error other than "not there" */
  named(): FoundFile | null {
    return look(this.path);
  }

  /** Where that file is now; null if it is not in the folder. @throws a system error if the folder cannot be read */
  find(identity: FileIdentity): FoundFile | null {
    const named = this.named();
    if (named && isSameFile(named.identity, identity)) return named;
    const names = this.names();
    const related = names.filter(name => isRotatedName(name, this.base));
    return this.firstOf(related, identity) ?? this.firstOf(names, identity);
  }

  private firstOf(names: readonly string[], identity: FileIdentity): FoundFile | null {
    for (const name of names) {
      const file = this.look(name);
      if (file && isSameFile(file.identity, identity)) return file;
    }
    return null;
  }

  /**
   * Files with a name that rotation gives, oldest first, which are not older than `after` and, unless that is null, not younger than
   * `named`: times of birth are those of the kernel's clock, which goes in steps of some milliseconds.
   * @param named the file that had the name a moment ago; not among the result, though it may have been rotated away since
   * @param like where an older file with the name is now, if that is known: what rotation called that one, it calls others by another
   *   number
   * @throws a system error if the folder cannot be read
   */
  rotatedBetween(after: bigint, named: FoundFile | null, like: string | null = null): FoundFile[] {
    const before = named && named.orderNs >= after ? named.orderNs : null;
    return this.rotated(like === null || like === this.path ? null : shapeOf(basename(like)))
      .filter(({ orderNs }) => orderNs >= after && (before === null || orderNs <= before))
      .filter(({ identity }) => !named || !isSameFile(identity, named.identity))
      .sort(compareAge);
  }

  /**
   * The file whose bytes before a position are known by their hash: the one with the name, or the youngest of those that rotation has made.
   * @param not a file that it cannot be
   */
  withContent(position: number, hash: string, not: FileIdentity | null): FoundFile | null {
    const named = this.named();
    const rotated = this.rotated().sort(compareAge).reverse();
    for (const file of named ? [named, ...rotated] : rotated) {
      if (not && isSameFile(file.identity, not)) continue;
      if (file.isRegular && file.sizeBytes >= position && hasContent(file, position, hash, false)) return file;
    }
    return null;
  }

  /** True if a file that was read up to a position has not become another one: by the bytes before it, where their hash is known. */
  isUnchanged(file: FoundFile, position: number, hash: string | null): boolean {
    return file.isRegular && file.sizeBytes >= position && (hash === null || hasContent(file, position, hash, true));
  }

  private rotated(shape: string | null = null): FoundFile[] {
    return this.names().flatMap(name => {
      const file = isRotatedName(name, this.base) || (shape !== null && shapeOf(name) === shape) ? this.look(name) : null;
      return file?.isRegular ? [file] : [];
    });
  }

  private names(): string[] {
    try {
      return fs.readdirSync(this.folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  private look(name: string): FoundFile | null {
    try {
      return look(join(this.folder, name));
    } catch {
      // Not for us to see.
      return null;
    }
  }
}

/** The name without what its numbers are: `app-#.log`; null for one without a number, and for a compressed one. */
function shapeOf(name: string): string | null {
  return /\d/.test(name) && !COMPRESSED.test(name) ? name.replace(/\d+/g, '#') : null;
}

/** True for `app.log.1`, `app.log-20261130` and `app-20261130.log` beside `app.log`; not for compressed ones. */
export function isRotatedName(name: string, base: string): boolean {
  if (COMPRESSED.test(name)) return false;
  if (name.startsWith(base)) return ROTATED.test(name.slice(base.length));
  const { name: stem, ext } = parse(base);
  if (ext === '' || !name.startsWith(stem) || !name.endsWith(ext)) return false;
  return ROTATED_WITHIN.test(name.slice(stem.length, -ext.length));
}

/** Negative if the first is older. What was born in the same step goes by its name: with `.2` before `.1`, but dates in their order. */
export function compareAge(a: FoundFile, b: FoundFile): number {
  if (a.orderNs !== b.orderNs) return a.orderNs < b.orderNs ? -1 : 1;
  const [first, second] = [numberOf(a.path), numberOf(b.path)];
  if (first !== null && second !== null) return second - first;
  return a.path < b.path ? -1 : 1;
}

/** The number of a chain of names; null for a date and all else. */
function numberOf(path: string): number | null {
  const digits = /\.(\d{1,5})(?=$|\.\D)/.exec(basename(path))?.[1];
  return digits === undefined ? null : Number(digits);
}

function look(path: string): FoundFile | null {
  const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stat) return null;
  return { path, identity: identityOf(stat), orderNs: orderOf(stat), sizeBytes: Number(stat.size), isRegular: stat.isFile() };
}

/**
 * Opens a file that was found. Its name may have gone to another one since it was looked at.
 * @returns null if it is not there any more @throws a system error; ConnectException for a directory
 */
export function openFound({ path, identity }: FoundFile): OpenFile | null {
  try {
    const file = OpenFile.open(path);
    if (isSameFile(file.identity, identity)) return file;
    file.close();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return null;
}

function hasContent(found: FoundFile, position: number, hash: string, hole: boolean): boolean {
  let file: OpenFile | null = null;
  try {
    file = openFound(found);
    return file?.holds(position, hash, hole) ?? false;
  } catch {
    return false;
  } finally {
    file?.close();
  }
}
