/**
 * Hashes of the KiB before positions of FileStreamSource, by which a file that was rewritten or replaced while no task read it is told
 * from the one that was read. A hash only ever says "this is another file": where there is none, or the file cannot be read, nothing
 * is checked.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Logger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import { filePositionOf } from './position-units';

/** Bytes before a position that are hashed; fewer where the file begins. */
const HASHED_BYTES = 1024;
/**
 * A file server that does not answer must not hold up the offsets of others. Looked at in steps: a thread that had other work for long
 * finds its timers due before it hears of reads that are over, and that must not pass for a file that does not answer.
 */
const LOOK_AGAIN_MS = 100;
const MOST_LOOKS = 20;

export class PositionHashes {
  /** True while a read hangs; nothing more is read then, or all of Node's file threads would hang. */
  private stuck = false;

  /** @param log is told of files that are others */
  constructor(private readonly log: Logger) {}

  /**
   * The hash of what lies before the position of an entry now. Never throws.
   * @returns null for any other entry, for position 0, and where the file is not there, too short, or does not answer in time
   */
  async hashOf(entry: OffsetEntry): Promise<string | null> {
    const at = filePositionOf(entry);
    return at && at.position > 0 ? this.hashBefore(at.filename, at.position) : null;
  }

  /**
   * Checks an entry against the file as it is now.
   * @param hash what `hashOf` said when the entry was stored
   * @returns the same entry; or one with position 0, if the file is another one, which is told in a warning
   */
  async check(entry: OffsetEntry, hash: string | null): Promise<OffsetEntry> {
    const now = hash === null ? null : await this.hashOf(entry);
    if (now === null || now === hash) return entry;
    const { filename, position } = filePositionOf(entry) ?? {};
    this.log.warn(
      `File ${filename} was rewritten or replaced while nobody read it: the bytes before position ${position} have changed. ` +
        'Reading it from 0.',
    );
    return [entry[0], '{"position":0}'];
  }

  private async hashBefore(filename: string, position: number): Promise<string | null> {
    if (this.stuck) return null;
    this.stuck = true;
    const reading = readBefore(filename, position)
      .catch(() => null)
      .finally(() => {
        this.stuck = false;
      });
    const bytes = await withinLooks(reading);
    // Zeros are the hole that the writer of a truncated file leaves when it goes on where it was: all is there.
    return bytes === null || bytes.every(byte => byte === 0) ? null : createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  }
}

/** What a promise resolves to; null if it still has not after `MOST_LOOKS`. */
async function withinLooks<T>(pending: Promise<T>): Promise<T | null> {
  const over = pending.then(value => ({ value }));
  for (let look = 0; look < MOST_LOOKS; look++) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>(resolve => {
      timer = setTimeout(resolve, LOOK_AGAIN_MS, null);
    });
    const done = await Promise.race([over, late]);
    clearTimeout(timer);
    if (done) return done.value;
  }
  return null;
}

/** The bytes before a position of a regular file; null where it has not that many. */
async function readBefore(filename: string, position: number): Promise<Buffer | null> {
  // Non-blocking, so that a FIFO without a writer does not hold anybody up.
  const file = await open(filename, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return null;
    const bytes = Buffer.alloc(Math.min(HASHED_BYTES, position));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, position - bytes.length);
    return bytesRead === bytes.length ? bytes : null;
  } finally {
    await file.close();
  }
}
