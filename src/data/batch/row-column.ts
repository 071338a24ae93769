/**
 * Rows in bulk, the column of a batch: values of one STRUCT schema whose members are primitive or logical types, each in the cheapest form that JavaScript has for
 * it. Sources of tables hand them over where no transformation needs records, so that neither a row nor a value costs an object.
 */
import { BigDecimal } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { dateOf } from '../java/java-date';
import { decimalScale } from '../schema/logical';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../schema/logical-names';
import type { Field, Schema } from '../schema/schema';
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

/** Rows of one schema, which their maker appends and then leaves alone. */
export class RowColumn {
  count = 0;
  /** The values row by row, as many for each as the schema has fields; null where unset. Behind the last row there may be room. */
  readonly cells: (PlainValue | null)[];
  private boxes: readonly ((plain: PlainValue) => unknown)[] | null = null;

  /**
   * @param schema of a STRUCT
   * @param capacity rows to make room for; more may come
   */
  constructor(
    readonly schema: Schema,
    capacity = 0,
  ) {
    this.cells = new Array<PlainValue | null>(capacity * (schema.fields?.length ?? 0));
  }

  /** Row `i` as a record has it. @throws DataException for a value that does not fit its field */
  structAt(i: number): Struct {
    const fields = this.schema.fields ?? [];
    this.boxes ??= fields.map(({ schema }) => boxOf(schema));
    const struct = new Struct(this.schema);
    for (let f = 0; f < fields.length; f++) {
      const plain = this.cells[i * fields.length + f] ?? null;
      if (plain !== null) struct.put(fields[f] as Field, this.boxes[f]?.(plain));
    }
    return struct;
  }
}
