/** Integers as java.text.NumberFormat reads them in locale en_US, without grouping. */

/** What was read, and where it ends. */
export interface IntegerMatch {
  /** As a Java int: the low 32 bits of a number within 64 bits, otherwise the nearest int. */
  readonly value: number;
  readonly end: number;
}

const DIGIT = /\p{Nd}/u;
const ZERO = 0x30;

/** The integer that begins at an index of the text; null if there is none. */
export function readInteger(text: string, index: number): IntegerMatch | null {
  const negative = text.charAt(index) === '-';
  const start = negative ? index + 1 : index;
  let end = start;
  let digits = '';
  for (let digit = digitValue(text.charAt(end)); digit >= 0; digit = digitValue(text.charAt(end))) {
    digits += digit;
    end++;
  }
  if (digits === '') return readWord(text, start, negative);
  const exponent = /^E(-?\d+)/.exec(text.slice(end));
  if (exponent) {
    end += exponent[0].length;
    digits = scaled(digits, Number(exponent[1]));
  }
  const size = BigInt(digits);
  return { value: toInt(negative ? -size : size), end };
}

/** Reads infinity as the greatest int, and NaN as 0. */
function readWord(text: string, start: number, negative: boolean): IntegerMatch | null {
  if (text.startsWith('∞', start)) return { value: negative ? -0x80000000 : 0x7fffffff, end: start + 1 };
  return !negative && text.startsWith('NaN', start) ? { value: 0, end: start + 3 } : null;
}

/** Digits with an exponent, truncated at the point. */
function scaled(digits: string, exponent: number): string {
  if (exponent < 0) return digits.slice(0, Math.max(digits.length + exponent, 0)) || '0';
  // more than any int
  return digits + '0'.repeat(Math.min(exponent, 20));
}

function toInt(value: bigint): number {
  if (BigInt.asIntN(64, value) === value) return Number(BigInt.asIntN(32, value));
  return value < 0n ? -0x80000000 : 0x7fffffff;
}

/** The value of a decimal digit of any script, -1 for other characters. */
function digitValue(char: string): number {
  const code = char.charCodeAt(0);
  if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
  if (code < 0x80 || !DIGIT.test(char)) return -1;
  // Digits come in blocks of ten; a block begins with the digit that no digit precedes.
  let value = 0;
  while (DIGIT.test(String.fromCharCode(code - value - 1))) value++;
  return value % 10;
}
