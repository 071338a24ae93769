/**
 * Marks of file positions: a hash of the KiB before each position of FileStreamSource, kept beside the offset file, by which a file
 * that was rewritten or replaced while no task read it is told from the one that was read. The offset itself stays
 * `{"position":n}`, which is all that Java writes and shows.
 *
 * A mark only ever says "this is another file". Where there is none for a position (Java has moved it, the record is damaged or
 * lost), or the file cannot be read, nothing is checked. Hence the record is written without waiting for the disk. It holds the
 * last two marks of each key, since a crash may leave the offset file one generation behind it, or the one before may take over.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { getLogger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import { errorCode } from './file-error';
import { canonicalKey } from './offset-key';
import { filePositionOf } from './position-units';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
/** Bytes before a position that are hashed; fewer where the file begins. */
const MARK_BYTES = 1024;
const MARKS_KEPT = 2;
/** A file server that does not answer must not hold up the offsets of others. */
const READ_LIMIT_MS = 500;

/** Position and hash. */
type Mark = readonly [position: number, hash: string];

export class PositionMarks {
  /** By the canonical text of the key. */
  private readonly marks = new Map<string, readonly Mark[]>();
  /** True while a read hangs; nothing more is read then, or all of Node's file threads would hang. */
  private stuck = false;

  private constructor(private readonly path: string) {}

  /** Reads the record; one that is missing or damaged is an empty one. */
  static async load(path: string): Promise<PositionMarks> {
    const loaded = new PositionMarks(path);
    try {
      for (const [key, marks] of Object.entries(JSON.parse(await readFile(path, 'utf8')) as object)) {
        if (Array.isArray(marks)) loaded.marks.set(key, marks.filter(isMark));
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') log.debug(`Ignoring the marks of file positions in ${path}: ${String(error)}`);
    }
    return loaded;
  }

  /** Marks positions that are about to be saved. Never throws: without a mark a position is not checked. */
  async note(entries: readonly OffsetEntry[]): Promise<void> {
    let changed = false;
    for (const entry of entries) {
      const key = canonicalKey(entry[0]);
      const at = filePositionOf(entry);
      if (!at || at.position === 0) {
        changed = this.marks.delete(key) || changed;
        continue;
      }
      const hash = await this.hashBefore(at.filename, at.position);
      const earlier = (this.marks.get(key) ?? []).filter(([position]) => position !== at.position);
      if (hash === null && earlier.length === 0) continue;
      this.marks.set(key, [...(hash === null ? [] : [[at.position, hash] as const]), ...earlier].slice(0, MARKS_KEPT));
      changed = true;
    }
    if (changed) await this.write();
  }

  /**
   * Checks positions against the files as they are now.
   * @returns the same entries, with position 0 for a file that is another one, which is told in a warning
   */
  async check(entries: readonly OffsetEntry[]): Promise<OffsetEntry[]> {
    const checked: OffsetEntry[] = [];
    for (const entry of entries) checked.push((await this.isOther(entry)) ? [entry[0], '{"position":0}'] : entry);
    return checked;
  }

  private async isOther(entry: OffsetEntry): Promise<boolean> {
    const at = filePositionOf(entry);
    const mark = at && this.marks.get(canonicalKey(entry[0]))?.find(([position]) => position === at.position);
    if (!at || !mark) return false;
    const hash = await this.hashBefore(at.filename, at.position);
    if (hash === null || hash === mark[1]) return false;
    log.warn(
      `File ${at.filename} was rewritten or replaced while nobody read it: the bytes before position ${at.position} have changed. ` +
        'Reading it from 0.',
    );
    return true;
  }

  /** The hash of what lies before a position now; null where the file is not there, too short, or does not answer in time. */
  private async hashBefore(filename: string, position: number): Promise<string | null> {
    if (this.stuck) return null;
    this.stuck = true;
    const reading = readBefore(filename, position)
      .catch(() => null)
      .finally(() => {
        this.stuck = false;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>(resolve => {
      timer = setTimeout(resolve, READ_LIMIT_MS, null);
    });
    const bytes = await Promise.race([reading, late]);
    clearTimeout(timer);
    // Zeros are the hole that the writer of a truncated file leaves when it goes on where it was: all is there.
    return bytes === null || bytes.every(byte => byte === 0) ? null : createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  }

  private async write(): Promise<void> {
    const temporary = `${this.path}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify(Object.fromEntries(this.marks)));
      await rename(temporary, this.path);
    } catch (error) {
      log.debug(`Could not write the marks of file positions to ${this.path}: ${String(error)}`);
    }
  }
}

function isMark(value: unknown): value is Mark {
  return Array.isArray(value) && Number.isSafeInteger(value[0]) && typeof value[1] === 'string';
}

/** The bytes before a position of a regular file; null where it has not that many. */
async function readBefore(filename: string, position: number): Promise<Buffer | null> {
  // Non-blocking, so that a FIFO without a writer does not hold anybody up.
  const file = await open(filename, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return null;
    const bytes = Buffer.alloc(Math.min(MARK_BYTES, position));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, position - bytes.length);
    return bytesRead === bytes.length ? bytes : null;
  } finally {
    await file.close();
  }
}
