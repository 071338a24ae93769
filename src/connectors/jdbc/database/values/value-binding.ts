/** Converts values of Connect to parameters of statements. */
import { BigDecimal } from '../../../../data/java/big-numbers';
import { epochMillis } from '../../../../data/java/java-date';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../../data/schema/logical-names';
import type { Schema } from '../../../../data/schema/schema';
import { ConnectError } from '../../../../errors';
import type { BindValue } from '../connection';
import { wordOfInstant } from './infinity';
import { toJulian } from './julian-calendar';
import { dateText, timestampText, timeText } from './temporal-value';
import type { ZoneOffset } from './zone-offset';

/** How dates and times are sent: as text, or as milliseconds since 1970 (SQLite, as its Java driver does). */
export type TemporalBinding = 'text' | 'millis';

/** How dates and times are written. */
export interface BindingOptions {
  readonly temporal: TemporalBinding;
  /** `db.timezone`, for Time and Timestamp. */
  readonly zone: ZoneOffset;
  /** `date.timezone`, for Date. */
  readonly dateZone: ZoneOffset;
  /** Whether days before 1582-10-15 are those of the Julian calendar. */
  readonly isJulian: boolean;
  /** Whether the database has `infinity` for dates and timestamps. Absent: false. */
  readonly hasInfinity?: boolean;
}

/** Converts a value, never null, to a parameter. */
export type Binder = (value: unknown) => BindValue;

/**
 * The binder for a field of this schema.
 * @throws ConnectException for a type that no column can hold
 */
export function binderFor(field: string, schema: Schema, options: BindingOptions): Binder {
  const logical = logicalBinder(field, schema.name, options);
  if (logical) return logical;
  switch (schema.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'FLOAT32':
    case 'FLOAT64':
      return value => Number(value);
    case 'INT64':
      return value => value as bigint;
    case 'BOOLEAN':
      return value => value as boolean;
    case 'STRING':
      return value => value as string;
    case 'BYTES':
      return value => (Buffer.isBuffer(value) ? value : Buffer.from(value as Uint8Array));
    default:
      throw new ConnectError('ConnectException', `Unsupported type ${schema.type} of field ${field}: a column cannot hold it`);
  }
}

function logicalBinder(
  field: string,
  name: string | null,
  { temporal, zone, dateZone, isJulian, hasInfinity }: BindingOptions,
): Binder | null {
  const millis = (value: unknown): number => {
    if (value instanceof Date) return Number(epochMillis(value));
    throw unlike(field, String(name), 'a date or time');
  };
  // Both lie outside the range of JavaScript's Date.
  const wordOf = (value: unknown, isDate: boolean): string | null =>
    hasInfinity && value instanceof Date && Number.isNaN(value.getTime()) ? wordOfInstant(epochMillis(value), isDate) : null;
  const wallOf = (value: unknown, at: ZoneOffset): number => (isJulian ? toJulian(at.wallOf(millis(value))) : at.wallOf(millis(value)));
  switch (name) {
    case DECIMAL_NAME:
      return value => decimalText(field, value);
    case DATE_NAME:
      return temporal === 'millis' ? millis : value => wordOf(value, true) ?? dateText(wallOf(value, dateZone));
    case TIME_NAME:
      return temporal === 'millis' ? millis : value => timeText(zone.wallOf(millis(value)));
    case TIMESTAMP_NAME:
      return temporal === 'millis' ? millis : value => wordOf(value, false) ?? timestampText(wallOf(value, zone));
    default:
      return null;
  }
}

/** More digits than any column holds: a decimal of a few bytes could otherwise fill the memory when written out. */
const MAX_PLAIN_DIGITS = 131_072;

function decimalText(field: string, value: unknown): string {
  if (!(value instanceof BigDecimal)) throw unlike(field, DECIMAL_NAME, 'a decimal');
  if (Math.abs(value.scale) <= MAX_PLAIN_DIGITS) return value.toPlainString();
  throw new ConnectError(
    'DataException',
    `Field ${field} holds a decimal of scale ${value.scale}, more than a column of any database holds`,
  );
}

/** The error for a value that does not match its schema's name, e.g. because a transformation has renamed the schema. */
function unlike(field: string, schemaName: string, expected: string): ConnectError {
  return new ConnectError('DataException', `Field ${field} has the schema ${schemaName}, but its value is not ${expected}`);
}
