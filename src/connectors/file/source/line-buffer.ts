/** Splits bytes into lines where they lie: no object a line, positions in bytes. */
import type { ByteColumn } from '../../../data/batch/byte-column';

const LF = 10;
const CR = 13;

/** Length and place of a line that is too long to be held. */
export interface OverlongLine {
  /** Byte position of its first byte. */
  readonly position: number;
  /** Bytes seen of it so far. */
  readonly lengthBytes: number;
  /** False while its end has not been read. */
  readonly complete: boolean;
}

/** The next place of one byte value. Kept between calls, so that no byte is searched twice however lines end. */
interface NextByte {
  readonly byte: number;
  /** Where it was found last, or -1. */
  at: number;
  /** There is none between `at` and here. */
  searchedTo: number;
}

/**
 * A window onto a stream of bytes. The reader appends to `free()`, `takeLines` gives out complete lines as ranges of `bytes`;
 * terminators are LF, CRLF and CR, and a CR at the very end waits for the byte after it.
 */
export class LineBuffer {
  bytes: Buffer;
  private filled = 0;
  /** Start of the first line that was not given out. */
  private lineStart = 0;
  /** Where the search for its end goes on. */
  private searchFrom = 0;
  /** Position in the stream of `bytes[0]`. */
  private basePosition: number;
  /** While a line is discarded: its first position, otherwise -1. */
  private discardingFrom = -1;
  private readonly lf: NextByte = { byte: LF, at: -1, searchedTo: 0 };
  private readonly cr: NextByte = { byte: CR, at: -1, searchedTo: 0 };

  /**
   * @param position stream position of the first byte to come
   * @param chunkBytes room offered to the reader
   * @param maxLineBytes longest line that is held; longer ones are discarded as they pass
   */
  constructor(
    position: number,
    private readonly chunkBytes: number,
    private readonly maxLineBytes: number,
  ) {
    this.basePosition = position;
    this.bytes = Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** Stream position after the last byte that was appended. */
  get position(): number {
    return this.basePosition + this.filled;
  }

  /** Bytes that wait for their line end. */
  get unfinishedBytes(): number {
    return this.discardingFrom < 0 ? this.filled - this.lineStart : this.position - this.discardingFrom;
  }

  /** Forgets all bytes and goes on at another position. */
  reset(position: number): void {
    this.filled = 0;
    this.lineStart = 0;
    this.searchFrom = 0;
    this.discardingFrom = -1;
    this.basePosition = position;
    for (const next of [this.lf, this.cr]) {
      next.at = -1;
      next.searchedTo = 0;
    }
  }

  /** Room for the reader. Ranges given out before are void from here on. */
  free(): Buffer {
    if (this.lineStart > 0) this.moveToFront();
    if (this.filled === this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(this.bytes.length * 2);
      this.bytes.copy(larger, 0, 0, this.filled);
      this.bytes = larger;
    }
    return this.bytes.subarray(this.filled);
  }

  private moveToFront(): void {
    this.bytes.copyWithin(0, this.lineStart, this.filled);
    this.basePosition += this.lineStart;
    this.filled -= this.lineStart;
    this.searchFrom -= this.lineStart;
    for (const next of [this.lf, this.cr]) {
      next.at = Math.max(-1, next.at - this.lineStart);
      next.searchedTo = Math.max(0, next.searchedTo - this.lineStart);
    }
    this.lineStart = 0;
    // A long line made the buffer grow; the next ones need no more than a chunk.
    if (this.bytes.length > this.chunkBytes && this.filled < this.chunkBytes / 2) {
      const smaller = Buffer.allocUnsafeSlow(this.chunkBytes);
      this.bytes.copy(smaller, 0, 0, this.filled);
      this.bytes = smaller;
    }
  }

  /** The reader has filled this many bytes of `free()`. */
  appended(count: number): void {
    this.filled += count;
  }

  /**
   * Gives out complete lines: appends ranges of `bytes` to `texts` and the position after each terminator to `positions`, until
   * `texts` holds `maxCount`.
   * @returns a line that had to be discarded for its length, once when that is known and once when its end was read; then call again
   */
  takeLines(texts: ByteColumn, positions: Float64Array, maxCount: number): OverlongLine | null {
    const { filled, lf, cr } = this;
    const bytes = filled === this.bytes.length ? this.bytes : this.bytes.subarray(0, filled);
    while (texts.count < maxCount) {
      let end = find(bytes, lf, this.searchFrom);
      let next = end + 1;
      const crAt = find(bytes, cr, this.searchFrom);
      if (crAt >= 0 && crAt < (end < 0 ? filled : end)) {
        if (crAt + 1 === filled) {
          this.searchFrom = crAt;
          return this.checkLength();
        }
        end = crAt;
        next = bytes[end + 1] === LF ? end + 2 : end + 1;
      }
      if (end < 0) {
        this.searchFrom = filled;
        return this.checkLength();
      }
      const start = this.lineStart;
      this.lineStart = next;
      this.searchFrom = next;
      if (this.discardingFrom >= 0 || end - start > this.maxLineBytes) return this.endOfDiscarded(start, end);
      texts.starts[texts.count] = start;
      texts.lengths[texts.count] = end - start;
      positions[texts.count++] = this.basePosition + next;
    }
    return null;
  }

  /**
   * Gives out what waits for its end as a line, for a stream that has none to give any more; after `takeLines` had nothing left.
   * A CR at the very end ends its line.
   * @returns a line that had to be discarded for its length
   */
  takeRest(texts: ByteColumn, positions: Float64Array): OverlongLine | null {
    const { filled, lineStart: start } = this;
    if (this.unfinishedBytes === 0) return null;
    const end = filled > start && this.bytes[filled - 1] === CR ? filled - 1 : filled;
    this.lineStart = filled;
    this.searchFrom = filled;
    if (this.discardingFrom >= 0) return this.endOfDiscarded(start, end);
    texts.starts[texts.count] = start;
    texts.lengths[texts.count] = end - start;
    positions[texts.count++] = this.basePosition + filled;
    return null;
  }

  private endOfDiscarded(start: number, end: number): OverlongLine {
    const position = this.discardingFrom >= 0 ? this.discardingFrom : this.basePosition + start;
    this.discardingFrom = -1;
    return { position, lengthBytes: this.basePosition + end - position, complete: true };
  }

  /** Drops the bytes of an unfinished line that is longer than a record may be. */
  private checkLength(): OverlongLine | null {
    if (this.discardingFrom < 0 && this.searchFrom - this.lineStart <= this.maxLineBytes) return null;
    const first = this.discardingFrom < 0;
    if (first) this.discardingFrom = this.basePosition + this.lineStart;
    this.lineStart = this.searchFrom;
    return first
      ? { position: this.discardingFrom, lengthBytes: this.basePosition + this.searchFrom - this.discardingFrom, complete: false }
      : null;
  }
}

/** The first place from `from` on where the byte stands, or -1. */
function find(bytes: Buffer, next: NextByte, from: number): number {
  if (next.at >= from) return next.at;
  const start = Math.max(from, next.searchedTo);
  if (start >= bytes.length) return -1;
  next.at = bytes.indexOf(next.byte, start);
  next.searchedTo = next.at < 0 ? bytes.length : next.at + 1;
  return next.at;
}
