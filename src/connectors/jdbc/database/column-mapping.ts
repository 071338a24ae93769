/** From columns to fields of Connect: the schema, and how each value is read (section by section as the Java connectors do). */
import { BigDecimal } from '../../../data/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../../data/boxed';
import { dateBuilder, decimalBuilder, timeBuilder } from '../../../data/logical';
import type { Schema } from '../../../data/schema';
import { SchemaBuilder } from '../../../data/schema-builder';
import { ConnectError } from '../../../errors';
import type { Column } from './column';
import type { Flavour } from './flavour';
import { fromJulian } from './julian-calendar';
import { readTime, readTimestamp, startOfDay } from './temporal-value';
import { type TimestampGranularity, timestampMapping } from './timestamp-mapping';
import type { ZoneOffset } from './zone-offset';

export type NumericMapping = 'none' | 'precision_only' | 'best_fit' | 'best_fit_eager_double';

/** What a connector's settings say about types. */
export interface MappingOptions {
  readonly numericMapping: NumericMapping;
  readonly granularity: TimestampGranularity;
  /** Zone of wall clock times. */
  readonly zone: ZoneOffset;
  /** Whether days before 1582-10-15 are those of the Julian calendar. */
  readonly isJulian: boolean;
  /** Confluent's connector has the parameter `connect.decimal.precision` in Decimal schemas, Aiven's has not. */
  readonly flavour: Flavour;
}

/** A field of a record, and how its value comes about. */
export interface ColumnMapping {
  readonly schema: Schema;
  /** @param raw never null @returns null where the database has a word for no value @throws DataException for a value that the schema cannot hold */
  read(raw: unknown): unknown;
}

/** A schema that is not built yet, since nullable columns make it optional, and its reader. */
interface Draft {
  readonly builder: SchemaBuilder;
  readonly read: (raw: unknown) => unknown;
}

/** Digits that fit a Long. */
const MAX_LONG_DIGITS = 18;
const MIN_SCALE = -84;

/**
 * The mapping that all databases share; null for OTHER, which Java drops.
 * @param prepare what to do with each value before it is read
 */
export function mapGenericColumn(column: Column, options: MappingOptions, prepare?: (raw: unknown) => unknown): ColumnMapping | null {
  const draft = draftOf(column, options);
  if (draft === null) return null;
  const { builder, read } = draft;
  return finish(column, builder, prepare ? raw => read(prepare(raw)) : read);
}

/** A mapping of a column to this schema, optional where the column is nullable. */
export function finish(column: Column, builder: SchemaBuilder, read: (raw: unknown) => unknown): ColumnMapping {
  return { schema: (column.nullable ? builder.optional() : builder).build(), read };
}

