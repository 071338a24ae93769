/** Connect data as JSON, as JsonConverter and Jackson write it. */

import { ByteColumn } from '../../data/batch/byte-column';
import { BigDecimal } from '../../data/java/big-numbers';
import { ByteBuffer } from '../../data/java/byte-buffer';
import { javaClassOf } from '../../data/java/java-class';
import { doubleText, floatText } from '../../data/java/java-text';
import { schemasEqual } from '../../data/schema/equality';
import { dateToDays, decimalToBytes, timestampToMillis, timeToMillis } from '../../data/schema/logical';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../data/schema/logical-names';
import type { Field, Schema, SchemaType } from '../../data/schema/schema';
import type { StructValue } from '../../data/schema/struct-value';
import { fitsType, schemaTypeOf } from '../../data/schema/validate-value';
import { ConnectError } from '../../errors';
import type { JsonOptions } from './json-options';
import { JsonOutput, quote } from './json-output';

/** Jackson's limit; it also bounds the recursion here. */
const MAX_DEPTH = 1000;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;

function refuse(message: string): ConnectError {
  return new ConnectError('DataException', message);
}

function requireDate(value: unknown, type: string): Date {
  if (value instanceof Date) return value;
  throw refuse(`Invalid type for ${type}, expected Date but was class ${javaClassOf(value)}`);
}

function base64(value: unknown): string {
  if (value instanceof ByteBuffer) return value.array.toString('base64');
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  throw refuse(`Invalid type for bytes type: class ${javaClassOf(value)}`);
}

/** Writes values; of envelopes it knows only that something may stand before and after a value. */
export class JsonWriter {
  private readonly out = new JsonOutput();
  private readonly headsOf = new WeakMap<Schema, readonly Buffer[]>();

  constructor(private readonly options: JsonOptions) {}

  /**
   * Appends the JSON text of a value to a batch; nothing if it throws.
   * @param envelopeHead what opens the object around the value; null for none
   * @throws DataException if the value does not fit the schema, has no JSON form or is nested too deeply
   */
  append(texts: ByteColumn, envelopeHead: Buffer | null, schema: Schema | null, value: unknown): void {
    const { out } = this;
    out.begin(texts);
    if (envelopeHead) out.putBytes(envelopeHead);
    this.write(schema, value, envelopeHead ? 1 : 0);
    if (envelopeHead) out.putByte(CLOSE_BRACE);
    out.end();
  }

  /** The JSON text of a value, for those who keep it. @throws DataException as `append` */
  textOf(schema: Schema | null, value: unknown): string {
    const texts = new ByteColumn(1, 64);
    this.append(texts, null, schema, value);
    return String(texts.textAt(0));
  }

  /** @param depth how many objects and arrays are around it */
  private write(schema: Schema | null, value: unknown, depth: number): void {
    if (value === null || value === undefined) this.writeNull(schema, depth);
    else if (!schema?.name || !this.writeLogical(schema, schema.name, value)) this.writeTyped(schema, value, depth);
  }

  private writeNull(schema: Schema | null, depth: number): void {
    if (schema && schema.defaultValue !== null && this.options.replaceNullWithDefault) this.write(schema, schema.defaultValue, depth);
    else if (!schema || schema.optional) this.out.putAscii('null');
    else throw refuse('Conversion error: null value for field that is required and has no default value');
  }

  /** @returns false if the name is not of a logical type */
  private writeLogical(schema: Schema, name: string, value: unknown): boolean {
    switch (name) {
      case DECIMAL_NAME:
        this.writeDecimal(schema, value);
        return true;
      case DATE_NAME:
        this.out.putInt(dateToDays(schema, requireDate(value, 'Date')));
        return true;
      case TIME_NAME:
        this.out.putInt(timeToMillis(schema, requireDate(value, 'Time')));
        return true;
      case TIMESTAMP_NAME:
        this.out.putAscii(String(timestampToMillis(schema, requireDate(value, 'Timestamp'))));
        return true;
      default:
        return false;
    }
  }

  private writeDecimal(schema: Schema, value: unknown): void {
    if (!(value instanceof BigDecimal)) throw refuse(`Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value)}`);
    if (this.options.numericDecimals) this.out.putAscii(value.toString());
    else this.writeQuoted(base64(decimalToBytes(schema, value)));
  }

  private writeTyped(schema: Schema | null, value: unknown, depth: number): void {
    const type = schema ? schema.type : schemaTypeOf(value);
    if (type === null) throw refuse(`Java class class ${javaClassOf(value)} does not have corresponding schema type.`);
    // BYTES has a message of its own
    if (schema && type !== 'BYTES' && !fitsType(type, value)) throw refuse(`Invalid type for ${type}: class ${javaClassOf(value)}`);
    if (type === 'STRING') this.out.putString(value as string);
    else if (type === 'ARRAY' || type === 'MAP' || type === 'STRUCT') this.writeContainer(type, schema, value, depth + 1);
    else this.writePrimitive(type, value);
  }

