/** Rows in plain form as JSON: one schema at a time, what its fields need found once, no object for a row or a value. */

import type { ByteColumn } from '../../data/batch/byte-column';
import type { PlainValue, RowColumn } from '../../data/batch/row-column';
import { BigDecimal, toTwosComplement } from '../../data/java/big-numbers';
import { doubleText, floatText } from '../../data/java/java-text';
import { decimalScale } from '../../data/schema/logical';
import { DECIMAL_NAME, LOGICAL_NAMES, TIME_NAME } from '../../data/schema/logical-names';
import type { Schema } from '../../data/schema/schema';
import { JsonOutput, quote } from './json-output';

const QUOTE = 0x22;
const MAX_TIME_MS = 86_400_000;
const NULL = Buffer.from('null');

/** How the values of a field are written. */
type Form = 'integer' | 'time' | 'float' | 'double' | 'boolean' | 'string' | 'bytes' | 'decimal' | 'decimal-number';

interface FieldPlan {
  /** All bytes since the value before. */
  readonly head: Buffer;
  readonly form: Form;
  readonly optional: boolean;
  /** Of a Decimal. */
  readonly scale: number;
}

/** Writes what `JsonWriter` would write for the Structs of the rows. */
export class JsonRowWriter {
  private readonly out = new JsonOutput();
  private schema: Schema | null = null;
  private plan: RowPlan | null = null;

  constructor(private readonly numericDecimals: boolean) {}

  /**
   * Appends rows from `from` on, at most `count`, and none once the batch holds `maxBytes`.
   * @param headOf what opens the object around each value; null for none
   * @returns how many were appended; fewer where the next one is for `JsonWriter`, or none at all where the schema is
   */
  append(
    rows: RowColumn,
    from: number,
    count: number,
    texts: ByteColumn,
    maxBytes: number,
    headOf: ((schema: Schema) => Buffer) | null,
  ): number {
    if (rows.schema !== this.schema) {
      this.plan = planOf(rows.schema, headOf?.(rows.schema) ?? null, this.numericDecimals);
      this.schema = rows.schema;
    }
    if (this.plan === null) return 0;
    let done = 0;
    for (; done < count && texts.used < maxBytes; done++) {
      this.out.begin(texts);
      if (!this.writeRow(this.plan, rows.cells, (from + done) * rows.width)) break;
      this.out.end();
    }
    return done;
  }

  /** @returns false if a value is for `JsonWriter`, which may refuse it */
  private writeRow({ cells: fields, tail }: RowPlan, cells: readonly (PlainValue | null)[], first: number): boolean {
    const { out } = this;
    for (let f = 0; f < fields.length; f++) {
      const field = fields[f] as FieldPlan;
      const value = cells[first + f] as PlainValue | null;
      out.putBytes(field.head);
      if (value === null) {
        if (!field.optional) return false;
        out.putBytes(NULL);
      } else if (!this.writeValue(field, value)) return false;
    }
    out.putBytes(tail);
    return true;
  }

  private writeValue({ form, scale }: FieldPlan, value: PlainValue): boolean {
    const { out } = this;
    switch (form) {
      case 'integer':
        if (typeof value === 'number') out.putInteger(value);
        else out.putAscii(String(value));
        return true;
      case 'time':
        if ((value as number) < 0 || (value as number) > MAX_TIME_MS) return false;
        out.putInteger(value as number);
        return true;
      case 'string':
        out.putString(value as string);
        return true;
      case 'boolean':
        out.putAscii(value === true ? 'true' : 'false');
        return true;
      case 'double':
        this.writeFloating(value as number, doubleText(value as number));
        return true;
      case 'float':
        this.writeFloating(value as number, floatText(value as number));
        return true;
      case 'bytes':
        this.writeQuoted((value as Buffer).toString('base64'));
        return true;
      case 'decimal':
        if (typeof value === 'number') out.putBase64(value);
        else this.writeQuoted(toTwosComplement(value as bigint).toString('base64'));
        return true;
      case 'decimal-number':
        out.putAscii(new BigDecimal(BigInt(value as number | bigint), scale).toString());
        return true;
    }
  }

  private writeFloating(value: number, text: string): void {
    if (Number.isFinite(value)) this.out.putAscii(text);
    else this.writeQuoted(text);
  }

  private writeQuoted(text: string): void {
    this.out.putByte(QUOTE);
    this.out.putAscii(text);
    this.out.putByte(QUOTE);
  }
}

/** How the cells of a row are written. */
interface RowPlan {
  readonly cells: readonly FieldPlan[];
  /** What closes a row. */
  readonly tail: Buffer;
}

/** The cells of a schema; null if one of its fields is not for rows in plain form, or has a default. */
function planOf(schema: Schema, envelopeHead: Buffer | null, numericDecimals: boolean): RowPlan | null {
  const cells: FieldPlan[] = [];
  let head = envelopeHead?.toString('latin1') ?? '';
  /** Adds what stands before, between and after the fields to what the next cell begins with. */
  const add = ({ fields }: Schema): boolean => {
    if (fields === null || fields.length === 0) return false;
    for (const { name, schema: field, index } of fields) {
      head += `${index === 0 ? '{' : ','}${Buffer.from(`${quote(name)}:`).toString('latin1')}`;
      if (field.defaultValue !== null) return false;
      if (field.type === 'STRUCT') {
        if (field.optional || !add(field)) return false;
        continue;
      }
      const form = formOf(field, numericDecimals);
      if (form === null) return false;
      const scale = field.name === DECIMAL_NAME ? decimalScale(field) : 0;
      cells.push({ head: Buffer.from(head, 'latin1'), form, optional: field.optional, scale });
      head = '';
    }
    head += '}';
    return true;
  };
  if (!add(schema)) return null;
  return { cells, tail: Buffer.from(`${head}${envelopeHead === null ? '' : '}'}`, 'latin1') };
}

function formOf({ type, name }: Schema, numericDecimals: boolean): Form | null {
  if (name === DECIMAL_NAME) return numericDecimals ? 'decimal-number' : 'decimal';
  if (name === TIME_NAME) return 'time';
  if (name !== null && LOGICAL_NAMES.has(name)) return 'integer';
  switch (type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'INT64':
      return 'integer';
    case 'FLOAT32':
      return 'float';
    case 'FLOAT64':
      return 'double';
    case 'BOOLEAN':
      return 'boolean';
    case 'STRING':
      return 'string';
    case 'BYTES':
      return 'bytes';
    default:
      return null;
  }
}
