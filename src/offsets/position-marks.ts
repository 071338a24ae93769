/**
 * Marks of file positions: the hashes of PositionHashes, kept beside the offset file. The offset itself stays `{"position":n}`, which is
 * all that Java writes and shows.
 *
 * Where there is no mark for a position (Java has moved it, the record is damaged or lost) nothing is checked. Hence the record is
 * written without waiting for the disk. It holds the last two marks of each key, since a crash may leave the offset file one generation
 * behind it, or the one before may take over.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { getLogger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import { errorCode } from './file-error';
import { canonicalKey } from './offset-key';
import { PositionHashes } from './position-hashes';
import { filePositionOf } from './position-units';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
const MARKS_KEPT = 2;

/** Position and hash. */
type Mark = readonly [position: number, hash: string];

export class PositionMarks {
  /** By the canonical text of the key. */
  private readonly marks = new Map<string, readonly Mark[]>();
  private readonly hashes = new PositionHashes(log);

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
      const hash = await this.hashes.hashOf(entry);
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
    for (const entry of entries) {
      const at = filePositionOf(entry);
      const mark = at && this.marks.get(canonicalKey(entry[0]))?.find(([position]) => position === at.position);
      checked.push(await this.hashes.check(entry, mark?.[1] ?? null));
    }
    return checked;
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
