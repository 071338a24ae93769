/** Parses texts as java.math.BigDecimal does, with its errors. */
import { ConnectError } from '../../errors';

const MAX_INT = 2 ** 31 - 1;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const OTHER_DIGITS = /[^\0-\x7f]/g;
/** The most digits of an exponent that Java reads, leading zeros aside. */
const MAX_EXPONENT_DIGITS = 10;
/** Java parses numbers of up to this many characters in another loop, with another message. */
const MAX_COMPACT_LENGTH = 18;

/** What a text stands for: `unscaled * 10^-scale`. */
export interface DecimalParts {
  readonly unscaled: bigint;
  readonly scale: number;
}

/**
 * Reads `[+-]digits[.digits][e[+-]digits]`, with digits of any script whose digits are one UTF-16 unit each.
 * @throws NumberFormatException with Java's text
 */
export function readDecimal(text: string): DecimalParts {
  return readShortDecimal(text) ?? readAnyDecimal(text);
}

const MINUS = 0x2d;
const POINT = 0x2e;
/** Numbers of this many digits are exact as JS numbers. */
const SAFE_DIGITS = 15;

/** Parses most decimals without a regular expression: `-digits.digits`, exact as a JS number. Null for others. */
function readShortDecimal(text: string): DecimalParts | null {
  const { length } = text;
  if (length > SAFE_DIGITS) return null;
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  let value = 0;
  let point = -1;
  for (let i = first; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === POINT && point < 0) point = i;
    else if (code < 0x30 || code > 0x39) return null;
    else value = value * 10 + code - 0x30;
  }
  if (length - first - (point < 0 ? 0 : 1) < 1) return null;
  return { unscaled: BigInt(first === 1 ? -value : value), scale: point < 0 ? 0 : length - point - 1 };
}

function readAnyDecimal(text: string): DecimalParts {
  const plain = withPlainDigits(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(plain) ?? [];
  const digits = whole + fraction;
  const scale = fraction.length - Number(exponent);
  if (digits === '' || exponentProblem(exponent) !== null || Math.abs(scale) > MAX_INT) throw notDecimal(plain);
  const magnitude = BigInt(digits);
  return { unscaled: sign === '-' ? -magnitude : magnitude, scale: scale === 0 ? 0 : scale };
}

/** The text with digits of all scripts replaced by 0 to 9. */
export function withPlainDigits(text: string): string {
  return text.replace(OTHER_DIGITS, char => (/\p{Nd}/u.test(char) ? String(digitValue(char)) : char));
}

/** Digits come in blocks of ten, which may be adjacent. */
function digitValue(digit: string): number {
  let zero = digit.charCodeAt(0);
  while (/\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero--;
  return (digit.charCodeAt(0) - zero) % 10;
}

function notDecimal(text: string): ConnectError {
  return new ConnectError('NumberFormatException', problemOf(text));
}

/** Why a text is not a number; Java has no message for the empty text and for a missing exponent. */
function problemOf(text: string): string {
  const unsigned = text.replace(/^[+-]/, '');
  const [, digits = '', rest = ''] = /^([\d.]*)([\s\S]*)$/.exec(unsigned) ?? [];
  if (text === '') return '';
  if (/\..*\./.test(digits)) return 'Character array contains more than one decimal point.';
  if (rest !== '' && !/^e/i.test(rest)) {
    return unsigned.length > MAX_COMPACT_LENGTH
      ? 'Character array is missing "e" notation exponential mark.'
      : `Character ${rest.charAt(0)} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`;
  }
  const problem = rest === '' ? null : exponentProblem(rest.slice(1));
  return problem ?? (/\d/.test(digits) ? 'Scale out of range.' : 'No digits found.');
}

function exponentProblem(exponent: string): string | null {
  let digits = exponent.replace(/^[+-]/, '');
  if (digits === '') return '';
  if (digits.length > MAX_EXPONENT_DIGITS) digits = digits.replace(/^0+/, '').padStart(MAX_EXPONENT_DIGITS, '0');
  if (digits.length > MAX_EXPONENT_DIGITS) return 'Too many nonzero exponent digits.';
  if (/\D/.test(digits)) return 'Not a digit.';
  const value = Number(digits);
  return value > (exponent.startsWith('-') ? MAX_INT + 1 : MAX_INT) ? 'Exponent overflow.' : null;
}
