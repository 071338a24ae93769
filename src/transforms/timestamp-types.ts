/** The representations of time of TimestampConverter, each converted from and to a java.util.Date. */

import { javaClassOf } from '../data/java/java-class';
import { dateOf, epochMillis, millisOfDay } from '../data/java/java-date';
import { INT64_SCHEMA, OPTIONAL_INT64_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../data/schema/connect-schema';
import { DATE_SCHEMA, dateBuilder, TIME_SCHEMA, TIMESTAMP_SCHEMA, timeBuilder, timestampBuilder } from '../data/schema/logical';
import { DATE_NAME, TIME_NAME, TIMESTAMP_NAME } from '../data/schema/logical-names';
import type { Schema } from '../data/schema/schema';
import { ConnectError } from '../errors';
import type { SimpleDateFormat } from '../java/date/simple-date-format';

/** Values of `target.type`. */
export const TIMESTAMP_TYPES = ['string', 'unix', 'Date', 'Time', 'Timestamp'] as const;
export type TimestampType = (typeof TIMESTAMP_TYPES)[number];

/** Values of `unix.precision`. */
export const UNIX_PRECISIONS = ['nanoseconds', 'microseconds', 'milliseconds', 'seconds'] as const;
export type UnixPrecision = (typeof UNIX_PRECISIONS)[number];

/** Options of conversions. */
export interface TimestampFormats {
  /** Null if none is set. */
  readonly format: SimpleDateFormat | null;
  readonly precision: UnixPrecision;
}

/** One representation; all times are UTC. */
export interface TimestampTranslator {
  readonly schema: Schema;
  readonly optionalSchema: Schema;
  /** @throws DataException for a value of another class or a text that does not match the format */
  toDate(value: unknown, formats: TimestampFormats): Date;
  fromDate(date: Date, formats: TimestampFormats): unknown;
}

const wrongClass = (what: string, wanted: string, value: unknown): ConnectError =>
  new ConnectError('DataException', `Expected ${what} to be a ${wanted}, but found class ${javaClassOf(value)}`);

function requireFormat({ format }: TimestampFormats): SimpleDateFormat {
  if (format) return format;
  throw new ConnectError('NullPointerException', 'A timestamp is a string, but the option format is not set');
}

function parseText(value: unknown, formats: TimestampFormats): Date {
  if (typeof value !== 'string') throw wrongClass('string timestamp', 'String', value);
  const format = requireFormat(formats);
  const millis = format.parse(value);
  if (millis !== null) return dateOf(millis);
  throw new ConnectError('DataException', `Could not parse timestamp: value (${value}) does not match pattern (${format.pattern})`);
}

const LONG_MAX = 2n ** 63n - 1n;

/** Clamps to a long, as Java's TimeUnit does. */
function saturate(value: bigint): bigint {
  if (value > LONG_MAX) return LONG_MAX;
  return value < -LONG_MAX - 1n ? -LONG_MAX - 1n : value;
}

/** Factors to milliseconds: multiply by the first, then divide by the second; division truncates towards zero. */
const TO_MILLIS: Readonly<Record<UnixPrecision, readonly [bigint, bigint]>> = {
  nanoseconds: [1n, 1_000_000n],
  microseconds: [1n, 1000n],
  milliseconds: [1n, 1n],
  seconds: [1000n, 1n],
};

function fromUnix(value: unknown, { precision }: TimestampFormats): Date {
  if (typeof value !== 'bigint') throw wrongClass('Unix timestamp', 'Long', value);
  const [factor, divisor] = TO_MILLIS[precision];
  return dateOf(saturate((value * factor) / divisor));
}

function toUnix(date: Date, { precision }: TimestampFormats): bigint {
  const [factor, divisor] = TO_MILLIS[precision];
  return saturate((epochMillis(date) * divisor) / factor);
}

function requireDate(value: unknown, what: string): Date {
  if (value instanceof Date) return value;
  throw wrongClass(what, 'java.util.Date', value);
}

/** The representations by the names that `target.type` gives them. */
export const TIMESTAMP_TRANSLATORS: Readonly<Record<TimestampType, TimestampTranslator>> = {
  string: {
    schema: STRING_SCHEMA,
    optionalSchema: OPTIONAL_STRING_SCHEMA,
    toDate: parseText,
    fromDate: (date, formats) => requireFormat(formats).format(epochMillis(date)),
  },
  unix: { schema: INT64_SCHEMA, optionalSchema: OPTIONAL_INT64_SCHEMA, toDate: fromUnix, fromDate: toUnix },
  Date: {
    schema: DATE_SCHEMA,
    optionalSchema: dateBuilder().optional().build(),
    toDate: value => requireDate(value, 'Date'),
    fromDate: date => dateOf(epochMillis(date) - BigInt(millisOfDay(date))),
  },
  Time: {
    schema: TIME_SCHEMA,
    optionalSchema: timeBuilder().optional().build(),
    toDate: value => requireDate(value, 'Time'),
    fromDate: date => new Date(millisOfDay(date)),
  },
  Timestamp: {
    schema: TIMESTAMP_SCHEMA,
    optionalSchema: timestampBuilder().optional().build(),
    toDate: value => requireDate(value, 'Timestamp'),
    fromDate: date => date,
  },
};

const LOGICAL_TYPES: ReadonlyMap<string | null, TimestampType> = new Map([
  [TIMESTAMP_NAME, 'Timestamp'],
  [DATE_NAME, 'Date'],
  [TIME_NAME, 'Time'],
]);

/** The representation of a schema. @throws ConnectException for any other schema */
export function timestampTypeOf(schema: Schema): TimestampType {
  const logical = LOGICAL_TYPES.get(schema.name);
  if (logical) return logical;
  if (schema.type === 'STRING') return 'string';
  if (schema.type === 'INT64') return 'unix';
  throw new ConnectError('ConnectException', `Schema ${String(schema)} does not correspond to a known timestamp type format`);
}

/** The representation of a value without schema. @throws DataException for any other class */
export function inferTimestampType(value: unknown): TimestampType {
  if (value instanceof Date) return 'Timestamp';
  if (typeof value === 'bigint') return 'unix';
  if (typeof value === 'string') return 'string';
  throw new ConnectError('DataException', `TimestampConverter does not support class ${javaClassOf(value)} objects as timestamps`);
}
