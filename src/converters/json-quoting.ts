/** The bulk form of writing JSON strings: from packed UTF-8 to packed JSON, four bytes at a time. */
import { NULL_TEXT, type PackedTexts } from '../data/packed-texts';
import { asUtf8Texts, spanOf } from './packed-utf8';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789ABCDEF');

/** Up to this size a text gets six times its room rather than a look at every byte. */
const COUNT_ABOVE_BYTES = 65_536;

/** How many bytes a byte takes when it is escaped, or 0 if it stands as it is. Four-byte characters are counted at their first byte. */
const ESCAPED_LENGTH = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0xf0) return 12;
  return byte < 0x20 ? 6 : byte === QUOTE || byte === BACKSLASH ? 2 : 0;
});
/** The letter after the backslash, for bytes that have a short escape. */
const SHORT_ESCAPE = new Uint8Array(256);
for (const [byte, letter] of [
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
] as const) {
  SHORT_ESCAPE[byte] = letter.charCodeAt(0);
  ESCAPED_LENGTH[byte] = 2;
}

/** True if one of four bytes is a control, a quote, a backslash or not ASCII (the last for want of a cheaper test). */
export function hasSpecial(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const low = ((word - 0x20202020) | 0) & ~word;
  const zero = (((quote - 0x01010101) | 0) & ~quote) | (((backslash - 0x01010101) | 0) & ~backslash);
  return ((low | zero | word) & 0x80808080) !== 0;
}

/** A view for reading and writing words. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Writes `\uXXXX` and returns the place after it. */
function putUnicodeEscape(out: Buffer, at: number, unit: number): number {
  out[at] = BACKSLASH;
  out[at + 1] = 0x75;
  for (let digit = 0; digit < 4; digit++) out[at + 2 + digit] = HEX[(unit >> (12 - 4 * digit)) & 15] as number;
  return at + 6;
}

/** Writes a four-byte character as Jackson does, both halves of its surrogate pair escaped. */
function putSupplementary(out: Buffer, at: number, source: Buffer, from: number): number {
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0] = source.subarray(from, from + 4);
  const offset = (((b1 & 7) << 18) | ((b2 & 63) << 12) | ((b3 & 63) << 6) | (b4 & 63)) - 0x10000;
  return putUnicodeEscape(out, putUnicodeEscape(out, at, 0xd800 | (offset >> 10)), 0xdc00 | (offset & 0x3ff));
}

/** Writes texts as JSON strings between the same head and tail; made once for each batch. */
class Quoter {
  private viewed: Buffer;
  private view: DataView;
  private readonly sourceView: DataView;
  private readonly headView: DataView;
  /** Where the last text will end if nothing more has to be escaped; `out` has room up to there. */
  private plannedEnd: number;
  /** Where the last copying stopped in the source. */
  private stop = 0;

  constructor(
    private readonly texts: PackedTexts,
    private readonly out: PackedTexts,
    private readonly head: Buffer,
    private readonly tail: Buffer,
  ) {
    this.plannedEnd = out.used + spanOf(texts).total + texts.count * (head.length + tail.length);
    out.reserve(texts.count, this.plannedEnd - out.used);
    this.viewed = out.bytes;
    this.view = viewOf(out.bytes);
    this.sourceView = viewOf(texts.bytes);
    this.headView = viewOf(head);
  }

  quoteAll(): void {
    const { texts, out } = this;
    for (let i = 0; i < texts.count; i++) {
      const start = texts.starts[i] as number;
      const length = Math.max(texts.lengths[i] as number, 0);
      const first = out.used;
      out.used = this.putTail(this.putText(start, start + length, this.putHead(first)));
      out.starts[i] = first;
      out.lengths[i] = texts.lengths[i] === NULL_TEXT ? NULL_TEXT : out.used - first;
    }
    out.count = texts.count;
  }

  private putHead(at: number): number {
    const { head, headView, view } = this;
    const { bytes } = this.out;
    const { length } = head;
    let i = 0;
    for (; i + 4 <= length; i += 4) view.setUint32(at + i, headView.getUint32(i));
    for (; i < length; i++) bytes[at + i] = head[i] as number;
    return at + length;
  }

  private putTail(at: number): number {
    const { tail } = this;
    const { bytes } = this.out;
    for (let i = 0; i < tail.length; i++) bytes[at + i] = tail[i] as number;
    return at + tail.length;
  }

  private putText(start: number, end: number, at: number): number {
    let to = this.copyPlain(start, end, at);
    if (this.stop === end) return to;
    this.makeRoom(this.stop, end, to);
    while (this.stop < end) {
      to = this.putEscape(this.stop, to);
      to = this.copyPlain(this.stop, end, to);
    }
    this.plannedEnd += to - at - (end - start);
    return to;
  }

  /** Copies up to the first byte that has to be escaped, which `stop` names, and returns where the copy ends. */
  private copyPlain(start: number, end: number, at: number): number {
    const { sourceView, view } = this;
    const source = this.texts.bytes;
    const { bytes } = this.out;
    let from = start;
    let to = at;
    while (from < end) {
      for (; from + 4 <= end; from += 4, to += 4) {
        const word = sourceView.getUint32(from);
        if (hasSpecial(word)) break;
        view.setUint32(to, word);
      }
      // the rest, or the four bytes among which something is special
      for (const last = Math.min(from + 4, end); from < last; from++, to++) {
        const byte = source[from] as number;
        if (ESCAPED_LENGTH[byte] !== 0) {
          this.stop = from;
          return to;
        }
        bytes[to] = byte;
      }
    }
    this.stop = end;
    return to;
  }

  /** Writes the character at `from` escaped and moves `stop` behind it. */
  private putEscape(from: number, at: number): number {
    const { bytes } = this.out;
    const source = this.texts.bytes;
    const byte = source[from] as number;
    if (byte >= 0xf0) {
      this.stop = from + 4;
      return putSupplementary(bytes, at, source, from);
    }
    this.stop = from + 1;
    const letter = SHORT_ESCAPE[byte] as number;
    if (letter === 0) return putUnicodeEscape(bytes, at, byte);
    bytes[at] = BACKSLASH;
    bytes[at + 1] = letter;
    return at + 2;
  }

  /** Makes room for a text that has something to escape from `start` on, as if all of it had; counts only where that would be much. */
  private makeRoom(start: number, end: number, at: number): void {
    const extra = end - start <= COUNT_ABOVE_BYTES ? (end - start) * 5 : this.countExtra(start, end);
    // what `reserve` keeps of the old buffer ends at `used`
    this.out.used = at;
    this.out.reserve(0, this.plannedEnd - at + extra);
    if (this.viewed === this.out.bytes) return;
    this.viewed = this.out.bytes;
    this.view = viewOf(this.viewed);
  }

  private countExtra(start: number, end: number): number {
    const source = this.texts.bytes;
    let extra = 0;
    for (let i = start; i < end; i++) extra += Math.max((ESCAPED_LENGTH[source[i] as number] as number) - 1, 0);
    return extra;
  }
}

/**
 * Writes `head`, the text as the inside of a JSON string, and `tail` for each text; null stays null. Same bytes as JsonWriter's.
 * @param out written anew
 */
export function quoteTexts(texts: PackedTexts, out: PackedTexts, head: Buffer, tail: Buffer): PackedTexts {
  out.clear();
  new Quoter(asUtf8Texts(texts), out, head, tail).quoteAll();
  return out;
}
