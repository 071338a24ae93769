/**
 * Marks of source offsets, kept beside the offset file: texts that a task stores with an offset and is shown at its next start. Only that
 * task understands them. The offset itself stays what Java writes and shows.
 *
 * A mark belongs to one value of an offset. Where there is none for the value that is stored (Java, or a request over REST, has set it; the
 * record of marks is damaged or lost), the task starts without. The record is on disk before the offset file is, and holds the last marks
 * of each key, since a crash may leave the offset file behind it, or the generation before may take over. It is there twice, since without
 * marks the rest of a file that was rotated is not found.
 */
import { MAX_MARK_BYTES } from '../api/source';
import { toError } from '../errors';
import { getLogger } from '../log';
import { readOwn } from '../own-files';
import type { OffsetEntry } from '../thread/messages';
import { writeDurably } from './durable-write';
import { errorCode } from './file-error';
import type { OffsetFilePaths } from './offset-file-paths';
import { canonicalKey } from './offset-key';
import { hashOf } from './own-hashes';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
const MARKS_KEPT = 4;
/** While the offset file cannot be written: the newest, and those that there were before. */
const MOST_MARKS = 2 * MARKS_KEPT;
/** The SHA-256 of all that follows it, so that a mark of which a disk has changed a letter is not believed. Earlier versions pass it over. */
const SUM = /^\{"sha256":"([0-9a-f]{64})",/;

/** The offset's value, canonical, and its mark. */
type Mark = readonly [offset: string, mark: string];

type MarksPaths = Pick<OffsetFilePaths, 'marks' | 'marksCopy'>;

/** The record of marks. One instance for an offset file, on the main thread; calls must not overlap. */
export class OffsetMarks {
  /** By the canonical text of the key; newest first. */
  private readonly marks = new Map<string, readonly Mark[]>();
  /** The last write has failed, and that was said. */
  private hasFailed = false;

  private constructor(private readonly paths: MarksPaths) {}

  /** Reads the record, or its copy if it is damaged; one that is missing is taken for an empty one. */
  static async load(paths: MarksPaths): Promise<OffsetMarks> {
    const loaded = new OffsetMarks(paths);
    const { marks: path, marksCopy } = paths;
    try {
      await loaded.read(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return loaded;
      const why = toError(error).message;
      const copied = await loaded.read(marksCopy).then(
        () => true,
        () => false,
      );
      if (copied) log.warn(`The marks of offsets in ${path} cannot be used: ${why}. Going on with their copy ${marksCopy}`);
      else
        log.warn(
          `Ignoring the marks of offsets in ${path}: ${why}. Sources go on at their offsets, and cannot tell whether what they read is still the ` +
            'same. The file is made anew with the next offsets',
        );
    }
    return loaded;
  }

  private async read(path: string): Promise<void> {
    for (const [key, marks] of Object.entries(JSON.parse(checked(await readOwn(path))) as object)) {
      if (Array.isArray(marks)) this.marks.set(key, marks.map(asMark).filter(isMark).slice(0, MOST_MARKS));
    }
  }

  /** Keeps the marks of offsets that are about to be saved; an offset without one has those before it forgotten. Never throws. */
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
      const [newest, older] = [earlier.slice(0, MARKS_KEPT - 1), earlier.slice(MARKS_KEPT - 1)];
      this.marks.set(identity, [[offset, mark], ...newest, ...older.slice(-MARKS_KEPT)]);
      changed = true;
    }
    if (changed) await this.write();
  }

  /** The offset file has what was noted: only the last marks are of use. Until then the mark of what it holds must not be pushed out. */
  saved(): void {
    for (const [identity, marks] of this.marks) if (marks.length > MARKS_KEPT) this.marks.set(identity, marks.slice(0, MARKS_KEPT));
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
      const content = withSum(JSON.stringify(Object.fromEntries(this.marks)));
      await writeDurably(this.paths.marks, content);
      await writeDurably(this.paths.marksCopy, content);
      this.hasFailed = false;
    } catch (error) {
      // Offsets are saved all the same, and say themselves what is wrong with the disk.
      if (!this.hasFailed)
        log.warn(
          `${toError(error).message}. Until it can be written, offsets are saved without their marks: after a kill, sources cannot tell whether ` +
            'what they read is still the same',
        );
      this.hasFailed = true;
    }
  }
}

/** Puts the sum in front. @param json an object */
function withSum(json: string): Buffer {
  const members = json.slice(1);
  return Buffer.from(members === '}' ? json : `{"sha256":"${hashOf(Buffer.from(members))}",${members}`);
}

/** The text of a file. @throws Error if it is not what was written */
function checked(content: Buffer): string {
  const text = content.toString();
  const [head = '', sum] = SUM.exec(text) ?? [];
  if (sum !== undefined && hashOf(content.subarray(head.length)) !== sum) throw new Error('they are damaged, their SHA-256 is another one');
  return text;
}

/** Earlier versions kept the number of a position in place of the offset. */
function asMark(value: unknown): unknown {
  return Array.isArray(value) && Number.isSafeInteger(value[0]) ? [`{"position":${value[0]}}`, value[1]] : value;
}

/** A longer one is nothing that was written here. */
function isMark(value: unknown): value is Mark {
  if (!Array.isArray(value)) return false;
  const [offset, mark] = value as readonly unknown[];
  return typeof offset === 'string' && typeof mark === 'string' && Buffer.byteLength(mark) <= MAX_MARK_BYTES;
}
