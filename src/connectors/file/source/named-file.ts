/**
 * A file by its name, as a source of bytes: it may be missing, grow, be truncated, or be replaced by another one (rotation).
 *
 * Rotation by renaming: the old file is read to its end and until nobody has written to it for two seconds; files that took the
 * name meanwhile are held open and follow in their order, also those that had it between two looks and lie in the folder under another
 * name. Truncation shows as a file shorter than the position, or by other bytes in the KiB before it than were there, which every read
 * looks at; its rest is read from the copy that was made of it, if there is one in the folder. What is gone unread is logged as an error
 * and counted. Which file a stored position belongs to is found in the same ways, see beginning.ts.
 */
import type { SourceOffset } from '../../../data/record/record';
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import { findBeginning } from '../rotation/beginning';
import { FinishedFiles } from '../rotation/finished-files';
import { FolderWatch } from '../rotation/folder-watch';
import { Generations } from '../rotation/generations';
import { LogFolder, openFound } from '../rotation/log-folder';
import type { FileMark } from '../shared/file-identity';
import { errorCode, isPassing, Trouble } from '../shared/file-trouble';
import type { OpenFile } from '../shared/open-file';
import { hintForMissing } from '../shared/path-hints';
import { type ByteSource, END, type ReadResult } from './byte-source';
import { FileChange } from './file-change';
import { FileTail } from './file-tail';

/** How long a file that was rotated away must not have been written to before the new one is read. */
const REPLACED_QUIET_MS = 2000;
/** How often to look, while there is more to read, whether the name means another file; a watch, where there is one, says so at once. */
const LOOK_AT_NAME_MS = 1000;
const LINE_ENDS = [10, 13];
/** Times of files are those of the kernel's clock, which goes in steps. */
const CLOCK_STEP_MS = 10;

/** A file by its name. Missing is not an error: it is waited for. */
export class NamedFile implements ByteSource {
  exhausted = false;
  private file: OpenFile | null = null;
  /** It is a copy of a file that was truncated: nobody writes to it. */
  private isCopy = false;
  private hasRead = false;
  /** Since when there is no file of the name, in epoch nanoseconds; null where there is one, or nobody has looked. */
  private missingSinceNs: bigint | null = null;
  private nameLookedAtMs = 0;
  private readonly folder: LogFolder;
  private readonly generations: Generations;
  private readonly finished: FinishedFiles;
  private readonly tail = new FileTail();
  private readonly change: FileChange;
  private readonly watch: FolderWatch;
  private readonly trouble: Trouble;

  /**
   * @param mark by what the file is known that has the position at which reading begins; null for nothing
   * @param countUnread takes how many bytes are gone unread, null for an unknown number
   */
  constructor(
    private readonly path: string,
    private readonly logger: Logger,
    private mark: FileMark | null,
    private readonly countUnread: (bytes: number | null) => void,
  ) {
    this.change = new FileChange(path);
    this.trouble = new Trouble(logger);
    this.folder = new LogFolder(path);
    this.watch = new FolderWatch(path, () => this.renamed());
    this.finished = new FinishedFiles(path, (message, bytes) => this.sayUnread(message, bytes));
    this.generations = new Generations(this.folder, logger, ({ path: seen }, bytes) =>
      this.sayUnread(`${seen} had the name of file ${path} and was gone before it could be opened: at least ${bytes} bytes of it`, bytes),
    );
  }

  get canRewind(): boolean {
    return this.file?.isRegular ?? true;
  }

  get offsetAt(): ((position: number) => SourceOffset) | null {
    return this.file?.offsetAt ?? null;
  }

  read(into: Buffer, position: number): ReadResult {
    try {
      const result = this.file ? this.readOn(this.file, into, position) : this.beginAndRead(into, position);
      if (this.file) this.trouble.over(`File ${this.path} can be read again, from position ${position}.`);
      return result;
    } catch (error) {
      return this.waitOrFail(error, position);
    }
  }

  /**
   * What may pass is waited for, and the position stays; so is whatever befalls a file that could be read before (a rotation's short gaps).
   */
  private waitOrFail(error: unknown, position: number): ReadResult {
    if (error instanceof ConnectError) throw error;
    const what = `Could not ${this.file ? 'read' : 'open'} file ${this.path} at position ${position}: ${(error as Error).message}`;
    if (!isPassing(error) && !this.hasRead) {
      throw new ConnectError(
        'ConnectException',
        `${what}. Make it readable for the worker, then restart the task; it goes on there.`,
        error,
      );
    }
    this.exhausted = false;
    this.trouble.say(`${what}. Trying again every second; nothing is skipped.`);
    // A descriptor of a network file system that went stale stays so.
    if (errorCode(error) === 'ESTALE') this.forget(position);
    return END;
  }

  private forget(position: number): void {
    if (this.file) this.mark = { identity: this.file.identity, hash: this.tail.hashBefore(position) };
    this.closeFile();
  }

  private beginAndRead(into: Buffer, position: number): ReadResult {
    // Before the look, so that nothing can come between.
    this.watch.start();
    const beginning = findBeginning(this.folder, position, this.mark, this.missingSinceNs);
    if (!beginning) return this.missing();
    const file = openFound(beginning.file);
    // It was rotated since it was found: it is looked for again, at once.
    if (!file) return this.lookAgain();
    this.missingSinceNs = null;
    this.isCopy = beginning.isCopy;
    for (const later of beginning.later) this.generations.add(later);
    this.goOnWith(file);
    if (beginning.file.path !== this.path)
      this.logger.info(
        `Reading ${beginning.file.path} first, from position ${beginning.position}: it had the name of file ${this.path} before.`,
      );
    if (beginning.lost !== null)
      this.sayUnread(`File ${this.path}: ${beginning.lost}. Reading on from 0. What came after that position`, null);
    if (beginning.position !== position) return { kind: 'restart', position: beginning.position, reason: 'truncated' };
    if (file.isRegular) this.checkStart(file, position);
    return this.readOn(file, into, position);
  }

