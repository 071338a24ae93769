/** Texts as the parse methods of Java's number classes read them; null where Java throws a NumberFormatException. */
import { javaTrim } from '../../java/trim';
import { BigDecimal } from './big-numbers';
import { withPlainDigits } from './decimal-text';

/** Integers that are exact as JS numbers. */
const SHORT_INTEGER = /^[+-]?[0-9]{1,15}$/;
const INTEGER = /^([+-]?)([0-9]+)$/;
const SPECIAL = /^([+-]?)(NaN|Infinity)$/;
const DECIMAL = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?$/;
const HEXADECIMAL = /^([+-]?)0[xX](?:([0-9a-fA-F]+)(?:\.([0-9a-fA-F]*))?|\.([0-9a-fA-F]+))[pP]([+-]?[0-9]+)[fFdD]?$/;

/** A binary format: bits of a significand, and the power of two of the smallest number. */
interface BinaryFormat {
  readonly precision: number;
  readonly minExponent: number;
}

const FLOAT: BinaryFormat = { precision: 24, minExponent: -149 };
const DOUBLE: BinaryFormat = { precision: 53, minExponent: -1074 };

/** By number of bits, the first integer that is too large. */
const INTEGER_LIMITS = { 8: 2 ** 7, 16: 2 ** 15, 32: 2 ** 31 } as const;

/** Byte.parseByte, Short.parseShort or Integer.parseInt, by the number of bits. */
export function parseInteger(text: string, bits: 8 | 16 | 32): number | null {
  const value = parseShortDigits(text) ?? (SHORT_INTEGER.test(text) ? Number(text) : parseLong(text));
  const limit = INTEGER_LIMITS[bits];
  return value !== null && value >= -limit && value < limit ? Number(value) : null;
}

/** Parses one to nine plain digits, as in most texts, without a regular expression; null for any other text. */
function parseShortDigits(text: string): number | null {
  if (text.length === 0 || text.length > 9) return null;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}

/** Long.parseLong. */
export function parseLong(text: string): bigint | null {
  const value = parseBigInteger(text);
  return value !== null && BigInt.asIntN(64, value) === value ? value : null;
}

/** The text of a BigInteger. */
export function parseBigInteger(text: string): bigint | null {
  const [, sign, digits] = INTEGER.exec(withPlainDigits(text)) ?? [];
  if (digits === undefined) return null;
  const magnitude = BigInt(digits);
  return sign === '-' ? -magnitude : magnitude;
}

/** Double.parseDouble. */
export function parseDouble(text: string): number | null {
  const trimmed = javaTrim(text);
  const decimal = DECIMAL.exec(trimmed)?.[1];
  return decimal === undefined ? parseSpecial(trimmed, DOUBLE) : Number(decimal);
}

/** Float.parseFloat: rounded once, not via the double. */
export function parseFloat32(text: string): number | null {
  const trimmed = javaTrim(text);
  const decimal = DECIMAL.exec(trimmed)?.[1];
  if (decimal === undefined) return parseSpecial(trimmed, FLOAT);
  const double = Number(decimal);
  // These need no exact digits, and their exponent may be too large for BigDecimal.
  if (double === 0 || !Number.isFinite(double)) return double;
  return BigDecimal.parse(decimal).toFloat();
}

function parseSpecial(text: string, format: BinaryFormat): number | null {
  const [, sign, word] = SPECIAL.exec(text) ?? [];
  if (word !== undefined) return word === 'NaN' ? Number.NaN : sign === '-' ? -Infinity : Infinity;
  const hexadecimal = HEXADECIMAL.exec(text);
  if (!hexadecimal) return null;
  const [, hexSign, whole = '', fractionOfWhole = '', bareFraction = '', exponent] = hexadecimal;
  const fraction = fractionOfWhole + bareFraction;
  const rounded = nearestBinary(BigInt(`0x${whole}${fraction}`), Number(exponent) - 4 * fraction.length, format);
  const magnitude = format === FLOAT ? Math.fround(rounded) : rounded;
  return hexSign === '-' ? -magnitude : magnitude;
}

/** The number of this many bits nearest to `significand * 2^exponent`, of two equally near ones the even one. */
function nearestBinary(significand: bigint, exponent: number, { precision, minExponent }: BinaryFormat): number {
  if (significand === 0n) return 0;
  const length = significand.toString(2).length;
  const excessBits = Math.max(length - precision, minExponent - exponent, 0);
  if (excessBits === 0) return Number(significand) * 2 ** exponent;
  if (excessBits > length) return 0;
  const kept = significand >> BigInt(excessBits);
  const twiceRest = (significand - (kept << BigInt(excessBits))) * 2n;
  const unit = 1n << BigInt(excessBits);
  const roundsUp = twiceRest > unit || (twiceRest === unit && kept % 2n === 1n);
  return Number(roundsUp ? kept + 1n : kept) * 2 ** (exponent + excessBits);
}
