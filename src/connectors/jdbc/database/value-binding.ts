/** From values of Connect to parameters of statements. */
import type { BigDecimal } from '../../../data/big-numbers';
import { epochMillis } from '../../../data/java-date';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../data/logical-names';
import type { Schema } from '../../../data/schema';
import { ConnectError } from '../../../errors';
import type { BindValue } from './connection';
import { toJulian } from './julian-calendar';
import { dateText, timestampText, timeText } from './temporal-value';
import type { ZoneOffset } from './zone-offset';

/** How dates and times go to a database: as text, or as milliseconds since 1970 (SQLite, as its Java driver does). */
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
}

/** Turns a value, which is never null, into a parameter. */
export type Binder = (value: unknown) => BindValue;

/**
 * The binder for a field of this schema.
 * @throws ConnectException for a type that no column can hold
 */
export function binderFor(field: string, schema: Schema, options: BindingOptions): Binder {
  const logical = logicalBinder(schema.name, options);
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

function logicalBinder(name: string | null, { temporal, zone, dateZone, isJulian }: BindingOptions): Binder | null {
  const millis = (value: unknown): number => Number(epochMillis(value as Date));
  const wallOf = (value: unknown, at: ZoneOffset): number => (isJulian ? toJulian(at.wallOf(millis(value))) : at.wallOf(millis(value)));
  switch (name) {
    case DECIMAL_NAME:
      return value => (value as BigDecimal).toPlainString();
    case DATE_NAME:
      return temporal === 'millis' ? millis : value => dateText(wallOf(value, dateZone));
    case TIME_NAME:
      return temporal === 'millis' ? millis : value => timeText(zone.wallOf(millis(value)));
    case TIMESTAMP_NAME:
      return temporal === 'millis' ? millis : value => timestampText(wallOf(value, zone));
    default:
      return null;
  }
}
