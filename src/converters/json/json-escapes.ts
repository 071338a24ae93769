/** How characters of JSON strings are escaped, as Jackson does it: controls, quote and backslash, and every half of a surrogate pair. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const HEX = Buffer.from('0123456789ABCDEF');

/** Most bytes of an escaped unit of a text: `\uXXXX`. */
export const MAX_ESCAPED_BYTES = 6;

/** The letter after the backslash, for bytes that have a short escape; 0 for all others. */
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
}

/** How many bytes a byte takes when it is escaped, or 0 if it stands as it is. Four-byte characters are counted at their first byte. */
export const ESCAPED_LENGTH = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0xf0) return 2 * MAX_ESCAPED_BYTES;
  if (SHORT_ESCAPE[byte] !== 0) return 2;
  return byte < 0x20 ? MAX_ESCAPED_BYTES : 0;
});

/** Writes a unit of UTF-16 as `\uXXXX`. @returns the place after it */
export function putUnicodeEscape(out: Buffer, at: number, unit: number): number {
  out[at] = BACKSLASH;
  out[at + 1] = LETTER_U;
  for (let digit = 0; digit < 4; digit++) out[at + 2 + digit] = HEX[(unit >> (12 - 4 * digit)) & 15] as number;
  return at + MAX_ESCAPED_BYTES;
}

/** Writes an ASCII character that has to be escaped. @returns the place after it */
export function putAsciiEscape(out: Buffer, at: number, byte: number): number {
  const letter = SHORT_ESCAPE[byte] as number;
  if (letter === 0) return putUnicodeEscape(out, at, byte);
  out[at] = BACKSLASH;
  out[at + 1] = letter;
  return at + 2;
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
