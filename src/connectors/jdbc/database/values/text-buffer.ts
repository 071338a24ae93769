/** Texts appended to a byte buffer: concatenated strings would keep all their pieces in memory until the whole is complete. */

const FIRST_BYTES = 1 << 16;
/** Up to this length texts are encoded here, longer ones by Node, whose call costs more than few bytes. */
const SHORT_TEXT = 48;
const BACKSLASH = 0x5c;
const MAX_UTF8_BYTES = 3;

export class TextBuffer {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** Bytes written so far. */
  used = 0;

  /** Forgets the content; the memory is reused. */
  clear(): void {
    this.used = 0;
  }

  /** The content as UTF-8; a view, which the next text overwrites. */
  view(): Buffer {
    return this.bytes.subarray(0, this.used);
  }

  /** Removes and returns the text up to `end`, without the byte before `end`; the rest moves to the front. */
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

  /**
   * Appends a short text of printable ASCII without backslash and one more character.
   * @returns false, without appending, for any other text
   */
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

  /** Appends such a text in quotes, unless it contains the quote. @returns false if nothing was appended */
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
