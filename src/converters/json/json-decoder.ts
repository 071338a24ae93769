/** JSON values as Connect data (the reading half of JsonConverter), with the quirk that the kind of a primitive is never checked. */
import { BigDecimal } from '../../data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../data/java/boxed';
import { keyInterner } from '../../data/java/key-interner';
import { nearestFloat } from '../../data/java/nearest-float';
import { dateFromDays, decimalFromBytes, timeFromMillis, timestampFromMillis } from '../../data/schema/logical';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../data/schema/logical-names';
import type { Schema } from '../../data/schema/schema';
import { Struct } from '../../data/schema/struct';
import { ConnectError } from '../../errors';
import { decodeBase64 } from './json-base64';
import type { JsonOptions } from './json-options';
import { isInt, isIntegral, JsonDecimal, type JsonObject, type JsonValue, MISSING, nodeType } from './json-value';

function refuse(message: string, cause?: unknown): ConnectError {
  return new ConnectError('DataException', message, cause);
}

/** Jackson's longValue: the low 64 bits of a number's integral part, 0 for anything else. */
function toLong(value: JsonValue): bigint {
  if (isIntegral(value)) return BigInt.asIntN(64, BigInt(value));
  return value instanceof JsonDecimal ? value.toDecimal().toLong() : 0n;
}

/** Jackson's intValue: the low 32 bits, likewise. */
function toInt(value: JsonValue): number {
  return isInt(value) ? value : Number(BigInt.asIntN(32, toLong(value)));
}

function toDouble(value: JsonValue): number {
  if (isIntegral(value)) return Number(value);
  return value instanceof JsonDecimal ? value.toDouble() : 0;
}

function toFloat(value: JsonValue): number {
  if (isIntegral(value)) return nearestFloat(Number(value), BigInt(value), 0);
  return value instanceof JsonDecimal ? value.toDecimal().toFloat() : 0;
}

function toDecimal(schema: Schema, value: JsonValue): BigDecimal {
  if (isIntegral(value)) return new BigDecimal(BigInt(value), 0);
  if (value instanceof JsonDecimal) return value.toDecimal();
  if (typeof value !== 'string') {
    throw refuse(`Invalid type for Decimal, underlying representation should be numeric or bytes but was ${nodeType(value)}`);
  }
  try {
    return decimalFromBytes(schema, toBytes(value) ?? Buffer.alloc(0));
  } catch (error) {
    throw refuse('Invalid bytes for Decimal field', error);
  }
}

function toBytes(value: JsonValue): Buffer | null {
  if (typeof value !== 'string') return null;
  const bytes = decodeBase64(value);
  if (!bytes) throw refuse('Invalid bytes field');
  return bytes;
}

function requireInt(value: JsonValue, type: string): number {
  if (isInt(value)) return value;
  throw refuse(`Invalid type for ${type}, underlying representation should be integer but was ${nodeType(value)}`);
}

function toTimestamp(schema: Schema, value: JsonValue): Date {
  if (isIntegral(value)) return timestampFromMillis(schema, toLong(value));
  throw refuse(`Invalid type for Timestamp, underlying representation should be integral but was ${nodeType(value)}`);
}

/** Turns JSON values into Connect data. */
export class JsonDecoder {
  constructor(private readonly options: JsonOptions) {}

  /**
   * The data that a JSON value stands for.
   * @param value undefined for a member that is not there
   * @throws DataException if the value does not fit the schema
   */
  decode(schema: Schema | null, value: JsonValue | undefined): unknown {
    if (!schema) return value === undefined ? null : this.decodeSchemaless(value);
    if (value === undefined || value === null) return this.decodeNull(schema);
    return schema.name === null ? this.decodeTyped(schema, value) : this.decodeNamed(schema, schema.name, value);
  }

  private decodeNull(schema: Schema): unknown {
    if (schema.defaultValue !== null && this.options.replaceNullWithDefault) return schema.defaultValue;
    if (schema.optional) return null;
    throw refuse(`Invalid null value for required ${schema.type} field`);
  }

  private decodeSchemaless(value: JsonValue): unknown {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    if (isIntegral(value)) return toLong(value);
    if (value instanceof JsonDecimal) return value.toDouble();
    if (value === MISSING) return null;
    if (Array.isArray(value)) return value.map(element => this.decodeSchemaless(element));
    const map = new Map<string, unknown>();
    for (const [key, element] of value) map.set(key, this.decodeSchemaless(element));
    return map;
  }

  private decodeNamed(schema: Schema, name: string, value: JsonValue): unknown {
    switch (name) {
      case DECIMAL_NAME:
        return toDecimal(schema, value);
      case DATE_NAME:
        return dateFromDays(schema, requireInt(value, 'Date'));
      case TIME_NAME:
        return timeFromMillis(schema, requireInt(value, 'Time'));
      case TIMESTAMP_NAME:
        return toTimestamp(schema, value);
      default:
        return this.decodeTyped(schema, value);
    }
  }

  private decodeTyped(schema: Schema, value: JsonValue): unknown {
    switch (schema.type) {
      case 'BOOLEAN':
        return value === true;
      case 'INT8':
        return Int8.of(toInt(value));
      case 'INT16':
        return Int16.of(toInt(value));
      case 'INT32':
        return Int32.of(toInt(value));
      case 'INT64':
        return toLong(value);
      case 'FLOAT32':
        return Float32.of(toFloat(value));
      case 'FLOAT64':
        return toDouble(value);
      case 'BYTES':
        return toBytes(value);
      case 'STRING':
        return typeof value === 'string' ? value : null;
      case 'ARRAY':
        return this.decodeArray(schema, value);
      case 'MAP':
        return this.decodeMap(schema, value);
      case 'STRUCT':
        return this.decodeStruct(schema, value);
      default:
        return schema.type satisfies never;
    }
  }

  /** An object gives its members, anything else no elements: Jackson iterates over whatever it is. */
  private decodeArray(schema: Schema, value: JsonValue): unknown[] {
    const elements = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : [];
    return elements.map(element => this.decode(schema.valueSchema, element));
  }

  private decodeMap(schema: Schema, value: JsonValue): Map<unknown, unknown> {
    if (schema.keySchema?.type !== 'STRING') return this.decodePairs(schema, value);
    if (!(value instanceof Map)) throw refuse(`Maps with string fields should be encoded as JSON objects, but found ${nodeType(value)}`);
    const map = new Map<unknown, unknown>();
    for (const [key, element] of value) map.set(key, this.decode(schema.valueSchema, element));
    return map;
  }

  private decodePairs(schema: Schema, value: JsonValue): Map<unknown, unknown> {
    if (!Array.isArray(value)) {
      throw refuse(`Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(value)}`);
    }
    const map = new Map<unknown, unknown>();
    const keyOf = keyInterner();
    for (const pair of value) {
      if (!Array.isArray(pair)) throw refuse(`Found invalid map entry instead of array tuple: ${nodeType(pair)}`);
      if (pair.length !== 2) throw refuse(`Found invalid map entry, expected length 2 but found :${pair.length}`);
      map.set(keyOf(this.decode(schema.keySchema, pair[0])), this.decode(schema.valueSchema, pair[1]));
    }
    return map;
  }

  private decodeStruct(schema: Schema, value: JsonValue): Struct {
    if (!(value instanceof Map)) throw refuse(`Structs should be encoded as JSON objects, but found ${nodeType(value)}`);
    const object: JsonObject = value;
    const struct = new Struct(schema);
    for (const field of schema.fields ?? []) struct.put(field, this.decode(field.schema, object.get(field.name)));
    return struct;
  }
}
