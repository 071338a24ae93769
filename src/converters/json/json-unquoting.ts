/** The bulk form of reading JSON strings that stand alone or as the payload of an envelope already known. */
import { isUtf8 } from 'node:buffer';
import type { ByteColumn } from '../../data/batch/byte-column';
import { isDense, spanOf } from '../packed-utf8';
import { hasSpecial, viewOf } from './json-escapes';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a letter after a backslash stands for, if it is one byte. */
const UNESCAPED = new Uint8Array(256);
for (const [letter, byte] of [
  ['"', 0x22],
  ['\\', 0x5c],
  ['/', 0x2f],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
] as const) {
  UNESCAPED[letter.charCodeAt(0)] = byte;
}

/** Reads from one batch of payloads. */
export class Unquoter {
  private readonly payloadView: DataView;
  private readonly headView: DataView;
  private outBytes: Buffer;
  private outView: DataView;
  /** The payload's byte after the closing quote, -1 if the string was none that could be read here. */
  private sourceEnd = -1;
  /** Where the last copying stopped in the payload. */
  private stop = 0;
  private utf8Batch: boolean | null = null;
  /** Whether all that was copied of the present string is ASCII. */
  private ascii = true;

  /**
   * @param payloads the batch
   * @param out takes the texts
   * @param head bytes before the opening quote
   * @param tail bytes after the closing quote
   */
  constructor(
    private readonly payloads: ByteColumn,
    private readonly out: ByteColumn,
    private readonly head: Buffer,
    private readonly tail: Buffer,
  ) {
    this.payloadView = viewOf(payloads.bytes);
    this.headView = viewOf(head);
    this.outBytes = out.bytes;
    this.outView = viewOf(out.bytes);
  }

  /** Appends the text of payload `i`; false, and nothing appended, if it is not of the plain form. */
  append(i: number): boolean {
    const { payloads, out, head, tail } = this;
    const start = payloads.starts[i] as number;
    const length = payloads.lengths[i] as number;
    if (length < head.length + tail.length + 2 || !this.matches(start)) return false;
    this.makeRoom(length);
    const end = start + length;
    this.ascii = true;
    const textEnd = this.copyText(start + head.length + 1, end, out.used);
    if (this.sourceEnd < 0 || this.sourceEnd + tail.length !== end || !this.endsWithTail(end)) return false;
    out.starts[out.count] = out.used;
    out.lengths[out.count++] = textEnd - out.used;
    out.used = textEnd;
    return true;
  }

  /** True if the payload at this place has the head and the quote. */
  private matches(start: number): boolean {
    const { head, headView, payloadView } = this;
    const source = this.payloads.bytes;
    const { length } = head;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (payloadView.getUint32(start + i) !== headView.getUint32(i)) return false;
    for (; i < length; i++) if (source[start + i] !== head[i]) return false;
    return source[start + length] === QUOTE;
  }

  private endsWithTail(end: number): boolean {
    const { tail } = this;
    for (let i = 0; i < tail.length; i++) if (this.payloads.bytes[end - tail.length + i] !== tail[i]) return false;
    return true;
  }

  private makeRoom(length: number): void {
    this.out.reserve(1, length);
    if (this.outBytes === this.out.bytes) return;
    this.outBytes = this.out.bytes;
    this.outView = viewOf(this.outBytes);
  }

  /** Copies a string up to its quote and returns where the copy ends; says in `sourceEnd` where the string does. */
  private copyText(start: number, end: number, at: number): number {
    const source = this.payloads.bytes;
    let to = this.copyPlain(start, end, at);
    this.sourceEnd = -1;
    while (this.stop < end && source[this.stop] === BACKSLASH) {
      const byte = UNESCAPED[source[this.stop + 1] ?? 0] as number;
      if (byte === 0) return to;
      this.outBytes[to] = byte;
      to = this.copyPlain(this.stop + 2, end, to + 1);
    }
    if (this.stop < end && source[this.stop] === QUOTE && this.isUtf8Text(at, to)) this.sourceEnd = this.stop + 1;
    return to;
  }

  /** Copies up to a quote, backslash or control, which `stop` names, and returns where the copy ends. */
  private copyPlain(start: number, end: number, at: number): number {
    const { payloadView, outView, outBytes } = this;
    const source = this.payloads.bytes;
    let from = start;
    let to = at;
    while (from < end) {
      for (; from + 4 <= end; from += 4, to += 4) {
        const word = payloadView.getUint32(from);
        if (hasSpecial(word)) break;
        outView.setUint32(to, word);
      }
      // the rest, or the four bytes among which something is special
      for (const last = Math.min(from + 4, end); from < last; from++, to++) {
        const byte = source[from] as number;
        if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) {
          this.stop = from;
          return to;
        }
        if (byte >= 0x80) this.ascii = false;
        outBytes[to] = byte;
      }
    }
    this.stop = from;
    return to;
  }

  private isUtf8Text(start: number, end: number): boolean {
    return this.ascii || this.isUtf8Batch() || isUtf8(this.outBytes.subarray(start, end));
  }

  /** Whether all payloads are UTF-8, and with them every string between quotes; one look for all instead of one for each. */
  private isUtf8Batch(): boolean {
    if (this.utf8Batch === null) {
      const span = spanOf(this.payloads, 0, this.payloads.count);
      this.utf8Batch = isDense(span) && isUtf8(this.payloads.bytes.subarray(span.start, span.end));
    }
    return this.utf8Batch;
  }
}
