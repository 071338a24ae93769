/** Finds the common schema of a container's elements, and converts the elements to it. */
import { ConnectError } from '../../errors';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import type { SchemaAndValue } from '../record/record';
import { dateFromDays, timeFromMillis, timestampFromMillis } from '../schema/logical';
import { DATE_NAME, TIME_NAME, TIMESTAMP_NAME } from '../schema/logical-names';
import { NUMERIC_TYPES, type Schema } from '../schema/schema';
import { valueText } from './value-text';

/** The wider one of two numeric types; for equal types the later schema; null if they have nothing in common. */
function merge(previous: Schema, latest: Schema): Schema | null {
  if (previous.type === latest.type) return latest;
  const [before, now] = [NUMERIC_TYPES.indexOf(previous.type), NUMERIC_TYPES.indexOf(latest.type)];
  if (before < 0 || now < 0) return null;
  return now > before ? latest : previous;
}

/** Collects schemas; nulls do not count. */
export class SchemaMerger {
  private compatible = true;
  /** The schema that all have in common; null if there is none. */
  common: Schema | null = null;

  add(latest: SchemaAndValue | null): void {
    if (!latest?.schema || !this.compatible) return;
    this.common = this.common ? merge(this.common, latest.schema) : latest.schema;
    this.compatible = this.common !== null;
  }
}

function cannotConvert(value: unknown, schema: Schema): ConnectError {
  return new ConnectError('DataException', `Unable to convert ${valueText(value)} to ${String(schema)}`);
}

function toNumber(value: unknown, schema: Schema): number | bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (value instanceof Int8 || value instanceof Int16 || value instanceof Int32 || value instanceof Float32) return value.value;
  throw cannotConvert(value, schema);
}

function toDate(value: unknown, schema: Schema): Date {
  if (value instanceof Date) return value;
  const number = Number(toNumber(value, schema));
  if (schema.name === DATE_NAME) return dateFromDays(schema, number);
  return schema.name === TIME_NAME ? timeFromMillis(schema, number) : timestampFromMillis(schema, BigInt(number));
}

/** Converts a value to its container's common schema. @throws DataException for null and for what cannot be converted */
export function alignValue(value: unknown, schema: Schema): unknown {
  if (value === null) throw new ConnectError('DataException', 'Unable to convert a null value to a schema that requires a value');
  if (schema.name === DATE_NAME || schema.name === TIME_NAME || schema.name === TIMESTAMP_NAME) return toDate(value, schema);
  switch (schema.type) {
    case 'STRING':
      return valueText(value);
    case 'INT8':
      return Int8.of(Number(toNumber(value, schema)));
    case 'INT16':
      return Int16.of(Number(toNumber(value, schema)));
    case 'INT32':
      return Int32.of(Number(toNumber(value, schema)));
    case 'INT64':
      return BigInt(toNumber(value, schema));
    case 'FLOAT32':
      return Float32.of(Number(toNumber(value, schema)));
    case 'FLOAT64':
      return Number(toNumber(value, schema));
    default:
      return value;
  }
}
