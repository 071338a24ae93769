/** Converts values to numbers (Values.convertToByte and so on). As in Java's casts, fractions are truncated and overflow wraps. */
import { ConnectError } from '../../errors';
import { BigDecimal } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { ByteBuffer } from '../java/byte-buffer';
import { javaClassOf } from '../java/java-class';
import { doubleValue, isJavaNumber, type JavaNumber, longValue } from '../java/java-number';
import { doubleText, javaText } from '../java/java-text';
import { dateToDays, decimalBuilder, decimalFromBytes, timestampToMillis, timeToMillis } from '../schema/logical';
import { DATE_NAME, TIME_NAME, TIMESTAMP_NAME } from '../schema/logical-names';
import type { Schema } from '../schema/schema';

/** The error for a value that cannot be converted. @param target the name of the target in the message */
export function cannotConvert(value: unknown, target: Schema | string, cause?: unknown): ConnectError {
  return new ConnectError(
    'DataException',
    `Unable to convert ${javaText(value)} (class ${javaClassOf(value)}) to ${String(target)}`,
    cause,
  );
}

/** The error for null where a value is needed. */
export function nullRefused(): ConnectError {
  return new ConnectError('DataException', 'Unable to convert a null value to a schema that requires a value');
}

/** @throws NumberFormatException for a text that is not a number */
function numberOf<T>(value: unknown, read: (number: JavaNumber) => T): T | null {
  if (isJavaNumber(value)) return read(value);
  return typeof value === 'string' ? read(BigDecimal.parse(value)) : null;
}

function temporalAsLong(value: unknown, schema: Schema | null): bigint | null {
  if (!schema || !(value instanceof Date)) return null;
  if (schema.name === DATE_NAME) return BigInt(dateToDays(schema, value));
  if (schema.name === TIME_NAME) return BigInt(timeToMillis(schema, value));
  return schema.name === TIMESTAMP_NAME ? timestampToMillis(schema, value) : null;
}

/**
 * A value, not null, as a Long (Values.asLong). Dates count in the unit of their schema.
 * @throws DataException for anything but numbers, texts of numbers, and dates under their schema
 */
export function asLong(value: unknown, schema: Schema | null): bigint {
  let cause: unknown;
  try {
    const long = numberOf(value, longValue);
    if (long !== null) return long;
  } catch (error) {
    cause = error;
  }
  const long = temporalAsLong(value, schema);
  if (long !== null) return long;
  throw cannotConvert(value, schema ?? 'a number', cause);
}

/** A value, not null, as a Double (Values.asDouble). @throws DataException likewise */
function asDouble(value: unknown, schema: Schema | null): number {
  try {
    const double = numberOf(value, doubleValue);
    if (double !== null) return double;
  } catch {
    // Not a number: asLong throws the error.
  }
  return Number(asLong(value, schema));
}

/** A conversion that returns null and values of the target class unchanged. */
function converter<T>(isResult: (value: unknown) => value is T, convert: (value: unknown, schema: Schema | null) => T) {
  return (schema: Schema | null, value: unknown): T | null => {
    if (value === null || value === undefined) return null;
    return isResult(value) ? value : convert(value, schema);
  };
}

/** Values.convertToByte. @throws DataException */
export const convertToByte = converter(
  value => value instanceof Int8,
  (value, schema) => Int8.of(Number(BigInt.asIntN(8, asLong(value, schema)))),
);

/** Values.convertToShort. @throws DataException */
export const convertToShort = converter(
  value => value instanceof Int16,
  (value, schema) => Int16.of(Number(BigInt.asIntN(16, asLong(value, schema)))),
);

/** Values.convertToInteger. @throws DataException */
export const convertToInteger = converter(
  value => value instanceof Int32,
  (value, schema) => Int32.of(Number(BigInt.asIntN(32, asLong(value, schema)))),
);

/** Values.convertToLong. @throws DataException */
export const convertToLong = converter(value => typeof value === 'bigint', asLong);

/** Values.convertToFloat, via the nearest double. @throws DataException */
export const convertToFloat = converter(
  value => value instanceof Float32,
  (value, schema) => Float32.of(asDouble(value, schema)),
);

/** Values.convertToDouble. @throws DataException */
export const convertToDouble = converter(value => typeof value === 'number', asDouble);

/**
 * Values.convertToDecimal. Numbers are converted via their text as a Double, so 3 becomes 3.0.
 * @param scale for bytes, which are the unscaled value; other values keep their own
 * @throws DataException for null and what is not a number; NumberFormatException for an invalid text, NaN, infinity and empty bytes
 */
export function convertToDecimal(_schema: Schema | null, value: unknown, scale: number): BigDecimal {
  if (value === null || value === undefined) throw nullRefused();
  const schema = decimalBuilder(scale).build();
  const bytes = value instanceof ByteBuffer ? value.remaining() : value;
  if (bytes instanceof Uint8Array) return decimalFromBytes(schema, Buffer.from(bytes));
  if (value instanceof BigDecimal) return value;
  if (isJavaNumber(value)) return BigDecimal.parse(doubleText(doubleValue(value)));
  if (typeof value === 'string') return BigDecimal.parse(value);
  throw cannotConvert(value, schema);
}
