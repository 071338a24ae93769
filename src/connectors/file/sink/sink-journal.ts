/**
 * The journal beside a sink file that is written exactly once (`file.exactly.once`). Its first line is the last consistent point: how long
 * the file was, and which offsets that length stands for. The lines after it say, before each write, what is about to be written; by them
 * the bytes after the point are known to be ours.
 */
import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { PartitionOffset } from '../../../api/sink';
import { ConnectError } from '../../../errors';
import { createAnewSync, readOwnSync } from '../../../own-files';

const FORMAT = 'connect-standalone file sink';
const VERSION = 1;
/** A write that a kill has cut short ends at the end of a page of the file; so do the pieces whose checksums are kept. */
const PIECE_BYTES = 4096;
/** So many bytes before the point are compared, to see that it is still the same file. */
const COMPARED_BYTES = 1024;
/** More than the first line of any journal. */
const MAX_POINT_BYTES = 1 << 20;

/** A point at which file and offsets belong together. */
export interface ConsistentPoint {
  readonly connector: string;
  readonly inode: string;
  readonly length: number;
  /** Checksum of the bytes before it. */
  readonly before: number;
  readonly offsets: readonly PartitionOffset[];
}

/** Bytes that were about to be written. */
interface Intent {
  readonly position: number;
  readonly length: number;
  readonly checksums: readonly number[];
}

export class SinkJournal {
  point: ConsistentPoint | null = null;
  private intents: Intent[] = [];
  private fd = -1;
  /** Bytes of the journal that are whole lines. */
  private size = 0;

  /** @throws ConnectException if there is a file of this name that is not a journal of this connector, or is damaged */
  constructor(
    readonly path: string,
    private readonly connector: string,
  ) {
    const text = readIfPresent(path);
    if (text === null) return;
    const [first = '', ...others] = text.split('\n');
    this.point = parsePoint(first);
    if (this.point === null)
      throw new ConnectError('ConnectException', `${path} is not the journal of a file sink, or it is damaged. ${remedy(path)}`);
    if (this.point.connector !== connector)
      throw new ConnectError(
        'ConnectException',
        `${path} belongs to connector ${this.point.connector}: two connectors cannot write one file`,
      );
    // The last one ends without a line end if its writing was cut short; then nothing of it is in the file.
    this.intents = others.slice(0, -1).map(parseIntent);
  }

  /** True if something may have been written after the consistent point. */
  get isOpen(): boolean {
    return this.intents.length > 0;
  }

  /** Makes a consistent point, safe on disk when it returns; the file itself must be so before. @throws a system error */
  save(fd: number, length: number, offsets: readonly PartitionOffset[]): void {
    const { connector } = this;
    const inode = String(fs.fstatSync(fd, { bigint: true }).ino);
    const point: ConsistentPoint = { connector, inode, length, before: checksumBefore(this.readerOf(fd), length), offsets };
    const next = this.write(point, '');
    this.close();
    this.fd = next;
    this.size = fs.fstatSync(next).size;
    this.point = point;
    this.intents = [];
  }

  /** Has the point stand for other offsets. For a journal that nobody writes. @throws a system error */
  replaceOffsets(offsets: readonly PartitionOffset[]): void {
    const next = this.write({ ...(this.point as ConsistentPoint), offsets }, this.intents.map(intentLine).join(''));
    fs.closeSync(next);
  }

  /** Puts a new journal in the place of the old one. @returns its descriptor */
  private write(point: ConsistentPoint, intents: string): number {
    const temporary = `${this.path}.tmp`;
    const next = createAnewSync(temporary, 0o600);
    try {
      fs.writeFileSync(next, `${JSON.stringify({ format: FORMAT, version: VERSION, ...point })}\n${intents}`);
      fs.fsyncSync(next);
      fs.renameSync(temporary, this.path);
      syncFolder(path.dirname(this.path));
      return next;
    } catch (error) {
      fs.closeSync(next);
      throw error;
    }
  }

