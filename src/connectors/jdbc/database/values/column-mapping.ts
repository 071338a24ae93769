/** Maps columns to fields of Connect: the schema, and how values are read, as the Java connectors do. */

import { type PlainValue, plainInteger } from '../../../../data/batch/row-column';
import { BigDecimal, tenTo } from '../../../../data/java/big-numbers';
import { dateBuilder, decimalBuilder, timeBuilder } from '../../../../data/schema/logical';
import type { Schema } from '../../../../data/schema/schema';
import { SchemaBuilder } from '../../../../data/schema/schema-builder';
import { ConnectError } from '../../../../errors';
import type { Column } from './column';
import type { Flavour } from './flavour';
import { fromJulian } from './julian-calendar';
import { MS_PER_DAY, readTime, readTimestamp, startOfDay } from './temporal-value';
import { type TimestampGranularity, timestampMapping } from './timestamp-mapping';
import type { ZoneOffset } from './zone-offset';

export type NumericMapping = 'none' | 'precision_only' | 'best_fit' | 'best_fit_eager_double';

/** The settings of a connector about types. */
export interface MappingOptions {
  readonly numericMapping: NumericMapping;
  readonly granularity: TimestampGranularity;
  /** Zone of wall clock times. */
  readonly zone: ZoneOffset;
  /** Whether days before 1582-10-15 are those of the Julian calendar. */
  readonly isJulian: boolean;
  /** Confluent's connector adds the parameter `connect.decimal.precision` to Decimal schemas, Aiven's does not. */
  readonly flavour: Flavour;
}

/** A field of a record, and how its value is read. */
export interface ColumnMapping {
  readonly schema: Schema;
  /** For the log: what was chosen because the column leaves it open. */
  readonly note?: string;
  /**
   * @param raw never null
   * @returns the value in the plain form of its schema; null for a database value that means none
   * @throws DataException for a value that the schema cannot hold
   */
  read(raw: unknown): PlainValue | null;
}

/** A schema builder, which nullable columns make optional, and a reader. */
interface SchemaReader {
  readonly builder: SchemaBuilder;
  readonly read: (raw: unknown) => PlainValue;
}

/** Digits that fit a Long. */
const MAX_LONG_DIGITS = 18;
const MIN_SCALE = -84;

/**
 * The mapping that all databases share; null for OTHER, which Java drops.
 * @param prepare applied to each value before it is read
 */
export function mapGenericColumn(column: Column, options: MappingOptions, prepare?: (raw: unknown) => unknown): ColumnMapping | null {
  const reader = readerOf(column, options);
  if (reader === null) return null;
  const { builder, read } = reader;
  return finish(column, builder, prepare ? raw => read(prepare(raw)) : read);
}

/** A mapping of a column to this schema, optional if the column is nullable. */
export function finish(column: Column, builder: SchemaBuilder, read: (raw: unknown) => PlainValue | null): ColumnMapping {
  return { schema: (column.nullable ? builder.optional() : builder).build(), read };
}

function readerOf(column: Column, options: MappingOptions): SchemaReader | null {
  switch (column.type) {
    case 'BOOLEAN':
      return { builder: new SchemaBuilder('BOOLEAN'), read: readBoolean };
    case 'BIT':
      return integerReader('INT8');
    case 'TINYINT':
      return integerReader(column.unsigned ? 'INT16' : 'INT8');
    case 'SMALLINT':
      return integerReader(column.unsigned ? 'INT32' : 'INT16');
    case 'INTEGER':
      return integerReader(column.unsigned ? 'INT64' : 'INT32');
    case 'BIGINT':
      return integerReader('INT64');
    case 'REAL':
      return { builder: new SchemaBuilder('FLOAT32'), read: raw => Math.fround(readNumber(raw)) };
    case 'DOUBLE':
      return { builder: new SchemaBuilder('FLOAT64'), read: readNumber };
    case 'NUMERIC':
      return numericReader(column, options);
    case 'DECIMAL':
      return decimalReader(column, options);
    case 'TEXT':
      return { builder: new SchemaBuilder('STRING'), read: String };
    case 'BYTES':
      return { builder: new SchemaBuilder('BYTES'), read: raw => (Buffer.isBuffer(raw) ? raw : Buffer.from(String(raw))) };
    case 'DATE':
      return { builder: dateBuilder(), read: raw => readDate(raw, options.isJulian) };
    case 'TIME':
      return { builder: timeBuilder(), read: raw => readTimeValue(String(raw), options.zone) };
    case 'TIMESTAMP':
      return timestampMapping(column, options);
    case 'OTHER':
      return null;
  }
}