  private writePrimitive(type: SchemaType, value: unknown): void {
    if (type === 'INT8' || type === 'INT16' || type === 'INT32') this.out.putInt(Number(value));
    else if (type === 'FLOAT32') this.writeFloating(Number(value), floatText(Number(value)));
    else if (type === 'FLOAT64') this.writeFloating(value as number, doubleText(value as number));
    else if (type === 'BYTES') this.writeQuoted(base64(value));
    else this.out.putAscii(String(value));
  }

  private writeFloating(value: number, text: string): void {
    if (Number.isFinite(value)) this.out.putAscii(text);
    else this.writeQuoted(text);
  }

  /** Writes ASCII that needs no escapes as a JSON string. */
  private writeQuoted(ascii: string): void {
    this.out.putByte(QUOTE);
    this.out.putAscii(ascii);
    this.out.putByte(QUOTE);
  }

  private writeContainer(type: SchemaType, schema: Schema | null, value: unknown, depth: number): void {
    if (depth > MAX_DEPTH) throw refuse('Converting Kafka Connect data to byte[] failed due to serialization error: ');
    if (type === 'ARRAY') this.writeArray(schema, value as readonly unknown[], depth);
    else if (type === 'MAP') this.writeMap(schema, value as ReadonlyMap<unknown, unknown>, depth);
    else this.writeStruct(schema, value as StructValue, depth);
  }

  private writeArray(schema: Schema | null, array: readonly unknown[], depth: number): void {
    const { out } = this;
    const elementSchema = schema ? schema.valueSchema : null;
    out.putByte(OPEN_BRACKET);
    for (let i = 0; i < array.length; i++) {
      if (i > 0) out.putByte(COMMA);
      this.write(elementSchema, array[i], depth);
    }
    out.putByte(CLOSE_BRACKET);
  }

  /** Maps with text keys are objects, others arrays of pairs; without schema the keys themselves decide. */
  private writeMap(schema: Schema | null, map: ReadonlyMap<unknown, unknown>, depth: number): void {
    const keySchema = schema ? schema.keySchema : null;
    const valueSchema = schema ? schema.valueSchema : null;
    const asObject = schema ? keySchema?.type === 'STRING' : hasTextKeys(map);
    if (asObject) this.writeObject(keySchema, valueSchema, map, depth);
    else this.writePairs(keySchema, valueSchema, map, depth);
  }

  private writeObject(keySchema: Schema | null, valueSchema: Schema | null, map: ReadonlyMap<unknown, unknown>, depth: number): void {
    const { out } = this;
    out.putByte(OPEN_BRACE);
    let isFirst = true;
    for (const [key, value] of map.has(null) ? this.withNullNamed(keySchema, map) : map) {
      if (!isFirst) out.putByte(COMMA);
      isFirst = false;
      const place = out.place;
      this.write(keySchema, key, depth + 1);
      out.quoteFrom(place);
      out.putByte(COLON);
      this.write(valueSchema, value, depth);
    }
    out.putByte(CLOSE_BRACE);
  }

  /** The map with a text for its null key. As in Java, of equal names the last value counts, at the place of the first. */
  private withNullNamed(keySchema: Schema | null, map: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
    const fallback = this.options.replaceNullWithDefault ? (keySchema?.defaultValue ?? null) : null;
    // a required key without default is refused where it is written
    if (fallback === null && !keySchema?.optional) return map;
    const named = new Map<unknown, unknown>();
    for (const [key, value] of map) named.set(key ?? fallback ?? 'null', value);
    return named;
  }

  private writePairs(keySchema: Schema | null, valueSchema: Schema | null, map: ReadonlyMap<unknown, unknown>, depth: number): void {
    const { out } = this;
    out.putByte(OPEN_BRACKET);
    let isFirst = true;
    for (const [key, value] of map) {
      if (!isFirst) out.putByte(COMMA);
      isFirst = false;
      out.putByte(OPEN_BRACKET);
      this.write(keySchema, key, depth + 1);
      out.putByte(COMMA);
      this.write(valueSchema, value, depth + 1);
      out.putByte(CLOSE_BRACKET);
    }
    out.putByte(CLOSE_BRACKET);
  }

  private writeStruct(schema: Schema | null, struct: StructValue, depth: number): void {
    if (!schemasEqual(struct.schema, schema)) throw refuse('Mismatching schema.');
    const { out } = this;
    const fields = struct.schema.fields ?? [];
    const heads = this.fieldHeads(struct.schema);
    if (fields.length === 0) out.putByte(OPEN_BRACE);
    for (let i = 0; i < fields.length; i++) {
      out.putBytes(heads[i] as Buffer);
      this.write((fields[i] as Field).schema, struct.values[i], depth);
    }
    out.putByte(CLOSE_BRACE);
  }

  /** What stands before the value of each field: `{"first":`, `,"second":`. Made once for a schema. */
  private fieldHeads(schema: Schema): readonly Buffer[] {
    let heads = this.headsOf.get(schema);
    if (!heads) {
      heads = (schema.fields ?? []).map(({ name }, i) => Buffer.from(`${i === 0 ? '{' : ','}${quote(name)}:`));
      this.headsOf.set(schema, heads);
    }
    return heads;
  }
}

function hasTextKeys(map: ReadonlyMap<unknown, unknown>): boolean {
  for (const key of map.keys()) if (typeof key !== 'string') return false;
  return true;
}
