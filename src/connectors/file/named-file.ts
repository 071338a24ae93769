/**
 * A file by its name, as a source of bytes: it may be missing, grow, be truncated, or be replaced by another one (rotation).
 *
 * Rotation by renaming: the old file is read to its end and until nobody has written to it for two seconds; files that took the
 * name meanwhile are held open and follow in their order. Truncation shows as a file shorter than the position, or by other bytes
 * in the KiB before it than were there, which every read looks at. Over a restart the worker does the same with a hash (see
 * offsets/position-marks.ts). Two gaps remain: a file that was rewritten with the same KiB before the position, and one that had
 * the name for less than a second.
 */
import { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { type ByteSource, END, type ReadResult } from './byte-source';
import { FileChange } from './file-change';
import { FileTail } from './file-tail';
import { errorCode, isPassing, Trouble } from './file-trouble';
import { identityAt, OpenFile } from './open-file';

/** How long a file that was rotated away must not have been written to before the new one is read. */
const REPLACED_QUIET_MS = 2000;
/** How often to look, while there is more to read, whether the name means another file. */
const LOOK_AT_NAME_MS = 1000;
const LINE_ENDS = [10, 13];

/** A file by its name. Missing is no error: it is waited for. */
export class NamedFile implements ByteSource {
  exhausted = false;
  private file: OpenFile | null = null;
  private openedBefore = '';
  /** Those that took the name while `file` is not finished, oldest first. */
  private readonly successors: OpenFile[] = [];
  private missingReported = false;
  private nameLookedAtMs = 0;
  private readonly tail = new FileTail();
  private readonly change: FileChange;
  private readonly trouble: Trouble;
  private readonly nameTrouble: Trouble;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
  ) {
    this.change = new FileChange(path);
    this.trouble = new Trouble(logger);
    this.nameTrouble = new Trouble(logger);
  }

  get canRewind(): boolean {
    return this.file?.isRegular ?? true;
  }

  read(into: Buffer, position: number): ReadResult {
    try {
      const result = this.file ? this.readOn(this.file, into, position) : this.openAndRead(into, position);
      if (this.file) this.trouble.over(`File ${this.path} can be read again, from position ${position}.`);
      return result;
    } catch (error) {
      return this.waitOrFail(error, position);
    }
  }

  /** What can pass is waited for, the position stays; so is what befalls a file that could be read before (a rotation's short gaps). */
  private waitOrFail(error: unknown, position: number): ReadResult {
    if (error instanceof ConnectError) throw error;
    const what = `Could not ${this.file ? 'read' : 'open'} file ${this.path} at position ${position}: ${(error as Error).message}`;
    if (!isPassing(error) && (this.file || this.openedBefore === '')) {
      throw new ConnectError(
        'ConnectException',
        `${what}. Make it readable for the worker, then restart the task; it goes on there.`,
        error,
      );
    }
    this.exhausted = false;
    this.trouble.say(`${what}. Trying again every second; nothing is skipped.`);
    // A descriptor of a network file system that went stale stays so.
    if (errorCode(error) === 'ESTALE') this.closeFile();
    return END;
  }

  private openAndRead(into: Buffer, position: number): ReadResult {
    const file = this.open();
    if (!file) return END;
    this.file = file;
    const replaced = this.openedBefore !== '' && this.openedBefore !== file.identity;
    this.openedBefore = file.identity;
    this.change.follow();
    this.logger.debug(`Opened ${this.path} for reading`);
    if (replaced) {
      this.tail.reset();
      return { kind: 'restart', position: 0, reason: 'replaced' };
    }
    if (file.isRegular) this.checkStart(file, position);
    return this.readOn(file, into, position);
  }

  private open(): OpenFile | null {
    try {
      const file = OpenFile.open(this.path);
      this.missingReported = false;
      return file;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      this.exhausted = true;
      if (!this.missingReported)
        this.logger.warn(`Couldn't find file ${this.path} for FileStreamSourceTask, sleeping to wait for it to be created`);
      this.missingReported = true;
      return null;
    }
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
    const count = file.isRegular ? file.readBehind(this.tail.room(position), into, position) : file.read(into);
    if (count >= 0 && file.isRegular) {
      if (this.tail.differs(position)) return this.startAgain('its content before that has changed', position);
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
    if (size < position) return this.startAgain(`it is ${size} bytes long now`, position);
    if (size > position) return END;
    const now = Date.now();
    this.lookAtName(file, now);
    const next = this.successors[0];
    if (!next) return END;
    this.exhausted = false;
    // Whoever wrote the old file may still have it open for a moment. A time in the future is a clock that cannot be relied on.
    const quietMs = now - mtimeMs;
    if (now - next.sinceMs < REPLACED_QUIET_MS || (quietMs >= 0 && quietMs < REPLACED_QUIET_MS)) return END;
    return this.goOnWith(next, position);
  }

  private startAgain(why: string, position: number): ReadResult {
    this.logger.warn(`File ${this.path} was truncated: it was read up to position ${position}, and ${why}. Reading it again from 0.`);
    this.tail.reset();
    this.exhausted = false;
    return { kind: 'restart', position: 0, reason: 'truncated' };
  }

  private goOnWith(next: OpenFile, position: number): ReadResult {
    this.logger.info(`File ${this.path} was replaced at position ${position}: going on with the new file from 0.`);
    this.closeFile();
    this.tail.reset();
    this.successors.shift();
    this.file = next;
    this.openedBefore = next.identity;
    this.exhausted = false;
    this.change.follow();
    return { kind: 'restart', position: 0, reason: 'replaced' };
  }

  /** Holds on to a file that has taken the name. */
  private lookAtName(file: OpenFile, now: number): void {
    this.nameLookedAtMs = now;
    const known = [file, ...this.successors];
    try {
      const identity = identityAt(this.path);
      if (identity === null || known.some(each => each.identity === identity)) return;
      const next = OpenFile.open(this.path);
      if (known.some(each => each.identity === next.identity)) next.close();
      else this.successors.push(next);
      this.nameTrouble.over(`The new file ${this.path} could be opened.`);
    } catch (error) {
      // Gone again, or not readable yet: the old file is not finished by that.
      if (errorCode(error) !== 'ENOENT')
        this.nameTrouble.say(`Could not open the new file ${this.path}: ${(error as Error).message}. Trying again every second.`);
    }
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
    this.closeFile();
    for (const file of this.successors.splice(0)) file.close();
    this.change.close();
  }
}