  /** To be called before bytes are written at a position. @throws a system error */
  begin(position: number, bytes: Buffer): void {
    const intent: Intent = { position, length: bytes.length, checksums: checksums(position, bytes) };
    const line = Buffer.from(intentLine(intent));
    try {
      for (let written = 0; written < line.length; ) written += fs.writeSync(this.fd, line, written, undefined, this.size + written);
    } catch (error) {
      fs.ftruncateSync(this.fd, this.size);
      throw error;
    }
    this.size += line.length;
    this.intents.push(intent);
  }

  /** True if the file is the one of the point, and all after it was written by us. */
  owns(fd: number): boolean {
    const { point } = this;
    const stat = fs.fstatSync(fd, { bigint: true });
    const size = Number(stat.size);
    if (!point || size < point.length || String(stat.ino) !== point.inode) return false;
    const read = this.readerOf(fd);
    if (checksumBefore(read, point.length) !== point.before) return false;
    let end = point.length;
    // A write that was taken back, since the disk was full, is followed by one at the same position.
    for (const [i, intent] of this.intents.entries()) {
      if (this.intents[i + 1]?.position === intent.position) continue;
      if (end === size) return true;
      if (intent.position !== end) return false;
      end = Math.min(size, end + intent.length);
      const written = checksums(intent.position, read(intent.position, end - intent.position));
      if (!written.every((checksum, piece) => checksum === intent.checksums[piece])) return false;
    }
    return end === size;
  }

  private readerOf(fd: number): (position: number, length: number) => Buffer {
    return (position, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, position));
    };
  }

  close(): void {
    if (this.fd >= 0) fs.closeSync(this.fd);
    this.fd = -1;
  }
}

/** True if there is a journal of this connector under this name, and not something else, or what cannot be read. */
export function isJournalOf(file: string, connector: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true && parsePoint(firstLine(file))?.connector === connector;
  } catch {
    return false;
  }
}

function firstLine(file: string): string {
  const fd = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MAX_POINT_BYTES);
    return bytes.toString('utf8', 0, fs.readSync(fd, bytes)).split('\n', 1)[0] ?? '';
  } finally {
    fs.closeSync(fd);
  }
}

/** What to do when a journal and its file do not belong together. */
export function remedy(journal: string): string {
  return `To go on from the offsets that the consumer group has committed, with the file as it is, remove ${journal}: lines may then be in the file twice`;
}

function checksumBefore(read: (position: number, length: number) => Buffer, end: number): number {
  const from = Math.max(0, end - COMPARED_BYTES);
  return crc32(read(from, end - from));
}

/** Of each piece, cut where pages of the file end. */
function checksums(position: number, bytes: Buffer): number[] {
  const found: number[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = Math.min(bytes.length, from + PIECE_BYTES - ((position + from) % PIECE_BYTES));
    found.push(crc32(bytes.subarray(from, end)));
    from = end;
  }
  return found;
}

function parsePoint(line: string): ConsistentPoint | null {
  try {
    const { format, version, ...point } = JSON.parse(line) as ConsistentPoint & { format: unknown; version: unknown };
    return format === FORMAT && version === VERSION && Number.isSafeInteger(point.length) && Array.isArray(point.offsets) ? point : null;
  } catch {
    return null;
  }
}

const intentLine = ({ position, length, checksums: sums }: Intent): string => `${position} ${length} ${sums.join(' ')}\n`;

function parseIntent(line: string): Intent {
  const [position = Number.NaN, length = Number.NaN, ...rest] = line.split(' ').map(Number);
  return { position, length, checksums: rest };
}

function readIfPresent(file: string): string | null {
  try {
    return readOwnSync(file).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ConnectError('ConnectException', `Could not read ${file}`, error);
  }
}

function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } catch (error) {
    // Some network file systems know no fsync of a folder; the rename itself is done.
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    fs.closeSync(fd);
  }
}
