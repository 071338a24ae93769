/** Converts values to dates, times and timestamps (Values.convertToDate and so on). */
import { dateOf, epochMillis, millisOfDay } from '../java/java-date';
import {
  DATE_SCHEMA,
  dateFromDays,
  dateToDays,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
  timeFromMillis,
  timestampFromMillis,
  timeToMillis,
} from '../schema/logical';
import { DATE_NAME, TIME_NAME, TIMESTAMP_NAME } from '../schema/logical-names';
import type { Schema } from '../schema/schema';
import { parsedValue } from './value-conversion';
import { asLong, nullRefused } from './value-numbers';

const MS_PER_DAY = 86_400_000n;

/** The value to convert; texts are parsed. @throws DataException for null */
function startValue(value: unknown): unknown {
  if (value === null || value === undefined) throw nullRefused();
  return typeof value === 'string' ? parsedValue(value) : value;
}

function asInt(value: unknown, schema: Schema | null): number {
  return Number(BigInt.asIntN(32, asLong(value, schema)));
}

/** Values.convertToDate; numbers are days; the time of a timestamp is dropped. @throws DataException */
export function convertToDate(schema: Schema | null, input: unknown): Date {
  const value = startValue(input);
  if (value instanceof Date) {
    if (!schema || schema.name === DATE_NAME) return value;
    const days = epochMillis(value) / MS_PER_DAY;
    if (schema.name === TIMESTAMP_NAME) return dateFromDays(DATE_SCHEMA, Number(BigInt.asIntN(32, days)));
  }
  return dateFromDays(DATE_SCHEMA, asInt(value, schema));
}

/** Values.convertToTime; numbers are milliseconds; the day of a timestamp is dropped. @throws DataException */
export function convertToTime(schema: Schema | null, input: unknown): Date {
  const value = startValue(input);
  if (value instanceof Date) {
    if (!schema || schema.name === TIME_NAME) return value;
    if (schema.name === TIMESTAMP_NAME) return timeFromMillis(TIME_SCHEMA, millisOfDay(value));
  }
  return timeFromMillis(TIME_SCHEMA, asInt(value, schema));
}

/** Values.convertToTimestamp; numbers are milliseconds. @throws DataException */
export function convertToTimestamp(schema: Schema | null, input: unknown): Date {
  const value = startValue(input);
  if (value instanceof Date) {
    if (!schema || schema.name === TIMESTAMP_NAME) return value;
    if (schema.name === DATE_NAME) return dateOf(BigInt(dateToDays(schema, value)) * MS_PER_DAY);
    if (schema.name === TIME_NAME) return dateOf(timeToMillis(schema, value));
  }
  return timestampFromMillis(TIMESTAMP_SCHEMA, asLong(value, schema));
}
