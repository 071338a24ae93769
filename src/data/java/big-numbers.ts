/** java.math.BigInteger and BigDecimal, as far as Connect data needs them. */
import { ConnectError } from '../../errors';
import { readDecimal } from './decimal-text';
import { nearestFloat } from './nearest-float';

/** The most digits that an exponent may add: a text of ten characters can describe a number that fills the memory. */
const MAX_PLAIN_SCALE = 1_000_000;

/** 10^exponent. @throws DataException for a number of more than a million digits */
export function tenTo(exponent: number): bigint {
  if (exponent > MAX_PLAIN_SCALE) {
    throw new ConnectError('DataException', `A number with an exponent of ${exponent} is too long to be written out`);
  }
  return 10n ** BigInt(exponent);
}

/** java.math.BigInteger. */
export class BigInteger {
  constructor(readonly value: bigint) {}

  toString(): string {
    return this.value.toString();
  }
}

/** java.math.BigDecimal: `unscaled * 10^-scale`. The scale counts: 1.5 and 1.50 are not equal. */
export class BigDecimal {
  constructor(
    readonly unscaled: bigint,
    readonly scale: number,
  ) {}

  /** Reads `[+-]digits[.digits][e[+-]digits]`. @throws NumberFormatException with Java's text for anything else */
  static parse(text: string): BigDecimal {
    const { unscaled, scale } = readDecimal(text);
    return new BigDecimal(unscaled, scale);
  }

  /** Number of decimal digits of the unscaled value; 1 for zero. */
  precision(): number {
    return this.unscaled.toString().length - (this.unscaled < 0n ? 1 : 0);
  }

  toDouble(): number {
    return Number(`${this.unscaled}e${-this.scale}`);
  }

  /** The nearest float, rounded once (not via a double). */
  toFloat(): number {
    return nearestFloat(this.toDouble(), this.unscaled, this.scale);
  }

  /** The integral part; null if it has more than a million digits, which would take too long. */
  toBigInt(): bigint | null {
    if (this.scale < -MAX_PLAIN_SCALE) return this.unscaled === 0n ? 0n : null;
    if (this.scale <= 0) return this.unscaled * 10n ** BigInt(-this.scale);
    return this.scale > this.precision() ? 0n : this.unscaled / 10n ** BigInt(this.scale);
  }

  /** The low 64 bits of the integral part (Java's longValue). */
  toLong(): bigint {
    // 10^64 and above are multiples of 2^64
    return this.scale <= -64 ? 0n : BigInt.asIntN(64, this.toBigInt() ?? 0n);
  }

  /** Java's canonical text: plain, or scientific when the exponent is below -6 or the scale negative. */
  toString(): string {
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString();
    const adjusted = digits.length - 1 - this.scale;
    const text = this.scale >= 0 && adjusted >= -6 ? withPoint(digits, this.scale) : scientific(digits, adjusted);
    return negative ? `-${text}` : text;
  }

  /** The text without an exponent. @throws DataException for a number whose text would be more than a million digits longer than it is */
  toPlainString(): string {
    if (Math.abs(this.scale) > MAX_PLAIN_SCALE) {
      throw new ConnectError('DataException', `${this} is too long to be written without an exponent`);
    }
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString();
    const text = this.scale >= 0 ? withPoint(digits, this.scale) : this.unscaled === 0n ? '0' : digits + '0'.repeat(-this.scale);
    return negative ? `-${text}` : text;
  }
}

function withPoint(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return exponent === 0 ? mantissa : `${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`;
}

/** Shortest big-endian two's complement form (BigInteger.toByteArray). */
export function toTwosComplement(value: bigint): Buffer {
  if (value >= -SIX_BYTES && value < SIX_BYTES) return shortTwosComplement(Number(value));
  const magnitude = value < 0n ? ~value : value;
  const bits = magnitude === 0n ? 0 : magnitude.toString(16).length * 4;
  let length = Math.floor(bits / 8) + 1;
  if (length > 1 && magnitude < 1n << BigInt((length - 1) * 8 - 1)) length--;
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

/** 2^47: numbers below are read and written as JS numbers. */
const SIX_BYTES = 1n << 47n;

function shortTwosComplement(value: number): Buffer {
  const magnitude = value < 0 ? -value - 1 : value;
  let length = 1;
  for (let limit = 0x80; magnitude >= limit; limit *= 0x100) length++;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeIntBE(value, 0, length);
  return bytes;
}

/** Reads what `toTwosComplement` wrote. @throws NumberFormatException for no bytes */
export function fromTwosComplement(bytes: Buffer): bigint {
  if (bytes.length === 0) throw new ConnectError('NumberFormatException', 'Zero length BigInteger');
  if (bytes.length <= 6) return BigInt(bytes.readIntBE(0, bytes.length));
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}
