/** java.lang.Number: the values that are numbers in Java, and their conversions into each other. */
import { BigDecimal, BigInteger } from './big-numbers';
import { Float32, Int8, Int16, Int32 } from './boxed';
import { nearestFloat } from './nearest-float';

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const MIN_INT = -(2 ** 31);
const MAX_INT = 2 ** 31 - 1;

/** True for an integer that a Java long can hold. */
export function isLong(value: bigint): boolean {
  return value >= MIN_LONG && value <= MAX_LONG;
}

/** What counts as a java.lang.Number. */
export type JavaNumber = number | bigint | Int8 | Int16 | Int32 | Float32 | BigDecimal | BigInteger;

/** True for values that are a java.lang.Number. */
export function isJavaNumber(value: unknown): value is JavaNumber {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Int32 ||
    value instanceof Float32 ||
    value instanceof Int16 ||
    value instanceof Int8 ||
    value instanceof BigDecimal ||
    value instanceof BigInteger
  );
}

/** The number of a Double, Float or small integer; null for the big ones. */
function asPlainNumber(value: JavaNumber): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' || value instanceof BigDecimal || value instanceof BigInteger ? null : value.value;
}

/**
 * Number.longValue: fractions are truncated, floating-point numbers beyond the range are clamped, and of other numbers the low 64 bits
 * count.
 */
export function longValue(value: JavaNumber): bigint {
  if (value instanceof BigDecimal) return value.toLong();
  if (value instanceof BigInteger) return BigInt.asIntN(64, value.value);
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  const number = asPlainNumber(value) ?? 0;
  if (Number.isNaN(number)) return 0n;
  if (Math.abs(number) >= 2 ** 63) return number < 0 ? MIN_LONG : MAX_LONG;
  return BigInt(Math.trunc(number));
}

/** Number.intValue, likewise with 32 bits. */
export function intValue(value: JavaNumber): number {
  const number = asPlainNumber(value);
  if (number === null) return Number(BigInt.asIntN(32, longValue(value)));
  return Number.isNaN(number) ? 0 : Math.trunc(Math.min(Math.max(number, MIN_INT), MAX_INT)) + 0;
}

/** Number.doubleValue: the nearest double. */
export function doubleValue(value: JavaNumber): number {
  if (value instanceof BigDecimal) return value.toDouble();
  return Number(value instanceof BigInteger ? value.value : (asPlainNumber(value) ?? value));
}

/** Number.floatValue: the nearest float, rounded once. */
export function floatValue(value: JavaNumber): number {
  if (value instanceof BigDecimal) return value.toFloat();
  const whole = value instanceof BigInteger ? value.value : value;
  if (typeof whole === 'bigint') return nearestFloat(Number(whole), whole, 0);
  return Math.fround(doubleValue(whole));
}
