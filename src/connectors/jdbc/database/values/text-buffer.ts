/** Texts written one after the other into bytes: pieces of strings that are put together would all live until the whole is there. */

const FIRST_BYTES = 1 << 16;
/** Texts up to this length are written here, longer ones by Node: below it a call costs more than the bytes. */
const SHORT_TEXT = 48;
const BACKSLASH = 0x5c;
const MAX_UTF8_BYTES = 3;

export class TextBuffer {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** Bytes written so far. */
  used = 0;

  /** Forgets what was written; the memory is used again. */
  clear(): void {
    this.used = 0;
  }

  /** What was written, as UTF-8; a view, which the next text changes. */
  view(): Buffer {
    return this.bytes.subarray(0, this.used);
  }

  /** Takes the text up to a place out, without the byte before that place; what stands after it moves to the front. */
  takeUntil(end: number): string {
    const text = this.bytes.toString('utf8', 0, end - 1);
    this.bytes.copyWithin(0, end, this.used);
    this.used -= end;
    return text;
  }

  private reserve(length: number): void {
    const needed = this.used + MAX_UTF8_BYTES * length;
    if (needed <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(bytes, 0, 0, this.used);
    this.bytes = bytes;
  }

  addByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.used++] = byte;
  }

  add(text: string): void {
    this.reserve(text.length);
    this.used += this.bytes.write(text, this.used);
  }

  /** Adds a short text of printable ASCII without backslash and one more character. @returns false for any other, of which nothing is added */
  addPlain(text: string, without = BACKSLASH): boolean {
    const { length } = text;
    if (length > SHORT_TEXT) return false;
    this.reserve(length);
    const { bytes, used } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === BACKSLASH || code === without) return false;
      bytes[used + i] = code;
    }
    this.used = used + length;
    return true;
  }

  /** Adds such a text between two quotes, if the quote is not in it. @returns false if nothing is added */
  addQuoted(text: string, quote: number): boolean {
    const start = this.used;
    this.addByte(quote);
    if (this.addPlain(text, quote)) {
      this.addByte(quote);
      return true;
    }
    this.used = start;
    return false;
  }
}
