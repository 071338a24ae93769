/** The store of source offsets behind `offset.storage.file.filename`, in the file format of Kafka Connect on Java. */
import { ConnectError } from '../errors';
import type { JavaEntry } from '../java/serialization/java-hash-map';
import { getLogger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import { type FileLock, lockFile } from './file-lock';
import { OffsetFile } from './offset-file';
import { kindOfFile, locateOffsetFile } from './offset-file-paths';
import { canonicalKey, formatOffsetKey, type OffsetKey, parseOffsetKey } from './offset-key';
import { OffsetMarks } from './offset-marks';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');

/** How the store keeps other workers out. */
export type TakeLock = (lockPath: string, file: string) => Promise<FileLock>;

/**
 * Converts offsets that another program has written, such as Kafka Connect on Java, whose connectors may count otherwise.
 * @param entries offsets of all connectors, none of them removed
 * @param afterOwn this program has used the offset file before, so the other may have gone on from what is ours
 * @returns entries whose offset changes; their keys are the same texts @throws what keeps it from that
 */
export type ConvertForeign = (entries: readonly OffsetEntry[], afterOwn: boolean) => Promise<OffsetEntry[]>;

/** How a store is opened. */
export interface OffsetStoreOptions {
  /** Absent: offsets of others stay as they are. */
  readonly convertForeign?: ConvertForeign;
  readonly takeLock?: TakeLock;
}

/** An entry as kept: bytes as they stand in the file, so that a Java worker finds its own keys again. */
interface StoredEntry {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Null for keys that are not offset keys; they are kept but mean nothing. */
  readonly parsed: OffsetKey | null;
}

/**
 * Offsets by connector and partition. One instance for a file, on the main thread; reading is at once, from memory.
 * Partitions are matched by content: names in any order, integers exact.
 */
export class FileOffsetStore {
  private readonly entries = new Map<string, StoredEntry>();
  /** Entries that were merged since the last write began; their marks go out with the next one. */
  private unmarked: OffsetEntry[] = [];
  /** The write that will contain what is merged from now on, until it begins. */
  private upcoming: Promise<void> | null = null;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  /** The last write has failed: what it was to write is in memory only. */
  private isBehind = false;

  private constructor(
    private readonly file: OffsetFile | null,
    private readonly marks: OffsetMarks | null,
    private readonly lock: FileLock | null,
  ) {}

  /**
   * Locks and reads the offset file, goes back to the previous generation if the file is damaged, and has the offsets of another program
   * converted.
   * @param path the setting; relative to the working directory
   * @throws ConnectError naming the path, what is wrong and the remedy: no folder, no permission, in use, damaged
   */
  static async open(path: string, { convertForeign, takeLock = lockFile }: OffsetStoreOptions = {}): Promise<FileOffsetStore> {
    log.info(`Starting FileOffsetBackingStore with file ${path}`);
    const paths = await locateOffsetFile(path);
    if ((await kindOfFile(paths.file)) === 'device') {
      log.warn(`Offset file ${path} is a device: offsets are kept in memory only, sources start from the beginning each time`);
      return new FileOffsetStore(null, null, null);
    }
    const lock = await takeLock(paths.lock, paths.file);
    try {
      const file = new OffsetFile(paths);
      await file.probe();
      const store = new FileOffsetStore(file, await OffsetMarks.load(paths), lock);
      await store.load(file, paths.file, convertForeign);
      return store;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Stored offsets of a connector; removed ones (null) are left out. */
  offsetsOf(connector: string): OffsetEntry[] {
    const found: OffsetEntry[] = [];
    for (const { key, value, parsed } of this.entries.values()) {
      if (parsed?.connector === connector && key && value) found.push([key.toString(), value.toString()]);
    }
    return found;
  }

  /** Stored offsets for a task that starts: those of `offsetsOf`, with their marks. */
  offsetsForTask(connector: string): OffsetEntry[] {
    const found = this.offsetsOf(connector);
    return this.marks?.withMarks(found) ?? found;
  }

  /**
   * The stored offset of one partition.
   * @param partition a JSON object as text, names in any order
   * @returns the offset as JSON text; null if there is none or it was removed
   */
  offset(connector: string, partition: string): string | null {
    return this.entries.get(canonicalKey(formatOffsetKey(connector, partition)))?.value?.toString() ?? null;
  }

  /**
   * Merges entries and writes the file; null removes an offset (the entry stays, as in Java). Calls may overlap: they are written
   * together, one write at a time.
   * @returns when a write that contains these entries is safe
   * @throws ConnectError with path and reason; the entries stay merged and are written by the next save
   */
  save(entries: readonly OffsetEntry[]): Promise<void> {
    if (this.closed) return Promise.reject(new ConnectError('IllegalStateException', 'The offset store is closed'));
    for (const [key, value] of entries) this.merge(Buffer.from(key), value === null ? null : Buffer.from(value));
    this.unmarked.push(...entries);
    this.upcoming ??= this.writeAfter(this.running);
    return this.upcoming;
  }

  /**
   * Waits for writes under way, tries once more to write what a failed save has left, and gives up the lock.
   * @returns false if that is lost, which is logged
   */
  async close(): Promise<boolean> {
    if (this.closed) return !this.isBehind;
    this.closed = true;
    await (this.upcoming ?? this.running).catch(() => undefined);
    await this.running.catch(() => undefined);
    if (this.isBehind)
      await this.write().catch(error => log.error('Offsets could not be saved at the end: sources go on from those saved before', error));
    await this.lock?.release();
    log.info('Stopped FileOffsetBackingStore');
    return !this.isBehind;
  }

  private async writeAfter(earlier: Promise<void>): Promise<void> {
    // The error of the earlier write goes to those who wait for it; this write has their entries again.
    await earlier.catch(() => undefined);
    this.upcoming = null;
    this.running = this.write();
    await this.running;
  }

  private async write(): Promise<void> {
    const [content, unmarked] = [this.snapshot(), this.unmarked];
    this.unmarked = [];
    this.isBehind = true;
    await this.marks?.note(unmarked);
    await this.file?.write(content);
    this.isBehind = false;
    this.marks?.saved();
  }

  private snapshot(): JavaEntry[] {
    return [...this.entries.values()].map(({ key, value }) => [key, value]);
  }

  private async load(file: OffsetFile, path: string, convertForeign: ConvertForeign | undefined): Promise<void> {
    const loaded = await file.load();
    const warnings = new FewWarnings();
    for (const [key, value] of loaded.entries) {
      if (this.merge(key, value))
        warnings.say(() => `Offset file ${path} has several entries for the key ${shortText(key)}; the last one counts`);
    }
    for (const { key, parsed } of this.entries.values()) if (parsed === null) warnings.say(() => problemOf(key));
    warnings.end();
    if (loaded.writer === 'own' || convertForeign === undefined) return;
    const found = this.usableEntries().filter(entry => !this.isOurs(entry));
    if (found.length === 0) return;
    log.info(`Offset file ${path} was written by another program, such as Kafka Connect on Java: looking at its offsets (${found.length})`);
    // Saved at once, also without a change: from now on the file is known to be ours.
    await this.save(await convertForeign(found, loaded.writer === 'java-after-own'));
  }

  /**
   * True for an offset that has a mark, whatever became of the record of what we wrote: a mark belongs to one value, which a task of ours
   * has reached.
   */
  private isOurs(entry: OffsetEntry): boolean {
    const [marked] = this.marks?.withMarks([entry]) ?? [];
    return marked?.[2] !== undefined;
  }

  /** All offsets, of whatever connector. */
  private usableEntries(): OffsetEntry[] {
    return [...this.entries.values()].flatMap(({ key, value, parsed }): OffsetEntry[] =>
      key && value && parsed ? [[key.toString(), value.toString()]] : [],
    );
  }

  /** @returns true if there was an entry for this key, in whatever spelling */
  private merge(key: Buffer | null, value: Buffer | null): boolean {
    const text = key?.toString();
    const identity = text === undefined ? '' : identityOf(key, text);
    const known = this.entries.get(identity);
    const parsed = text === undefined ? null : parseOffsetKey(text);
    // The first spelling of a key stays: a Java worker compares keys byte by byte.
    const kept = known ?? { key, parsed: parsed === null || 'problem' in parsed ? null : parsed };
    this.entries.set(identity, { ...kept, value });
    return known !== undefined;
  }
}

/** What is equal for equal keys; bytes that are not UTF-8 stand for themselves. */
function identityOf(key: Buffer | null, text: string): string {
  return key !== null && Buffer.from(text).equals(key) ? canonicalKey(text) : `bytes ${key?.toString('hex')}`;
}

/** Enough of a key to know it by. */
const SHOWN_BYTES = 300;
const MOST_WARNINGS = 20;

const shortText = (key: Buffer | null): string =>
  key !== null && key.length > SHOWN_BYTES ? `${key.toString('utf8', 0, SHOWN_BYTES)}... (${key.length} bytes)` : String(key);

/** What is wrong with a key; empty for nothing. */
function problemOf(key: Buffer | null): string {
  if (key === null) return 'Ignoring offset partition key with an unexpected null value';
  const parsed = parseOffsetKey(key.toString());
  return 'problem' in parsed ? parsed.problem : '';
}

/** A file can have as many faults as entries; the first ones are told. */
class FewWarnings {
  private count = 0;

  /** @param message made only if it is told; nothing is, if it is empty */
  say(message: () => string): void {
    if (++this.count > MOST_WARNINGS) return;
    const text = message();
    if (text !== '') log.warn(text);
  }

  end(): void {
    if (this.count > MOST_WARNINGS) log.warn(`${this.count - MOST_WARNINGS} more entries of the offset file are like that`);
  }
}
