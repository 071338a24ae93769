/** The last bytes that were read of a file, by which one that was truncated and has grown past the position again gives itself away. */
import { hashOfTail } from '../shared/file-identity';
import { TAIL_BYTES } from '../shared/open-file';

/** What lies before a position of a file, as it was when it was read. */
export class FileTail {
  /** Where a read puts what lies before its position. */
  private readonly probe = Buffer.alloc(TAIL_BYTES);
  private readonly bytes = Buffer.alloc(TAIL_BYTES);
  private length = 0;
  /** -1 while nothing is known. */
  private position = -1;

  /** Forgets everything: other bytes are to come. */
  reset(): void {
    this.position = -1;
  }

  /** The hash of the bytes before a position as they were when they were read; null where that is not known. */
  hashBefore(position: number): string | null {
    const isKnown = this.position === position && this.length === Math.min(TAIL_BYTES, position);
    return isKnown ? hashOfTail(this.bytes.subarray(0, this.length)) : null;
  }

  /** Room for the bytes before a position. */
  room(position: number): Buffer {
    return this.probe.subarray(0, Math.min(TAIL_BYTES, position));
  }

  /**
   * True if the bytes before a position, now in `room`, are not those that were there. From some byte on they may be zeros: the hole
   * that the writer of a truncated file leaves when it goes on where it was, before which nothing is new.
   */
  differs(position: number): boolean {
    if (this.position !== position) return false;
    const found = this.room(position).subarray(-this.length);
    const known = this.bytes.subarray(0, this.length);
    if (this.length === 0 || known.equals(found)) return false;
    const first = found.findIndex((byte, i) => byte !== known[i]);
    return found.subarray(first).some(byte => byte !== 0);
  }

  /** These bytes were read from a position on; `room` holds those before it. */
  advance(read: Buffer, position: number): void {
    const before = this.room(position);
    const kept = Math.min(before.length, Math.max(0, TAIL_BYTES - read.length));
    before.copy(this.bytes, 0, before.length - kept);
    const fresh = read.subarray(-TAIL_BYTES);
    fresh.copy(this.bytes, kept);
    this.length = kept + fresh.length;
    this.position = position + read.length;
  }
}
