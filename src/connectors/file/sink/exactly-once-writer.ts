/**
 * Appends lines to a file so that, whatever kills the worker, each record is in it once after the next start: the file goes back to the
 * last consistent point, and the consumer to its offsets. Bytes of others are never touched: where they may be meant, the task fails.
 */
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { keyOfPartition, type PartitionOffset, type TopicPartition } from '../../../api/sink';
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import { errorCode } from '../shared/file-trouble';
import { isJournalOf, remedy, SinkJournal } from './sink-journal';

const { O_RDWR, O_APPEND, O_CREAT, O_NONBLOCK } = fs.constants;
/** Errors of a full disk or quota: they pass when somebody makes room. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

const LF = 10;
const syncData = promisify(fs.fdatasync);

export class ExactlyOnceWriter {
  private readonly journal: SinkJournal;
  private fd = -1;
  private length = 0;
  private offsets = new Map<string, PartitionOffset>();

  /**
   * Brings the file back to the last consistent point.
   * @throws ConnectException if that cannot be done without touching bytes of others
   */
  constructor(
    private readonly file: string,
    connector: string,
    private readonly logger: Logger,
  ) {
    this.journal = new SinkJournal(journalOf(file), connector);
    this.offsets = new Map(this.journal.point?.offsets.map(offset => [keyOfPartition(offset), offset]));
    if (this.journal.isOpen) this.recover();
    this.open();
    this.save();
  }

  /** The offset that the file stands for; undefined where it holds nothing of a partition. */
  offsetOf(partition: TopicPartition): number | undefined {
    return this.offsets.get(keyOfPartition(partition))?.offset;
  }

  private open(): void {
    try {
      this.fd = fs.openSync(this.file, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, 0o666);
    } catch (error) {
      throw new ConnectError('ConnectException', `Couldn't find or create file '${this.file}' for FileStreamSinkTask`, error);
    }
    const stat = fs.fstatSync(this.fd);
    if (!stat.isFile()) throw new ConnectError('ConnectException', `file.exactly.once needs a regular file, which '${this.file}' is not`);
    this.length = stat.size;
    this.endTornLine();
  }

  /** What others have left stays, as a line of its own. */
  private endTornLine(): void {
    const last = Buffer.alloc(1);
    if (this.length === 0 || (fs.readSync(this.fd, last, 0, 1, this.length - 1) === 1 && last[0] === LF)) return;
    this.length += fs.writeSync(this.fd, Buffer.from([LF]));
    this.logger.info(`File ${this.file} did not end with a line end: one was added before the first line.`);
  }

  /** Takes back what was written since the consistent point by one that was killed; also in a file that was renamed since. */
  private recover(): void {
    const { point } = this.journal;
    const found = point && this.find(point.inode);
    const fd = found ? fs.openSync(found, O_RDWR) : -1;
    try {
      if (!point || fd < 0 || !this.journal.owns(fd)) throw this.refusal();
      const tail = fs.fstatSync(fd).size - point.length;
      fs.ftruncateSync(fd, point.length);
      fs.fdatasyncSync(fd);
      if (tail > 0)
        this.logger.info(
          `File ${found}: ${tail} bytes after the last consistent point (${point.length}) are taken back, and their records come again.`,
        );
    } finally {
      if (fd >= 0) fs.closeSync(fd);
    }
  }

  /** The file of this inode, under its name or another one of the same folder. */
  private find(inode: string): string | null {
    const folder = path.dirname(this.file);
    const names = [this.file, ...fs.readdirSync(folder).map(name => path.join(folder, name))];
    return names.find(name => inodeOf(name) === inode) ?? null;
  }

  private refusal(): ConnectError {
    const at = this.journal.point?.length ?? 0;
    return new ConnectError(
      'ConnectException',
      `File '${this.file}' was changed by others: what lies after position ${at}, where file and offsets last belonged together, is not what ` +
        `this connector has written. Nothing was touched. ${remedy(this.journal.path)}`,
    );
  }

  /** Writes whole lines. @throws RetriableException when the disk is full: call again; ConnectException when others write to the file */
  write(lines: Buffer): void {
    if (lines.length === 0) return;
    if (fs.fstatSync(this.fd).size !== this.length) throw this.refusal();
    try {
      this.journal.begin(this.length, lines);
      for (let written = 0; written < lines.length; ) written += fs.writeSync(this.fd, lines, written);
    } catch (error) {
      throw this.failed(error);
    }
    this.length += lines.length;
  }

  private failed(error: unknown): ConnectError {
    fs.ftruncateSync(this.fd, this.length);
    const message = `Could not write to file '${this.file}': ${(error as Error).message}`;
    if (NO_ROOM.has(errorCode(error)))
      return new ConnectError('RetriableException', `${message}. Waiting for room; nothing is lost.`, error);
    return new ConnectError('ConnectException', `${message}. Restart the task when it can be written again; nothing is skipped.`, error);
  }

  /**
   * Makes a consistent point of all that was written. A file that was renamed or deleted meanwhile ends with it, and a new one begins.
   * @throws ConnectException; then the file is back at the point before
   */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const before = new Map(this.offsets);
    try {
      if (fs.fstatSync(this.fd).size !== this.length) throw this.refusal();
      // May take long; a thread may have other tasks.
      await syncData(this.fd);
      for (const { topic, partition, offset } of offsets)
        this.offsets.set(keyOfPartition({ topic, partition }), { topic, partition, offset });
      this.followName();
      this.save();
    } catch (error) {
      this.offsets = before;
      throw error;
    }
  }

  private followName(): void {
    const named = fs.statSync(this.file, { bigint: true, throwIfNoEntry: false });
    if (named && named.ino === fs.fstatSync(this.fd, { bigint: true }).ino) return;
    this.logger.info(`File ${this.file} was moved or deleted: going on with a new one.`);
    fs.closeSync(this.fd);
    this.open();
  }

  private save(): void {
    try {
      this.journal.save(this.fd, this.length, [...this.offsets.values()]);
    } catch (error) {
      throw new ConnectError('ConnectException', `Could not write the journal ${this.journal.path}: ${(error as Error).message}`, error);
    }
  }

  /** True if something was written since the last consistent point. */
  get isAhead(): boolean {
    return this.journal.isOpen;
  }

  /** Goes back to the last consistent point: what was written since comes again. @throws ConnectException when others have written */
  rollBack(): void {
    const { point } = this.journal;
    if (!point || !this.isAhead) return;
    if (fs.fstatSync(this.fd).size !== this.length || !this.journal.owns(this.fd)) throw this.refusal();
    fs.ftruncateSync(this.fd, point.length);
    this.logger.info(
      `File ${this.file}: ${this.length - point.length} bytes that were not committed are taken back, and their records come again.`,
    );
    this.length = point.length;
    this.save();
  }

  close(): void {
    if (this.fd >= 0) fs.closeSync(this.fd);
    this.fd = -1;
    this.journal.close();
  }
}

