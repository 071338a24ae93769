/**
 * Remembers what this program wrote. By that its offset files are told from those of a Java worker, which look alike, though the offsets in
 * them may count otherwise; and from files that a disk has damaged without anybody writing to them, since a digit that has become another
 * one still looks like an offset.
 *
 * A small text file beside the offset file holds the SHA-256 of the generation that is about to be written, and of the one it replaces if
 * that was ours, each with the time of its last write. It is written before the offset file is renamed, so that at any moment, also after a
 * crash between the two steps, the hash of an offset file of ours is in it. The hash of a file that Java wrote never is.
 */
import { createHash } from 'node:crypto';
import { getLogger } from '../log';
import { readOwn } from '../own-files';
import { writeDurably } from './durable-write';
import { errorCode, fileError } from './file-error';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
const HEADER =
  '# SHA-256 and time of the offset files that connect-standalone wrote; the offsets of any other are taken for those of a Java worker.';
/** The last line: the hash of all before it. Earlier versions have none, and pass it over. */
const CHECK = /^# check ([0-9a-f]{64})$/;
/** Times that differ by less are the same: a copy, or a file system, has rounded one of them. */
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

/** The files on record, none where the record is damaged; null if there is no record: this program has never used the offset file. */
export async function readOwnFiles(path: string): Promise<readonly OwnFile[] | null> {
  try {
    const lines = (await readOwn(path)).toString('latin1').split('\n');
    if (isDamaged(lines)) {
      log.warn(`The record ${path} of what this program wrote is damaged and not used; it is made anew with the next offsets`);
      return [];
    }
    return lines.flatMap(line => {
      const [, hash, mtimeMs] = /^([0-9a-f]{64})(?: (\d+(?:\.\d+)?))?$/.exec(line) ?? [];
      return hash === undefined ? [] : [{ hash, mtimeMs: Number(mtimeMs) }];
    });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError('read', path, error, 'Remove it: without it the offset file is read as if Kafka Connect on Java had gone on from it');
  }
}

/** Replaces the files on record, durably. */
export async function writeOwnFiles(path: string, files: readonly OwnFile[]): Promise<void> {
  const lines = files.map(({ hash, mtimeMs }) => (Number.isNaN(mtimeMs) ? hash : `${hash} ${mtimeMs}`));
  const all = [HEADER, ...lines];
  await writeDurably(path, Buffer.from(`${[...all, `# check ${hashOfLines(all)}`].join('\n')}\n`));
}

/** By the check, where there is one: a digit of a hash or a time that has become another one would make a good offset file look damaged. */
function isDamaged(lines: readonly string[]): boolean {
  const at = lines.findIndex(line => CHECK.test(line));
  return at >= 0 && CHECK.exec(lines[at] ?? '')?.[1] !== hashOfLines(lines.slice(0, at));
}

function hashOfLines(lines: readonly string[]): string {
  return hashOf(Buffer.from(lines.join('\n'), 'latin1'));
}

/** True for a file that nobody has written to since this program did, though it holds something else now. */
export function isAltered(found: OwnFile, own: readonly OwnFile[]): boolean {
  return !own.some(({ hash }) => hash === found.hash) && own.some(({ mtimeMs }) => Math.abs(mtimeMs - found.mtimeMs) <= SAME_TIME_MS);
}
