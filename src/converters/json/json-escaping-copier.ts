/** Copies UTF-8 as the inside of JSON strings, four bytes at a time. */
import { ESCAPED_LENGTH, hasSpecial, putAsciiEscape, putUnicodeEscape, viewOf } from './json-escapes';

/** Writes a four-byte character as Jackson does, both halves of its surrogate pair escaped. */
function putSupplementary(out: Buffer, at: number, source: Buffer, from: number): number {
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0] = source.subarray(from, from + 4);
  const offset = (((b1 & 7) << 18) | ((b2 & 63) << 12) | ((b3 & 63) << 6) | (b4 & 63)) - 0x10000;
  return putUnicodeEscape(out, putUnicodeEscape(out, at, 0xd800 | (offset >> 10)), 0xdc00 | (offset & 0x3ff));
}

/** Copies between two buffers; whoever calls has made room. */
export class EscapingCopier {
  /** Where the last copying stopped in the source. */
  stop = 0;
  /** Where copies go. */
  out: Buffer = Buffer.alloc(0);
  private source = this.out;
  private outView = viewOf(this.out);
  private sourceView = this.outView;

  /** Copies go from one buffer to another from now on. */
  aim(source: Buffer, out: Buffer): void {
    if (source !== this.source) this.sourceView = viewOf(source);
    if (out !== this.out) this.outView = viewOf(out);
    this.source = source;
    this.out = out;
  }

  /** Copies all of a text, escaping what has to be. @returns where the copy ends */
  copy(start: number, end: number, at: number): number {
    let to = this.copyPlain(start, end, at);
    while (this.stop < end) {
      to = this.putEscape(this.stop, to);
      to = this.copyPlain(this.stop, end, to);
    }
    return to;
  }

  /** Copies up to the first byte that has to be escaped, which `stop` names, and returns where the copy ends. */
  copyPlain(start: number, end: number, at: number): number {
    const { source, sourceView, out, outView } = this;
    let from = start;
    let to = at;
    while (from < end) {
      for (; from + 4 <= end; from += 4, to += 4) {
        const word = sourceView.getUint32(from);
        if (hasSpecial(word)) break;
        outView.setUint32(to, word);
      }
      // the rest, or the four bytes among which something is special
      for (const last = Math.min(from + 4, end); from < last; from++, to++) {
        const byte = source[from] as number;
        if (ESCAPED_LENGTH[byte] !== 0) {
          this.stop = from;
          return to;
        }
        out[to] = byte;
      }
    }
    this.stop = end;
    return to;
  }

  /** Writes the character at `from` escaped and moves `stop` past it. */
  private putEscape(from: number, at: number): number {
    const byte = this.source[from] as number;
    if (byte >= 0xf0) {
      this.stop = from + 4;
      return putSupplementary(this.out, at, this.source, from);
    }
    this.stop = from + 1;
    return putAsciiEscape(this.out, at, byte);
  }
}