function draftOf(column: Column, options: MappingOptions): Draft | null {
  switch (column.type) {
    case 'BOOLEAN':
      return { builder: new SchemaBuilder('BOOLEAN'), read: readBoolean };
    case 'BIT':
      return integerDraft('INT8');
    case 'TINYINT':
      return integerDraft(column.unsigned ? 'INT16' : 'INT8');
    case 'SMALLINT':
      return integerDraft(column.unsigned ? 'INT32' : 'INT16');
    case 'INTEGER':
      return integerDraft(column.unsigned ? 'INT64' : 'INT32');
    case 'BIGINT':
      return integerDraft('INT64');
    case 'REAL':
      return { builder: new SchemaBuilder('FLOAT32'), read: raw => Float32.of(readNumber(raw)) };
    case 'DOUBLE':
      return { builder: new SchemaBuilder('FLOAT64'), read: readNumber };
    case 'NUMERIC':
      return numericDraft(column, options);
    case 'DECIMAL':
      return decimalDraft(column, options);
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

const BOX: Readonly<Record<IntegerSchema, (value: number) => unknown>> = {
  INT8: value => Int8.of(value),
  INT16: value => Int16.of(value),
  INT32: value => Int32.of(value),
  INT64: value => BigInt(value),
};

/** Whole numbers of this size; a value that does not fit is an error, never cut. */
export function integerDraft(type: IntegerSchema): Draft {
  const box = BOX[type];
  const limit = 2 ** (BITS[type] - 1);
  return {
    builder: new SchemaBuilder(type),
    read: raw => {
      if (type === 'INT64') return readLong(raw);
      const value = readNumber(raw);
      if (Number.isInteger(value) && value >= -limit && value < limit) return box(value);
      throw new ConnectError('DataException', `${String(raw)} does not fit ${type}`);
    },
  };
}

function readLong(raw: unknown): bigint {
  const value = typeof raw === 'bigint' ? raw : typeof raw === 'number' && Number.isInteger(raw) ? BigInt(raw) : readLongText(String(raw));
  if (BigInt.asIntN(64, value) === value) return value;
  throw new ConnectError('DataException', `${value} does not fit INT64`);
}

function readLongText(text: string): bigint {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const { unscaled, scale } = BigDecimal.parse(text);
  const divisor = 10n ** BigInt(Math.max(0, scale));
  if (unscaled % divisor !== 0n) throw new ConnectError('DataException', `${text} is no whole number`);
  return scale > 0 ? unscaled / divisor : unscaled * 10n ** BigInt(-scale);
}

function readNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  const value = Number(raw);
  if (Number.isNaN(value) && String(raw) !== 'NaN') throw new ConnectError('DataException', `${JSON.stringify(String(raw))} is no number`);
  return value;
}

/** Booleans as databases have them: true, `t`, 1. */
export function readBoolean(raw: unknown): boolean {
  if (typeof raw === 'boolean') return raw;
  if (typeof raw === 'number' || typeof raw === 'bigint') return Number(raw) !== 0;
  if (Buffer.isBuffer(raw)) return raw.some(byte => byte !== 0);
  const word = String(raw).toLowerCase();
  return word === 't' || word === 'true' || (word !== '' && Number(word) !== 0 && !Number.isNaN(Number(word)));
}

/** NUMERIC by `numeric.mapping`; a column without a scale of its own counts as one of scale 0. */
function numericDraft(column: Column, options: MappingOptions): Draft {
  const { numericMapping } = options;
  const scale = column.scale ?? 0;
  const precision = column.precision ?? Number.POSITIVE_INFINITY;
  // a negative scale adds digits
  const digits = precision - Math.min(0, scale);
  if (digits <= MAX_LONG_DIGITS) {
    const whole = numericMapping === 'precision_only' ? scale === 0 : numericMapping !== 'none' && scale < 1 && scale >= MIN_SCALE;
    if (whole) return integerDraft(integerOfDigits(digits));
  }
  const asDouble =
    scale > 0 && (numericMapping === 'best_fit_eager_double' || (numericMapping === 'best_fit' && precision <= MAX_LONG_DIGITS));
  return asDouble ? { builder: new SchemaBuilder('FLOAT64'), read: readNumber } : decimalDraft(column, options);
}

/** Scale of the Decimal that Confluent's connector makes of a column that has neither precision nor scale. */
const UNLIMITED_SCALE = 127;

/** A column of decimals that has no scale of its own, as one with digits enough for nearly all of them. */
export function withoutScale(column: Column): Column {
  return { ...column, scale: UNLIMITED_SCALE };
}

/** The smallest type for so many digits. */
export function integerOfDigits(digits: number): IntegerSchema {
  return digits > 9 ? 'INT64' : digits > 4 ? 'INT32' : digits > 2 ? 'INT16' : 'INT8';
}

function decimalDraft(column: Column, options: MappingOptions): Draft {
  const scale = column.scale ?? 0;
  const builder = decimalBuilder(scale);
  if (options.flavour === 'confluent' && column.precision !== null)
    builder.parameter('connect.decimal.precision', String(column.precision));
  return { builder, read: raw => withScale(String(raw), scale) };
}

/** A decimal with exactly this scale. @throws DataException where digits would be lost, and for NaN and infinity */
export function withScale(text: string, scale: number): BigDecimal {
  if (!/\d/.test(text)) throw new ConnectError('DataException', `${text} cannot be a Decimal`);
  const value = BigDecimal.parse(text);
  if (value.scale === scale) return value;
  if (value.scale < scale) return new BigDecimal(value.unscaled * 10n ** BigInt(scale - value.scale), scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  if (value.unscaled % divisor !== 0n) throw new ConnectError('DataException', `${text} has more than ${scale} digits behind the point`);
  return new BigDecimal(value.unscaled / divisor, scale);
}

/** A calendar day, in no zone. */
function readDate(raw: unknown, isJulian: boolean): Date {
  const day = startOfDay(readTimestamp(String(raw).slice(0, 32)).ms);
  return new Date(isJulian ? fromJulian(day) : day);
}

/** A time of day in `db.timezone`, as an instant of 1970-01-01. */
function readTimeValue(text: string, zone: ZoneOffset): Date {
  const { ms, offsetMs } = readTime(text);
  return new Date(offsetMs === null ? zone.instantOf(ms) : ms - offsetMs);
}
