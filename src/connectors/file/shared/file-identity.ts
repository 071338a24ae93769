/**
 * Which file it is, whatever its name, and what lies before a position of it: by both a position that was kept finds its file again after
 * a rotation. Kept as a mark of the offset.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, statSync } from 'node:fs';

/** A file for as long as it exists, and told from one that gets its inode afterwards. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  /** When it was made, in epoch nanoseconds; 0 where the file system does not say. */
  readonly birthNs: bigint;
}

/** What is kept of a position: the file, and a hash of the bytes before the position. Null for what is not known. */
export interface FileMark {
  readonly identity: FileIdentity | null;
  readonly hash: string | null;
}

const HASH = /^[0-9a-f]{32}$/;
const MARK = /^([0-9a-f]{32}|-) (\d{1,20}):(\d{1,20}):(\d{1,20})$/;

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

/** True for the same file. The number of a device may be another one after a reboot, so that it counts only where nothing better is known. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  if (a.inode !== b.inode) return false;
  return a.birthNs !== 0n && b.birthNs !== 0n ? a.birthNs === b.birthNs : a.device === b.device;
}

/** The hash of the last bytes before a position; null for nothing, and for the zeros of a hole, before which all may be. */
export function hashOfTail(bytes: Buffer): string | null {
  return bytes.every(byte => byte === 0) ? null : createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

export function formatMark({ identity, hash }: FileMark): string {
  return identity ? `${hash ?? '-'} ${identity.device}:${identity.inode}:${identity.birthNs}` : (hash ?? '-');
}

/** Null for a text that is not a mark. Earlier versions kept the hash alone. */
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