/** Whole numbers of Connect. */
export type IntegerSchema = 'INT8' | 'INT16' | 'INT32' | 'INT64';

const BITS: Readonly<Record<IntegerSchema, number>> = { INT8: 8, INT16: 16, INT32: 32, INT64: 64 };

/** Whole numbers of this size; a value that does not fit is an error. */
export function integerReader(type: IntegerSchema): SchemaReader {
  if (type === 'INT64') return { builder: new SchemaBuilder(type), read: readLong };
  const limit = 2 ** (BITS[type] - 1);
  return {
    builder: new SchemaBuilder(type),
    read: raw => {
      const value = readNumber(raw);
      if (Number.isInteger(value) && value >= -limit && value < limit) return value;
      throw new ConnectError('DataException', `${String(raw)} does not fit ${type}`);
    },
  };
}

function readLong(raw: unknown): number | bigint {
  if (typeof raw === 'string') {
    const short = readShortDecimal(raw, 0);
    if (!Number.isNaN(short)) return short;
  } else if (typeof raw === 'bigint') {
    const plain = plainInteger(raw);
    if (typeof plain === 'number') return plain;
  } else if (Number.isSafeInteger(raw)) return raw as number;
  const value = typeof raw === 'bigint' ? raw : typeof raw === 'number' && Number.isInteger(raw) ? BigInt(raw) : readLongText(String(raw));
  if (BigInt.asIntN(64, value) === value) return plainInteger(value);
  throw new ConnectError('DataException', `${value} does not fit INT64`);
}

const MINUS = 0x2d;
const POINT = 0x2e;
/** Decimals of this length are exact as JS numbers. */
const SHORT_LENGTH = 15;

/** Reads most decimals without a bigint: the unscaled value of `-digits.digits` at this scale; NaN for others. */
function readShortDecimal(text: string, scale: number): number {
  const { length } = text;
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (length > SHORT_LENGTH || length === first) return Number.NaN;
  let value = 0;
  let end = length;
  for (let i = first; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) value = value * 10 + code - 0x30;
    else if (code === POINT && end === length && i > first) end = i;
    else return Number.NaN;
  }
  const found = end === length ? 0 : length - end - 1;
  if (found !== scale) return Number.NaN;
  return first === 1 ? 0 - value : value;
}

function readLongText(text: string): bigint {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const { unscaled, scale } = BigDecimal.parse(text);
  const divisor = tenTo(Math.max(0, scale));
  if (unscaled % divisor !== 0n) throw new ConnectError('DataException', `${text} is not a whole number`);
  return scale > 0 ? unscaled / divisor : unscaled * tenTo(-scale);
}

function readNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  const value = Number(raw);
  if (Number.isNaN(value) && String(raw) !== 'NaN')
    throw new ConnectError('DataException', `${JSON.stringify(String(raw))} is not a number`);
  return value;
}

/** Booleans as databases have them: true, `t`, 1. */
export function readBoolean(raw: unknown): boolean {
  if (typeof raw === 'boolean') return raw;
  if (raw === 't' || raw === 'f') return raw === 't';
  if (typeof raw === 'number' || typeof raw === 'bigint') return Number(raw) !== 0;
  if (Buffer.isBuffer(raw)) return raw.some(byte => byte !== 0);
  const word = String(raw).toLowerCase();
  return word === 't' || word === 'true' || (word !== '' && Number(word) !== 0 && !Number.isNaN(Number(word)));
}