  private lookAgain(): ReadResult {
    this.exhausted = false;
    this.change.touched();
    return END;
  }

  private missing(): ReadResult {
    this.exhausted = true;
    // The folder may be another one by now.
    this.watch.stop();
    this.watch.start();
    if (this.missingSinceNs === null) {
      this.logger.warn(`Couldn't find file ${this.path} for FileStreamSourceTask, sleeping to wait for it to be created`);
      const hint = hintForMissing(this.path);
      if (hint !== '') this.logger.warn(hint);
    }
    this.missingSinceNs ??= BigInt(Date.now() - CLOCK_STEP_MS) * 1_000_000n;
    return END;
  }

  private checkStart(file: OpenFile, position: number): void {
    const before = position > 0 ? file.tailBefore(position).at(-1) : undefined;
    if (before === undefined || LINE_ENDS.includes(before)) return;
    this.logger.warn(
      `Position ${position} of file ${this.path} is inside a line: the file was changed or replaced since, or the offset was set by hand. ` +
        'Reading on from there; set the offset to 0 to read the file from its start.',
    );
  }

  private readOn(file: OpenFile, into: Buffer, position: number): ReadResult {
    const count = file.isRegular ? file.readWithTail(this.tail.room(position), into, position) : file.read(into);
    if (count >= 0 && file.isRegular) {
      if (this.tail.differs(position)) return this.truncated(file, 'its content before that has changed', position);
      this.tail.advance(into.subarray(0, count), position);
    }
    if (count <= 0) {
      this.exhausted = true;
      return file.isRegular ? this.atEnd(file, position) : END;
    }
    this.exhausted = false;
    const now = Date.now();
    if (now - this.nameLookedAtMs >= LOOK_AT_NAME_MS) this.lookAtName(file, now);
    return { kind: 'bytes', count };
  }

  /** At the end of the file: has it become shorter, or does its name now mean another file? */
  private atEnd(file: OpenFile, position: number): ReadResult {
    const { size, mtimeMs } = file.state();
    if (size < position) return this.truncated(file, `it is ${size} bytes long now`, position);
    if (size > position) return END;
    const now = Date.now();
    this.lookAtName(file, now);
    if (this.generations.isEmpty) return END;
    this.exhausted = false;
    if (!this.isCopy && !this.isQuiet(now, mtimeMs)) return END;
    return this.generations.makeNextReady() ? this.replace(file, position) : END;
  }

  /** Whoever wrote the old file may still have it open for a moment. A time in the future is a clock that cannot be relied on. */
  private isQuiet(now: number, mtimeMs: number): boolean {
    const quietMs = now - mtimeMs;
    return now - this.generations.nextSinceMs >= REPLACED_QUIET_MS && (quietMs < 0 || quietMs >= REPLACED_QUIET_MS);
  }

  /** The rest of a file that was truncated is in the copy that was made before, or lost; then the file follows from 0. */
  private truncated(file: OpenFile, why: string, position: number): ReadResult {
    const what = `File ${this.path} was truncated: it was read up to position ${position}, and ${why}.`;
    const hash = this.tail.hashBefore(position);
    const copy = hash === null ? null : this.folder.withContent(position, hash, file.identity);
    const open = copy && openFound(copy);
    this.tail.reset();
    this.exhausted = false;
    if (open) {
      this.logger.warn(`${what} What came after is read from its copy ${copy.path}, then the file from 0.`);
      this.generations.putFirst(file);
      this.isCopy = true;
      this.file = open;
      return { kind: 'restart', position, reason: 'copied' };
    }
    this.sayUnread(`${what} Reading it again from 0. What was written after that position and before the truncation, if anything,`, null);
    return { kind: 'restart', position: 0, reason: 'truncated' };
  }

  private replace(file: OpenFile, position: number): ReadResult {
    const next = this.generations.take(file);
    if (!next) return END;
    this.logger.info(`File ${this.path} was replaced at position ${position}: going on with the new file from 0.`);
    this.finished.add(file, position);
    this.isCopy = false;
    this.goOnWith(next);
    return { kind: 'restart', position: 0, reason: 'replaced' };
  }

  private goOnWith(next: OpenFile): void {
    this.tail.reset();
    this.file = next;
    this.hasRead = true;
    this.exhausted = false;
    this.change.follow();
    this.logger.debug(`Opened ${this.path} for reading`);
  }

  private lookAtName(file: OpenFile, now: number): void {
    this.nameLookedAtMs = now;
    this.watch.start();
    this.generations.look(file);
  }

  /** The watch has heard that the name has another file: that one is held at once, whatever the task is doing. */
  private renamed(): void {
    if (this.file) this.generations.look(this.file);
    this.change.touched();
  }

  private sayUnread(what: string, bytes: number | null): void {
    this.countUnread(bytes);
    this.logger.error(`${what} ${bytes === null ? 'was NOT DELIVERED; the number of bytes is unknown' : 'were NOT DELIVERED'}.`);
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.file?.arrival(signal) ?? this.change.wait(signal);
  }

  halt(): void {
    this.file?.halt();
  }

  private closeFile(): void {
    this.file?.close();
    this.file = null;
    this.change.unfollow();
  }

  close(): void {
    this.watch.stop();
    this.closeFile();
    this.generations.close();
    this.finished.close();
    this.change.close();
  }
}
