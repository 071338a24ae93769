/** Rounding of decimal numbers to float, once. */

/** The largest float. */
const MAX = 2 ** 128 - 2 ** 104;
/** Halfway from there to what would be the next float: from here on, numbers become infinite. */
const OVERFLOW = 2 ** 128 - 2 ** 103;

const bits = new DataView(new ArrayBuffer(8));

/** The float next to `value`, of larger or smaller magnitude. */
function floatBeside(value: number, step: 1 | -1): number {
  bits.setFloat32(0, value);
  bits.setUint32(0, bits.getUint32(0) + step);
  return bits.getFloat32(0);
}

/** A double as `[significand, exponent of 2]`, exactly. */
function exactly(value: number): [bigint, number] {
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & ((1n << 52n) - 1n);
  const significand = exponent === 0 ? fraction : fraction | (1n << 52n);
  return [value < 0 ? -significand : significand, Math.max(exponent, 1) - 1075];
}

/** Sign of `unscaled * 10^-scale - value`. */
function compareExactly(unscaled: bigint, scale: number, value: number): number {
  let [right, power] = exactly(value);
  let left = unscaled;
  if (scale > 0) right *= 10n ** BigInt(scale);
  else left *= 10n ** BigInt(-scale);
  if (power > 0) right <<= BigInt(power);
  else left <<= BigInt(-power);
  return left === right ? 0 : left > right ? 1 : -1;
}

/**
 * The float nearest to `unscaled * 10^-scale`. Rounding via the double is wrong if the double lies exactly between two floats and the
 * number itself does not.
 * @param double the double nearest to the number
 */
export function nearestFloat(double: number, unscaled: bigint, scale: number): number {
  const float = Math.fround(double);
  if (float === double || !Number.isFinite(double)) return float;
  if (Math.abs(double) === OVERFLOW)
    return compareExactly(unscaled, scale, double) * Math.sign(double) < 0 ? MAX * Math.sign(double) : float;
  if (!Number.isFinite(float)) return float;
  const other = floatBeside(float, Math.abs(float) > Math.abs(double) ? -1 : 1);
  if ((float + other) / 2 !== double) return float;
  const sign = compareExactly(unscaled, scale, double);
  if (sign === 0) return float;
  return sign > 0 === other > float ? other : float;
}
