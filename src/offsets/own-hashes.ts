/**
 * Remembers what this program wrote, to tell its offset files from those of a Java worker: both look alike, but Java's
 * FileStreamSource counts characters where ours counts bytes.
 *
 * A small text file beside the offset file holds the SHA-256 of the generation about to be written and of the one it replaces
 * (if that was ours). It is written before the offset file is renamed, so at any moment, also after a crash between the two
 * steps, the sum of an offset file of ours is in it. The sum of a file that Java wrote never is.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeDurably } from './durable-write';
import { errorCode, fileError } from './file-error';

const HEADER = '# SHA-256 of the offset files that connect-standalone wrote: positions of FileStreamSource in them count bytes.';

/** SHA-256 of a file's content, in hex. */
export function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The sums on record (none where the record is damaged), or null if there is no record: this program was never here. */
export async function readOwnHashes(path: string): Promise<ReadonlySet<string> | null> {
  try {
    const lines = (await readFile(path, 'latin1')).split('\n');
    return new Set(lines.filter(line => /^[0-9a-f]{64}$/.test(line)));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError('read', path, error);
  }
}

/** Replaces the sums on record, durably. */
export async function writeOwnHashes(path: string, hashes: readonly string[]): Promise<void> {
  await writeDurably(path, Buffer.from(`${[HEADER, ...hashes].join('\n')}\n`));
}
