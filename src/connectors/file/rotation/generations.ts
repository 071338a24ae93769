/** The files that have taken the name while an older one is read: held in their order until it is their turn, or known not to be there. */
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import { type FileIdentity, isSameFile } from '../shared/file-identity';
import { Trouble } from '../shared/file-trouble';
import type { OpenFile } from '../shared/open-file';
import { type FoundFile, type LogFolder, openFound } from './log-folder';

/** Most of them that are open; later ones are looked for in the folder when it is their turn. */
const MAX_OPEN = 64;
/** Files that were read, and must not be taken for ones that came in between. */
const PAST_KEPT = 256;

/** A file that waits. */
interface Waiting extends FoundFile {
  /** When it was seen first, in epoch milliseconds. */
  readonly sinceMs: number;
  /** Null for one that could not be opened yet. */
  file: OpenFile | null;
}

export class Generations {
  private readonly waiting: Waiting[] = [];
  private readonly past: FileIdentity[] = [];
  private readonly trouble: Trouble;

  /** @param onGone a file is gone before it could be opened; with the bytes it had when it was seen */
  constructor(
    private readonly folder: LogFolder,
    logger: Logger,
    private readonly onGone: (file: FoundFile, atLeastBytes: number) => void,
  ) {
    this.trouble = new Trouble(logger);
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** When the next one was seen first, in epoch milliseconds. */
  get nextSinceMs(): number {
    return this.waiting[0]?.sinceMs ?? 0;
  }

  /**
   * Looks which file has the name, and holds on to it and to those that had it since the last look. Never throws.
   * @param current what is read now
   */
  look(current: OpenFile): void {
    try {
      const named = this.folder.named();
      if (named === null || this.isKnown(named, current)) return;
      const last = this.waiting.at(-1) ?? current;
      const between = this.folder
        .rotatedBetween(last.orderNs, named, this.folder.find(last.identity)?.path)
        .filter(file => !this.isKnown(file, current) && !this.past.some(past => isSameFile(past, file.identity)));
      for (const file of [...between, named]) this.add(file);
    } catch (error) {
      this.say(this.folder.path, error);
    }
  }

  private isKnown({ identity }: FoundFile, current: OpenFile): boolean {
    return isSameFile(identity, current.identity) || this.waiting.some(each => isSameFile(identity, each.identity));
  }

  /** Holds on to a file that follows all others. */
  add(file: FoundFile): void {
    const waiting = { ...file, sinceMs: Date.now(), file: null };
    this.waiting.push(waiting);
    if (this.waiting.filter(each => each.file).length < MAX_OPEN) this.open(waiting, file.path);
  }

  /** Has an open file be the next one. */
  putFirst(file: OpenFile): void {
    const { identity, orderNs, isRegular } = file;
    this.waiting.unshift({ path: this.folder.path, identity, orderNs, sizeBytes: 0, isRegular, sinceMs: 0, file });
  }

  private open(waiting: Waiting, path: string): void {
    try {
      waiting.file = openFound({ ...waiting, path });
      if (waiting.file) this.trouble.over(`The new file ${this.folder.path} could be opened.`);
    } catch (error) {
      this.say(path, error);
    }
  }

  private say(path: string, error: unknown): void {
    this.trouble.say(`Could not open the new file ${path}: ${(error as Error).message}. Trying again every second.`);
  }

  /**
   * Opens the next file if it is not open; one that is gone is left out, and `onGone` hears of it.
   * @returns false if there is none, or it cannot be opened now @throws ConnectException for a directory
   */
  makeNextReady(): boolean {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (next.file) return true;
      try {
        const found = this.folder.find(next.identity);
        if (found) this.open(next, found.path);
        if (next.file) return true;
        if (found) return false;
      } catch (error) {
        if (error instanceof ConnectError) throw error;
        this.say(this.folder.path, error);
        return false;
      }
      this.waiting.shift();
      this.onGone(next, next.sizeBytes);
    }
    return false;
  }

  /** The next file, which is ready. @param finished what it comes after */
  take(finished: OpenFile): OpenFile | null {
    this.past.push(finished.identity);
    if (this.past.length > PAST_KEPT) this.past.shift();
    const next = this.waiting.shift()?.file ?? null;
    const closed = this.waiting.find(each => !each.file);
    if (closed && this.waiting.filter(each => each.file).length < MAX_OPEN) {
      const found = this.folder.find(closed.identity);
      if (found) this.open(closed, found.path);
    }
    return next;
  }

  close(): void {
    for (const { file } of this.waiting.splice(0)) file?.close();
  }
}