/** Null for what is not there, and for what is not ours to see, such as links in a circle. */
function inodeOf(name: string): string | null {
  try {
    return String(fs.statSync(name, { bigint: true }).ino);
  } catch {
    return null;
  }
}

/** The journal of a sink file. */
export function journalOf(file: string): string {
  return `${file}.journal`;
}

/** The file is written without a journal from now on: the one that is there would send a later start back too far. */
export function forgetJournal(file: string, connector: string, logger: Logger): void {
  const name = journalOf(file);
  if (!isJournalOf(name, connector)) return;
  fs.rmSync(name);
  logger.info(`The journal ${name} is removed, since file.exactly.once is off.`);
}

/** Changes the offsets that a file stands for, or forgets them (null); for a connector that is stopped. @throws ConnectException */
export function alterJournal(
  file: string,
  connector: string,
  offsets: readonly (TopicPartition & { readonly offset: number | null })[],
): void {
  const journal = new SinkJournal(journalOf(file), connector);
  if (!journal.point) return;
  const changed = new Map(journal.point.offsets.map(offset => [keyOfPartition(offset), offset]));
  for (const { topic, partition, offset } of offsets) {
    if (offset === null) changed.delete(keyOfPartition({ topic, partition }));
    else changed.set(keyOfPartition({ topic, partition }), { topic, partition, offset });
  }
  journal.replaceOffsets([...changed.values()]);
}
