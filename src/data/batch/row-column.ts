/**
 * Rows in bulk, the column of a batch: values of one STRUCT schema whose members are primitive or logical types, each in the cheapest form that JavaScript has for
 * it. Sources of tables hand them over where no transformation needs records, so that neither a row nor a value costs an object.
 */
import { BigDecimal, fromTwosComplement } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { ByteBuffer } from '../java/byte-buffer';
import { dateOf } from '../java/java-date';
import { dateToDays, decimalScale, decimalToBytes, timestampToMillis, timeToMillis } from '../schema/logical';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../schema/logical-names';
import type { Schema } from '../schema/schema';
import { Struct } from '../schema/struct';

/**
 * A value in plain form. INT8 to INT32, FLOAT32 and FLOAT64 are numbers; INT64 and the unscaled value of a Decimal are numbers where these
 * are safe, bigints elsewhere; a Date is days since 1970, a Time milliseconds of the day, a Timestamp milliseconds since 1970; BOOLEAN,
 * STRING and BYTES are what they are in records.
 */
export type PlainValue = number | bigint | string | boolean | Buffer;

const MS_PER_DAY = 86_400_000n;

/** A whole number in plain form. */
export function plainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Makes the values that records have from those of a field in plain form. @throws DataException for a Decimal without a scale */
export function boxOf(schema: Schema): (plain: PlainValue) => unknown {
  switch (schema.name) {
    case DECIMAL_NAME: {
      const scale = decimalScale(schema);
      return plain => new BigDecimal(BigInt(plain as number | bigint), scale);
    }
    case DATE_NAME:
      return plain => dateOf(BigInt(plain as number) * MS_PER_DAY);
    case TIME_NAME:
    case TIMESTAMP_NAME:
      return plain => dateOf(BigInt(plain as number));
  }
  switch (schema.type) {
    case 'INT8':
      return plain => Int8.of(plain as number);
    case 'INT16':
      return plain => Int16.of(plain as number);
    case 'INT32':
      return plain => Int32.of(plain as number);
    case 'INT64':
      return plain => BigInt(plain as number | bigint);
    case 'FLOAT32':
      return plain => Float32.of(plain as number);
    default:
      return plain => plain;
  }
}

/** Makes values in plain form of those that records have; the opposite of `boxOf`. @throws DataException for a value that does not fit the schema */
export function plainOf(schema: Schema): (value: unknown) => PlainValue {
  switch (schema.name) {
    case DECIMAL_NAME:
      // checks the scale
      return value => plainInteger(fromTwosComplement(decimalToBytes(schema, value as BigDecimal)));
    case DATE_NAME:
      return value => dateToDays(schema, value as Date);
    case TIME_NAME:
      return value => timeToMillis(schema, value as Date);
    case TIMESTAMP_NAME:
      return value => plainInteger(timestampToMillis(schema, value as Date));
  }
  switch (schema.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'FLOAT32':
      return Number;
    case 'INT64':
      return value => plainInteger(value as bigint);
    case 'BYTES':
      return value => (value instanceof ByteBuffer ? Buffer.from(value.remaining()) : (value as Buffer));
    default:
      return value => value as PlainValue;
  }
}

/** How many cells a row of a schema has: one for each field, and those of a struct within it in its place. */
export function cellCount({ fields }: Schema): number {
  return (fields ?? []).reduce((sum, { schema }) => sum + (schema.type === 'STRUCT' ? cellCount(schema) : 1), 0);
}

/** Rows of one schema, which their maker appends and then leaves alone. */
export class RowColumn {
  count = 0;
  /** The values row by row, `width` for each; null where unset. After the last row there may be room. */
  readonly cells: (PlainValue | null)[];
  /** Cells of a row: one for each field; those of a struct within it, which is never null, in its place. */
  readonly width: number;
  private boxes: readonly ((plain: PlainValue) => unknown)[] | null = null;

  /**
   * @param schema of a STRUCT
   * @param capacity rows to make room for; more may come
   * @param cells an array to use again, whatever is in it
   */
  constructor(
    readonly schema: Schema,
    capacity = 0,
    cells?: (PlainValue | null)[],
  ) {
    this.width = cellCount(schema);
    this.cells = cells ?? new Array<PlainValue | null>(capacity * this.width);
  }

  /** Row `i` as a record has it. @throws DataException for a value that does not fit its field */
  structAt(i: number): Struct {
    this.boxes ??= boxesOf(this.schema);
    return this.structFrom(this.schema, i * this.width, 0);
  }

  /** @param row its first cell @param first the first cell within the row that is the struct's */
  private structFrom(schema: Schema, row: number, first: number): Struct {
    const struct = new Struct(schema);
    let at = first;
    for (const field of schema.fields ?? []) {
      if (field.schema.type === 'STRUCT') {
        struct.put(field, this.structFrom(field.schema, row, at));
        at += cellCount(field.schema);
        continue;
      }
      const plain = this.cells[row + at] ?? null;
      if (plain !== null) struct.put(field, this.boxes?.[at]?.(plain));
      at++;
    }
    return struct;
  }
}

function boxesOf(schema: Schema): ((plain: PlainValue) => unknown)[] {
  return (schema.fields ?? []).flatMap(field => (field.schema.type === 'STRUCT' ? boxesOf(field.schema) : [boxOf(field.schema)]));
}
