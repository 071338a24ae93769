/** Connect data as JSON text, as JsonConverter and Jackson write it. */
import { BigDecimal } from '../data/big-numbers';
import { ByteBuffer } from '../data/byte-buffer';
import { schemasEqual } from '../data/equality';
import { javaClassOf } from '../data/java-class';
import { doubleText, floatText } from '../data/java-text';
import { dateToDays, decimalToBytes, timestampToMillis, timeToMillis } from '../data/logical';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../data/logical-names';
import type { Field, Schema, SchemaType } from '../data/schema';
import type { StructValue } from '../data/struct-value';
import { fitsType, schemaTypeOf } from '../data/validate-value';
import { ConnectError } from '../errors';
import type { JsonOptions } from './json-options';

/** Jackson's limit; it also bounds the recursion here. */
const MAX_DEPTH = 1000;
/** All but what stands in a JSON string as it is: controls, quote, backslash and surrogates. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeUnit(unit: string): string {
  return SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * A text as a JSON string. Jackson escapes every half of a surrogate pair, so the result is well-formed in any case. One search after
 * another is much faster than one replacement with a callback.
 */
export function quote(text: string): string {
  ESCAPED.lastIndex = 0;
  if (!ESCAPED.test(text)) return `"${text}"`;
  let quoted = '"';
  let from = 0;
  do {
    const at = ESCAPED.lastIndex - 1;
    quoted += text.slice(from, at) + escapeUnit(text.charAt(at));
    from = at + 1;
  } while (ESCAPED.test(text));
  return `${quoted}${text.slice(from)}"`;
}

function refuse(message: string): ConnectError {
  return new ConnectError('DataException', message);
}

function floating(value: number, text: string): string {
  return Number.isFinite(value) ? text : `"${text}"`;
}

function requireDate(value: unknown, type: string): Date {
  if (value instanceof Date) return value;
  throw refuse(`Invalid type for ${type}, expected Date but was class ${javaClassOf(value)}`);
}

function base64(value: unknown): string {
  if (value instanceof ByteBuffer) return `"${value.array.toString('base64')}"`;
  if (Buffer.isBuffer(value)) return `"${value.toString('base64')}"`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  throw refuse(`Invalid type for bytes type: class ${javaClassOf(value)}`);
}

/** Writes values; knows nothing of envelopes. */
export class JsonWriter {
  private readonly headsOf = new WeakMap<Schema, readonly string[]>();

  constructor(private readonly options: JsonOptions) {}

  /**
   * The JSON text of a value.
   * @param depth how many objects and arrays are around it
   * @throws DataException if the value does not fit the schema, has no JSON form or is nested too deeply
   */
  write(schema: Schema | null, value: unknown, depth = 0): string {
    if (value === null || value === undefined) return this.writeNull(schema, depth);
    const logical = schema?.name ? this.writeLogical(schema, schema.name, value) : undefined;
    return logical ?? this.writeTyped(schema, value, depth);
  }

  private writeNull(schema: Schema | null, depth: number): string {
    if (!schema) return 'null';
    if (schema.defaultValue !== null && this.options.replaceNullWithDefault) return this.write(schema, schema.defaultValue, depth);
    if (schema.optional) return 'null';
    throw refuse('Conversion error: null value for field that is required and has no default value');
  }

  private writeLogical(schema: Schema, name: string, value: unknown): string | undefined {
    switch (name) {
      case DECIMAL_NAME:
        return this.writeDecimal(schema, value);
      case DATE_NAME:
        return String(dateToDays(schema, requireDate(value, 'Date')));
      case TIME_NAME:
        return String(timeToMillis(schema, requireDate(value, 'Time')));
      case TIMESTAMP_NAME:
        return String(timestampToMillis(schema, requireDate(value, 'Timestamp')));
      default:
        return undefined;
    }
  }

  private writeDecimal(schema: Schema, value: unknown): string {
    if (!(value instanceof BigDecimal)) throw refuse(`Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value)}`);
    return this.options.numericDecimals ? value.toString() : base64(decimalToBytes(schema, value));
  }

  private writeTyped(schema: Schema | null, value: unknown, depth: number): string {
    const type = schema ? schema.type : schemaTypeOf(value);
    if (type === null) throw refuse(`Java class class ${javaClassOf(value)} does not have corresponding schema type.`);
    // BYTES has a message of its own
    if (schema && type !== 'BYTES' && !fitsType(type, value)) throw refuse(`Invalid type for ${type}: class ${javaClassOf(value)}`);
    switch (type) {
      case 'STRING':
        return quote(value as string);
      case 'FLOAT32':
        return floating(Number(value), floatText(Number(value)));
      case 'FLOAT64':
        return floating(value as number, doubleText(value as number));
      case 'BYTES':
        return base64(value);
      case 'ARRAY':
      case 'MAP':
      case 'STRUCT':
        return this.writeContainer(type, schema, value, depth + 1);
      default:
        return String(value);
    }
  }

  private writeContainer(type: SchemaType, schema: Schema | null, value: unknown, depth: number): string {
    if (depth > MAX_DEPTH) throw refuse('Converting Kafka Connect data to byte[] failed due to serialization error: ');
    if (type === 'ARRAY') return this.writeArray(schema, value as readonly unknown[], depth);
    if (type === 'MAP') return this.writeMap(schema, value as ReadonlyMap<unknown, unknown>, depth);
    return this.writeStruct(schema, value as StructValue, depth);
  }

  private writeArray(schema: Schema | null, array: readonly unknown[], depth: number): string {
    const elementSchema = schema ? schema.valueSchema : null;
    return `[${array.map(element => this.write(elementSchema, element, depth)).join(',')}]`;
  }

  /** Maps with text keys are objects, others arrays of pairs; without schema the keys themselves decide. */
  private writeMap(schema: Schema | null, map: ReadonlyMap<unknown, unknown>, depth: number): string {
    const asObject = schema ? schema.keySchema?.type === 'STRING' : hasTextKeys(map);
    let text = '';
    for (const [key, value] of map) {
      const name = this.write(schema ? schema.keySchema : null, key, depth + 1);
      const content = this.write(schema ? schema.valueSchema : null, value, asObject ? depth : depth + 1);
      const comma = text === '' ? '' : ',';
      text += asObject ? `${comma}${name.startsWith('"') ? name : quote(name)}:${content}` : `${comma}[${name},${content}]`;
    }
    return asObject ? `{${text}}` : `[${text}]`;
  }

  private writeStruct(schema: Schema | null, struct: StructValue, depth: number): string {
    if (!schemasEqual(struct.schema, schema)) throw refuse('Mismatching schema.');
    const fields = struct.schema.fields ?? [];
    const heads = this.fieldHeads(struct.schema);
    let text = '';
    for (let i = 0; i < fields.length; i++) text += (heads[i] as string) + this.write((fields[i] as Field).schema, struct.values[i], depth);
    return fields.length === 0 ? '{}' : `${text}}`;
  }

  /** What stands before the value of each field: `{"first":`, `,"second":`. Made once for a schema. */
  private fieldHeads(schema: Schema): readonly string[] {
    let heads = this.headsOf.get(schema);
    if (!heads) {
      heads = (schema.fields ?? []).map(({ name }, i) => `${i === 0 ? '{' : ','}${quote(name)}:`);
      this.headsOf.set(schema, heads);
    }
    return heads;
  }
}

function hasTextKeys(map: ReadonlyMap<unknown, unknown>): boolean {
  for (const key of map.keys()) if (typeof key !== 'string') return false;
  return true;
}
