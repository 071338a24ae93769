/**
 * Marks of source offsets, kept beside the offset file: for FileStreamSource which file a position belongs to and a hash of what lies
 * before it. The offset itself stays `{"position":n}`, which is all that Java writes and shows.
 *
 * A mark belongs to one value of an offset. Where there is none for it (Java, or a request, has moved it; the record is damaged or lost)
 * nothing is checked. The record is on the disk before the offset file is, and holds the last marks of each key, since a crash may
 * leave the offset file behind it, or the generation before may take over.
 */
import { getLogger } from '../log';
import { readOwn } from '../own-files';
import type { OffsetEntry } from '../thread/messages';
import { writeDurably } from './durable-write';
import { errorCode } from './file-error';
import { canonicalKey } from './offset-key';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
const MARKS_KEPT = 4;

/** The offset's value, canonical, and its mark. */
type Mark = readonly [offset: string, mark: string];

export class OffsetMarks {
  /** By the canonical text of the key; newest first. */
  private readonly marks = new Map<string, readonly Mark[]>();

  private constructor(private readonly path: string) {}

  /** Reads the record; one that is missing or damaged is an empty one. */
  static async load(path: string): Promise<OffsetMarks> {
    const loaded = new OffsetMarks(path);
    try {
      for (const [key, marks] of Object.entries(JSON.parse((await readOwn(path)).toString()) as object)) {
        if (Array.isArray(marks)) loaded.marks.set(key, marks.map(asMark).filter(isMark).slice(0, MARKS_KEPT));
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') log.debug(`Ignoring the marks of offsets in ${path}: ${String(error)}`);
    }
    return loaded;
  }

  /** Keeps the marks of offsets that are about to be saved; an offset without one forgets those before it. Never throws. */
  async note(entries: readonly OffsetEntry[]): Promise<void> {
    let changed = false;
    for (const [key, value, mark] of entries) {
      const identity = canonicalKey(key);
      if (value === null || mark === undefined) {
        changed = this.marks.delete(identity) || changed;
        continue;
      }
      const offset = canonicalKey(value);
      const earlier = (this.marks.get(identity) ?? []).filter(([other]) => other !== offset);
      this.marks.set(identity, [[offset, mark] as const, ...earlier].slice(0, MARKS_KEPT));
      changed = true;
    }
    if (changed) await this.write();
  }

  /** The same entries, with their marks. */
  withMarks(entries: readonly OffsetEntry[]): OffsetEntry[] {
    return entries.map(([key, value]) => {
      const mark = value === null ? undefined : this.marks.get(canonicalKey(key))?.find(([offset]) => offset === canonicalKey(value))?.[1];
      return mark === undefined ? [key, value] : [key, value, mark];
    });
  }

  private async write(): Promise<void> {
    try {
      await writeDurably(this.path, Buffer.from(JSON.stringify(Object.fromEntries(this.marks))));
    } catch (error) {
      log.debug(`Could not write the marks of offsets to ${this.path}: ${String(error)}`);
    }
  }
}

/** Earlier versions kept the position as a number. */
function asMark(value: unknown): unknown {
  return Array.isArray(value) && Number.isSafeInteger(value[0]) ? [`{"position":${value[0]}}`, value[1]] : value;
}

function isMark(value: unknown): value is Mark {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}