/** NUMERIC by `numeric.mapping`; a column without a scale of its own counts as one of scale 0. */
function numericReader(column: Column, options: MappingOptions): SchemaReader {
  const { numericMapping } = options;
  const scale = column.scale ?? 0;
  const precision = column.precision ?? Number.POSITIVE_INFINITY;
  // A negative scale adds digits.
  const digits = precision - Math.min(0, scale);
  if (digits <= MAX_LONG_DIGITS) {
    const whole = numericMapping === 'precision_only' ? scale === 0 : numericMapping !== 'none' && scale < 1 && scale >= MIN_SCALE;
    if (whole) return integerReader(integerOfDigits(digits));
  }
  const asDouble =
    scale > 0 && (numericMapping === 'best_fit_eager_double' || (numericMapping === 'best_fit' && precision <= MAX_LONG_DIGITS));
  return asDouble ? { builder: new SchemaBuilder('FLOAT64'), read: readNumber } : decimalReader(column, options);
}

/** Scale of Confluent's Decimal for a column with neither precision nor scale. */
const UNLIMITED_SCALE = 127;

/** Gives a decimal column without a scale one that is enough for nearly all values. */
export function withoutScale(column: Column): Column {
  return { ...column, scale: UNLIMITED_SCALE };
}

/** The smallest type for this many digits. */
function integerOfDigits(digits: number): IntegerSchema {
  return digits > 9 ? 'INT64' : digits > 4 ? 'INT32' : digits > 2 ? 'INT16' : 'INT8';
}

function decimalReader(column: Column, options: MappingOptions): SchemaReader {
  const scale = column.scale ?? 0;
  const builder = decimalBuilder(scale);
  if (options.flavour === 'confluent' && column.precision !== null)
    builder.parameter('connect.decimal.precision', String(column.precision));
  return { builder, read: raw => readDecimal(String(raw), scale) };
}

/** The unscaled value of a decimal. */
function readDecimal(text: string, scale: number): number | bigint {
  const short = readShortDecimal(text, scale);
  return Number.isNaN(short) ? plainInteger(withScale(text, scale).unscaled) : short;
}

/** A decimal with exactly this scale. @throws DataException where digits would be lost, and for NaN and infinity */
function withScale(text: string, scale: number): BigDecimal {
  if (!/\d/.test(text)) {
    const remedy = 'a query can cast it to float8 or text, and errors.tolerance=all skips such rows';
    throw new ConnectError('DataException', `${text} cannot be a Decimal: ${remedy}`);
  }
  const value = BigDecimal.parse(text);
  if (value.scale === scale) return value;
  if (value.scale < scale) return new BigDecimal(value.unscaled * tenTo(scale - value.scale), scale);
  const divisor = tenTo(value.scale - scale);
  if (value.unscaled % divisor !== 0n) throw new ConnectError('DataException', `${text} has more than ${scale} digits after the point`);
  return new BigDecimal(value.unscaled / divisor, scale);
}

/** A calendar day, in no zone, as days since 1970. */
function readDate(raw: unknown, isJulian: boolean): number {
  const day = startOfDay(readTimestamp(String(raw).slice(0, 32)).ms);
  return (isJulian ? fromJulian(day) : day) / MS_PER_DAY;
}

/** A time of day in `db.timezone`, in milliseconds of 1970-01-01 in UTC. */
function readTimeValue(text: string, zone: ZoneOffset): number {
  const { ms, offsetMs } = readTime(text);
  const instant = offsetMs === null ? zone.instantOf(ms) : ms - offsetMs;
  // In another zone it may be on the day before or after. A Time has no day, and Java fails.
  return instant >= 0 && instant <= MS_PER_DAY ? instant : (instant + MS_PER_DAY) % MS_PER_DAY;
}
