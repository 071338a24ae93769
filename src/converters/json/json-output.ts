import { ByteColumn, MAX_UTF8_BYTES } from '../../data/batch/byte-column';
import { hasLoneSurrogate } from '../../data/utf8';
import { ESCAPED_LENGTH, MAX_ESCAPED_BYTES, putAsciiEscape, putUnicodeEscape } from './json-escapes';
import { EscapingCopier } from './json-escaping-copier';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
/** Units of a string that are written at once, into room that is made as if all had to be escaped. */
const UNITS_A_STEP = 4096;
/** Where a text is UTF-8 before it is copied; shared, since nothing stays there. */
const SCRATCH = Buffer.allocUnsafeSlow(UNITS_A_STEP * MAX_UTF8_BYTES);
/** Up to this length a loop copies bytes or units faster than a call does. */
const SHORT_LENGTH = 32;
/** The digits of the largest 32-bit integer, and the sign. */
const MAX_INT_BYTES = 11;
/** The digits of the largest safe integer, and the sign. */
const MAX_INTEGER_BYTES = 17;
/** Its two halves have no more digits than this power of ten, so that they are divided as 32-bit integers. */
const HALF = 1e8;
const HALF_DIGITS = 8;
const BASE64 = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 0x3d;
/** Bytes of the largest safe integer in two's complement, and those of its string in Base64. */
const MAX_SAFE_BYTES = 7;
const MAX_BASE64_BYTES = 14;

/**
 * Writes the pieces of a JSON document right behind the texts of a batch, so that no string is put together for it. From `begin`
 * to `end` nobody else may append to the batch.
 */
export class JsonOutput {
  private texts: ByteColumn | null = null;
  private bytes: Buffer = Buffer.alloc(0);
  /** Where the next piece goes. */
  private at = 0;
  private readonly copier = new EscapingCopier();
  private readonly binary = new Uint8Array(MAX_SAFE_BYTES + 2);

  /** The document will be the next text of this batch; whatever was written since the last `end` is forgotten. */
  begin(texts: ByteColumn): void {
    this.texts = texts;
    this.bytes = texts.bytes;
    this.at = texts.used;
  }

  /** The document is complete: it is now a text of the batch. */
  end(): void {
    this.texts?.addWritten(this.at);
  }

  /** Where the next piece goes; for `quoteFrom`. */
  get place(): number {
    return this.at;
  }

