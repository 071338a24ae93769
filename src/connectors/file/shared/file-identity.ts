/**
 * Which file it is, whatever its name, and what lies before a position in it. By both a stored position finds its file again after a
 * rotation. Stored as the mark of the offset; README.md of the file connectors says what a mark holds.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, statSync } from 'node:fs';

/** Tells a file from all others for as long as it exists, and from one that gets its inode later. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  /** When it was made, in epoch nanoseconds; 0 where the file system does not say. */
  readonly birthNs: bigint;
}

/** What is stored beside a position: the file, and a hash of the bytes before the position. Null for what is not known. */
export interface FileMark {
  readonly identity: FileIdentity | null;
  readonly hash: string | null;
}

const HASH = /^[0-9a-f]{32}$/;
/** Words after these are of later versions. */
const MARK = /^([0-9a-f]{32}|-) (\d{1,20}):(\d{1,20}):(\d{1,20})(?: [a-z]+=[^ ]*)*$/;

export function identityOf(stat: BigIntStats): FileIdentity {
  return { device: stat.dev, inode: stat.ino, birthNs: hasBirthTimes() ? stat.birthtimeNs : 0n };
}

let birthTimes: boolean | undefined;

/** Where the system cannot be asked for times of birth, Node puts that of the last change in their place, for every file. */
function hasBirthTimes(): boolean {
  birthTimes ??= [__filename, __dirname, process.execPath, '/', '/tmp', '/etc'].some(path => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat !== undefined && stat.birthtimeNs !== stat.ctimeNs;
  });
  return birthTimes;
}

/** True for the same file. The number of a device may change with a reboot, so it matters only where no time of birth is known. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  if (a.inode !== b.inode) return false;
  return a.birthNs !== 0n && b.birthNs !== 0n ? a.birthNs === b.birthNs : a.device === b.device;
}

/** The hash of the last bytes before a position; null for no bytes, and for the zeros of a hole, before which anything may lie. */
export function hashOfTail(bytes: Buffer): string | null {
  return bytes.every(byte => byte === 0) ? null : createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

export function formatMark({ identity, hash }: FileMark): string {
  return identity ? `${hash ?? '-'} ${identity.device}:${identity.inode}:${identity.birthNs}` : (hash ?? '-');
}

/** Null for a text that is not a mark. Earlier versions stored the hash alone. */
export function parseMark(text: string | null): FileMark | null {
  if (text === null) return null;
  if (HASH.test(text)) return { identity: null, hash: text };
  const [, hash, device, inode, birthNs] = MARK.exec(text) ?? [];
  if (hash === undefined || device === undefined || inode === undefined || birthNs === undefined) return null;
  return {
    identity: { device: BigInt(device), inode: BigInt(inode), birthNs: BigInt(birthNs) },
    hash: hash === '-' ? null : hash,
  };
}
