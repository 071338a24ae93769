/** Types of PostgreSQL that the generic mapping does not know, and values that only PostgreSQL has. */

import type { PlainValue } from '../../../data/batch/row-column';
import { decimalScale } from '../../../data/schema/logical';
import { DECIMAL_NAME } from '../../../data/schema/logical-names';
import { SchemaBuilder } from '../../../data/schema/schema-builder';
import type { Column } from '../database/values/column';
import {
  type ColumnMapping,
  finish,
  type MappingOptions,
  mapGenericColumn,
  readBoolean,
  withoutScale,
} from '../database/values/column-mapping';
import { type InfinityWord, infiniteDays, infiniteTimestamp, infinityOf } from '../database/values/infinity';

/** The mapping of the dialect. */
export function mapColumn(column: Column, options: MappingOptions): ColumnMapping | null {
  switch (column.typeName) {
    case 'bytea':
      return finish(column, new SchemaBuilder('BYTES'), raw => Buffer.from(String(raw).slice(2), 'hex'));
    case 'money':
      return finish(column, new SchemaBuilder('FLOAT64'), raw => readMoney(String(raw)));
    case 'bit':
      return bitMapping(column);
    case 'numeric':
      return column.precision === null ? bareNumeric(column, options) : mapGenericColumn(column, options);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return withInfinity(column, options);
    default:
      return mapGenericColumn(column, options);
  }
}

/** A decimal without a declared scale. It gets a scale that is enough for nearly all values; a value that needs more widens the field. */
function bareNumeric(column: Column, options: MappingOptions): ColumnMapping | null {
  const mapping = mapGenericColumn(column.scale === null && !isWhole(options) ? withoutScale(column) : column, options);
  if (mapping?.schema.name !== DECIMAL_NAME) return mapping;
  const scale = decimalScale(mapping.schema);
  return {
    ...mapping,
    note:
      `${column.name}, a numeric without precision, is a Decimal of scale ${scale}, and of a larger scale from the first value that has ` +
      'more digits after the point. numeric.mapping=best_fit_eager_double, or a query that casts it, makes another type of it',
  };
}

/** True if a value has more digits after the point than its field. */
export const isTooSmall = ({ typeName, precision, scale }: Column, raw: unknown): boolean =>
  typeName === 'numeric' && precision === null && fractionDigits(raw) > (scale ?? 0);

const fractionDigits = (raw: unknown): number => (typeof raw === 'string' && raw.includes('.') ? raw.length - raw.indexOf('.') - 1 : 0);

/** The most digits after the point of a numeric. */
const MAX_SCALE = 16_383;

/** The column with a scale that holds such a value. */
export function widerColumn(column: Column, raw: unknown): Column {
  const wide = withoutScale(column);
  return fractionDigits(raw) <= (wide.scale ?? 0) ? wide : { ...column, scale: MAX_SCALE };
}

function withInfinity(column: Column, options: MappingOptions): ColumnMapping | null {
  const mapping = mapGenericColumn(column, options);
  if (mapping === null) return null;
  const { schema, read } = mapping;
  const infinite = (word: InfinityWord): PlainValue =>
    column.type === 'DATE' ? infiniteDays(word) : infiniteTimestamp(word, options.granularity);
  return {
    schema,
    read: raw => {
      const word = typeof raw === 'string' ? infinityOf(raw) : null;
      return word === null ? read(raw) : infinite(word);
    },
  };
}

/** Aiven's connector maps `numeric` without precision to a Decimal of scale 0, which consumers may rely on. */
const isWhole = ({ flavour, numericMapping }: MappingOptions): boolean => flavour === 'aiven' && numericMapping === 'none';

/** `-$1,234.50`, or `($1,234.50)`. */
function readMoney(text: string): number {
  const digits = Number(text.replace(/[^0-9.]/g, ''));
  return /^[-(]/.test(text) ? -digits : digits;
}

/** As in Java: one bit is a boolean, up to eight are a number, more are the bytes of their text. */
function bitMapping(column: Column): ColumnMapping {
  const bits = column.precision ?? 1;
  if (bits === 1) return finish(column, new SchemaBuilder('BOOLEAN'), readBoolean);
  if (bits <= 8) return finish(column, new SchemaBuilder('INT8'), raw => (Number.parseInt(String(raw), 2) << 24) >> 24);
  return finish(column, new SchemaBuilder('BYTES'), raw => Buffer.from(String(raw)));
}
