/** Logical types: Decimal, Date, Time and Timestamp over the plain types that carry them (org.apache.kafka.connect.data). */
import { ConnectError } from '../../errors';
import { BigDecimal, fromTwosComplement, toTwosComplement } from '../java/big-numbers';
import { dateOf, epochMillis, millisOfDay } from '../java/java-date';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from './logical-names';
import type { Schema } from './schema';
import { SchemaBuilder } from './schema-builder';

const MS_PER_DAY = 86_400_000;

/** Builder of a Decimal schema; the scale is part of the schema. */
export function decimalBuilder(scale: number): SchemaBuilder {
  return new SchemaBuilder('BYTES').name(DECIMAL_NAME).parameter('scale', String(scale)).version(1);
}

export function dateBuilder(): SchemaBuilder {
  return new SchemaBuilder('INT32').name(DATE_NAME).version(1);
}

export function timeBuilder(): SchemaBuilder {
  return new SchemaBuilder('INT32').name(TIME_NAME).version(1);
}

export function timestampBuilder(): SchemaBuilder {
  return new SchemaBuilder('INT64').name(TIMESTAMP_NAME).version(1);
}

export const DATE_SCHEMA = dateBuilder().build();
export const TIME_SCHEMA = timeBuilder().build();
export const TIMESTAMP_SCHEMA = timestampBuilder().build();

/**
 * More than any database allows. A scale of eleven characters can make a number of billions of digits, so what a record claims must not
 * decide how much memory is used.
 */
const MAX_SCALE = 100_000;

/** The scale of a Decimal schema. @throws DataException if it has none, or one beyond `MAX_SCALE` */
export function decimalScale(schema: Schema): number {
  const scale = schema.parameters?.get('scale');
  if (scale === undefined) throw new ConnectError('DataException', 'Invalid Decimal schema: scale parameter not found.');
  if (!/^[+-]?\d{1,10}$/.test(scale)) throw new ConnectError('DataException', 'Invalid scale parameter found in Decimal schema: ');
  const number = Number(scale);
  if (Math.abs(number) > MAX_SCALE) {
    throw new ConnectError(
      'DataException',
      `Invalid scale parameter found in Decimal schema: ${number} is not between ${-MAX_SCALE} and ${MAX_SCALE}`,
    );
  }
  return number;
}

function requireName(schema: Schema, name: string, type: string): void {
  if (schema.name === name) return;
  throw new ConnectError('DataException', `Requested conversion of ${type} object but the schema does not match.`);
}

/** Bytes of a decimal: its unscaled value, big-endian. @throws DataException if its scale is not the schema's */
export function decimalToBytes(schema: Schema, value: BigDecimal): Buffer {
  const scale = decimalScale(schema);
  if (value.scale !== scale) {
    const text = `Schema has scale ${scale}, value has scale ${value.scale}.`;
    throw new ConnectError('DataException', `Decimal value has mismatching scale for given Decimal schema. ${text}`);
  }
  return toTwosComplement(value.unscaled);
}

/** The decimal with the schema's scale. @throws NumberFormatException for no bytes, DataException without a scale */
export function decimalFromBytes(schema: Schema, bytes: Buffer): BigDecimal {
  return new BigDecimal(fromTwosComplement(bytes), decimalScale(schema));
}

/** Days since 1970. @throws DataException for a date that is not midnight UTC */
export function dateToDays(schema: Schema, value: Date): number {
  requireName(schema, DATE_NAME, 'Date');
  if (millisOfDay(value) !== 0) {
    throw new ConnectError('DataException', 'Kafka Connect Date type should not have any time fields set to non-zero values.');
  }
  return Number(BigInt.asIntN(32, epochMillis(value) / BigInt(MS_PER_DAY)));
}

export function dateFromDays(schema: Schema, days: number): Date {
  requireName(schema, DATE_NAME, 'Date');
  return dateOf(BigInt(days) * BigInt(MS_PER_DAY));
}

/** Milliseconds of the day. @throws DataException for a date other than 1970-01-01 */
export function timeToMillis(schema: Schema, value: Date): number {
  requireName(schema, TIME_NAME, 'Time');
  const millis = epochMillis(value);
  if (millis < 0n || millis > BigInt(MS_PER_DAY)) {
    throw new ConnectError('DataException', 'Kafka Connect Time type should not have any date fields set to non-zero values.');
  }
  return Number(millis);
}

/** @throws DataException for a number that is not a time of a day */
export function timeFromMillis(schema: Schema, millis: number): Date {
  // The word Date is Java's.
  requireName(schema, TIME_NAME, 'Date');
  if (millis < 0 || millis > MS_PER_DAY) {
    throw new ConnectError('DataException', 'Time values must use number of milliseconds greater than 0 and less than 86400000');
  }
  return new Date(millis);
}

/** Milliseconds since 1970. */
export function timestampToMillis(schema: Schema, value: Date): bigint {
  requireName(schema, TIMESTAMP_NAME, 'Timestamp');
  return epochMillis(value);
}

export function timestampFromMillis(schema: Schema, millis: bigint): Date {
  requireName(schema, TIMESTAMP_NAME, 'Timestamp');
  return dateOf(millis);
}