  /** A character of ASCII, by its code. */
  putByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.at++] = byte;
  }

  /** Bytes as they are. */
  putBytes(piece: Buffer): void {
    const { length } = piece;
    this.reserve(length);
    const { bytes, at } = this;
    if (length > SHORT_LENGTH) bytes.set(piece, at);
    else for (let i = 0; i < length; i++) bytes[at + i] = piece[i] as number;
    this.at = at + length;
  }

  /** A text of ASCII characters as it is: a number, a word, Base64. */
  putAscii(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes, at } = this;
    if (length > SHORT_LENGTH) bytes.write(text, at, 'latin1');
    else for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    this.at = at + length;
  }

  /** A 32-bit integer. */
  putInt(value: number): void {
    this.reserve(MAX_INT_BYTES);
    const { bytes } = this;
    if (value < 0) bytes[this.at++] = MINUS;
    let rest = Math.abs(value);
    let digits = 1;
    for (let limit = 10; rest >= limit; limit *= 10) digits++;
    const end = this.at + digits;
    for (let i = end - 1; i >= this.at; i--) {
      const tenth = Math.floor(rest / 10);
      bytes[i] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at = end;
  }

  /** A safe integer. */
  putInteger(value: number): void {
    this.reserve(MAX_INTEGER_BYTES);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.at++] = MINUS;
      rest = -rest;
    }
    if (rest < HALF) this.putDigits(rest, countDigits(rest));
    else {
      const high = Math.floor(rest / HALF);
      this.putDigits(high, countDigits(high));
      this.putDigits(rest - high * HALF, HALF_DIGITS);
    }
  }

  /** So many digits of a 32-bit integer, with zeros in front; there is room. */
  private putDigits(value: number, count: number): void {
    const { bytes, at } = this;
    let rest = value | 0;
    for (let i = at + count - 1; i >= at; i--) {
      const tenth = (rest / 10) | 0;
      bytes[i] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at = at + count;
  }

  /** The shortest two's complement form of a safe integer (BigInteger.toByteArray), as a string of Base64. */
  putBase64(value: number): void {
    const length = this.putBinary(value);
    this.reserve(MAX_BASE64_BYTES);
    const { bytes, binary } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i += 3) {
      const word = ((binary[i] as number) << 16) | ((binary[i + 1] as number) << 8) | (binary[i + 2] as number);
      bytes[at++] = BASE64[word >> 18] as number;
      bytes[at++] = BASE64[(word >> 12) & 63] as number;
      bytes[at++] = i + 1 < length ? (BASE64[(word >> 6) & 63] as number) : PADDING;
      bytes[at++] = i + 2 < length ? (BASE64[word & 63] as number) : PADDING;
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** Lays a number out in `binary`, with zeros after it. @returns how many bytes it has */
  private putBinary(value: number): number {
    const { binary } = this;
    const magnitude = value < 0 ? -value - 1 : value;
    let length = 1;
    for (let limit = 0x80; magnitude >= limit; limit *= 0x100) length++;
    let rest = value;
    for (let i = length - 1; i >= 0; i--) {
      const next = Math.floor(rest / 0x100);
      binary[i] = rest - next * 0x100;
      rest = next;
    }
    binary[length] = 0;
    binary[length + 1] = 0;
    return length;
  }

  /** A text as a JSON string, whatever is in it. */
  putString(text: string): void {
    const { length } = text;
    this.putByte(QUOTE);
    if (length <= SHORT_LENGTH) this.putUnits(text);
    else if (length <= UNITS_A_STEP) this.putLong(text);
    else for (let from = 0; from < length; from += UNITS_A_STEP) this.putLong(text.slice(from, from + UNITS_A_STEP));
    this.putByte(QUOTE);
  }

  /** Puts quotes around what was written since a place, which needs no escapes, unless it is a string already. */
  quoteFrom(place: number): void {
    if (this.bytes[place] === QUOTE) return;
    this.reserve(2);
    this.bytes.copyWithin(place + 1, place, this.at);
    this.bytes[place] = QUOTE;
    this.at++;
    this.putByte(QUOTE);
  }

  /** Writes a text by way of UTF-8, four bytes at a time. */
  private putLong(text: string): void {
    const length = SCRATCH.write(text);
    // halves of surrogate pairs, which have an escape, are lost in UTF-8
    if (length > text.length && hasLoneSurrogate(text)) {
      this.putUnits(text);
      return;
    }
    this.reserve(length * MAX_ESCAPED_BYTES);
    this.copier.aim(SCRATCH, this.bytes);
    this.at = this.copier.copy(0, length, this.at);
  }

  /** Writes a text unit by unit. */
  private putUnits(text: string): void {
    this.reserve(text.length * MAX_ESCAPED_BYTES);
    const { bytes } = this;
    let { at } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80 && ESCAPED_LENGTH[unit] === 0) bytes[at++] = unit;
      else at = putRareUnit(bytes, at, unit);
    }
    this.at = at;
  }

  /** Makes room for more bytes; the buffer may be another one afterwards. */
  private reserve(moreBytes: number): void {
    const { texts, at } = this;
    if (at + moreBytes <= this.bytes.length || !texts) return;
    const start = texts.used;
    // what `reserve` keeps of the old buffer ends at `used`
    texts.used = at;
    texts.reserve(0, moreBytes);
    texts.used = start;
    this.bytes = texts.bytes;
  }
}

/** Digits of a number below `HALF`. */
function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

/** Writes a unit that is not plain ASCII: escaped, or as UTF-8. @returns the place after it */
function putRareUnit(out: Buffer, at: number, unit: number): number {
  if (unit < 0x80) return putAsciiEscape(out, at, unit);
  if (unit < 0x800) {
    out[at] = 0xc0 | (unit >> 6);
    out[at + 1] = 0x80 | (unit & 63);
    return at + 2;
  }
  if (unit >= 0xd800 && unit <= 0xdfff) return putUnicodeEscape(out, at, unit);
  out[at] = 0xe0 | (unit >> 12);
  out[at + 1] = 0x80 | ((unit >> 6) & 63);
  out[at + 2] = 0x80 | (unit & 63);
  return at + 3;
}

/** A text as a JSON string, for heads that are made once. */
export function quote(text: string): string {
  const texts = new ByteColumn(1, text.length + 2);
  const out = new JsonOutput();
  out.begin(texts);
  out.putString(text);
  out.end();
  return String(texts.textAt(0));
}
