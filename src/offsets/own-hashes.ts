/**
 * Remembers what this program wrote, to tell its offset files from those of a Java worker, since both look alike, but Java's
 * FileStreamSource counts characters where ours counts bytes; and from files that a disk has damaged without anybody writing to them,
 * since a digit of a position that has become another one looks like a position too.
 *
 * A small text file beside the offset file holds the SHA-256 of the generation about to be written and of the one it replaces
 * (if that was ours), each with the time of its last write. It is written before the offset file is renamed, so at any moment, also after a crash between the two
 * steps, the sum of an offset file of ours is in it. The sum of a file that Java wrote never is.
 */
import { createHash } from 'node:crypto';
import { readOwn } from '../own-files';
import { writeDurably } from './durable-write';
import { errorCode, fileError } from './file-error';

const HEADER = '# SHA-256 and time of the offset files that connect-standalone wrote: positions of FileStreamSource in them count bytes.';
/** Times that a copy or a file system has rounded are the same. */
const SAME_TIME_MS = 1;

/** A file that this program wrote. */
export interface OwnFile {
  readonly hash: string;
  /** When it was last written to; not a number where that is not on record. */
  readonly mtimeMs: number;
}

/** SHA-256 of a file's content, in hex. */
export function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The files on record (none where the record is damaged), or null if there is no record: this program was never here. */
export async function readOwnFiles(path: string): Promise<readonly OwnFile[] | null> {
  try {
    const lines = (await readOwn(path)).toString('latin1').split('\n');
    return lines.flatMap(line => {
      const [, hash, mtimeMs] = /^([0-9a-f]{64})(?: (\d+(?:\.\d+)?))?$/.exec(line) ?? [];
      return hash === undefined ? [] : [{ hash, mtimeMs: Number(mtimeMs) }];
    });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError('read', path, error);
  }
}

/** Replaces the files on record, durably. */
export async function writeOwnFiles(path: string, files: readonly OwnFile[]): Promise<void> {
  const lines = files.map(({ hash, mtimeMs }) => (Number.isNaN(mtimeMs) ? hash : `${hash} ${mtimeMs}`));
  await writeDurably(path, Buffer.from(`${[HEADER, ...lines].join('\n')}\n`));
}

/** True for a file that nobody has written to since this program did, and that holds something else all the same. */
export function isAltered(found: OwnFile, own: readonly OwnFile[]): boolean {
  return !own.some(({ hash }) => hash === found.hash) && own.some(({ mtimeMs }) => Math.abs(mtimeMs - found.mtimeMs) <= SAME_TIME_MS);
}
