/** Casts values from one type to another, by the rules of Java's number classes (org.apache.kafka.connect.transforms.Cast). */
import { Float32, Int8, Int16, Int32 } from '../data/java/boxed';
import { ByteBuffer } from '../data/java/byte-buffer';
import { javaClassOf } from '../data/java/java-class';
import { doubleValue, floatValue, intValue, isJavaNumber, type JavaNumber, longValue } from '../data/java/java-number';
import { javaText } from '../data/java/java-text';
import { parseDouble, parseFloat32, parseInteger, parseLong } from '../data/java/number-text';
import { dateToDays, timestampToMillis, timeToMillis } from '../data/schema/logical';
import { DATE_NAME, TIME_NAME, TIMESTAMP_NAME } from '../data/schema/logical-names';
import type { Schema, SchemaType } from '../data/schema/schema';
import { schemaTypeOf } from '../data/schema/validate-value';
import { temporalText } from '../data/values/temporal-text';
import { ConnectError } from '../errors';
import type { CastTarget } from './cast-spec';

/** Casts a value; null stays null. @throws DataException for a value that cannot be cast */
export type ValueCast = (value: unknown) => unknown;

type Encoding = (schema: Schema, value: Date) => unknown;

const UNSUPPORTED: readonly SchemaType[] = ['ARRAY', 'MAP', 'STRUCT'];

const CASTS: Readonly<Record<CastTarget, ValueCast>> = {
  INT8: value => Int8.of(toInteger(value, 8)),
  INT16: value => Int16.of(toInteger(value, 16)),
  INT32: value => Int32.of(toInteger(value, 32)),
  INT64: toLong,
  FLOAT32: value => Float32.of(toFloat(value)),
  FLOAT64: toDouble,
  BOOLEAN: toBoolean,
  STRING: toText,
};

/** The logical types that are cast via their number; Decimal is not one of them. */
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  [DATE_NAME, (schema, value) => Int32.of(dateToDays(schema, value))],
  [TIME_NAME, (schema, value) => Int32.of(timeToMillis(schema, value))],
  [TIMESTAMP_NAME, timestampToMillis],
]);

/** The cast of schemaless values, each by its own class. */
export function schemalessCast(target: CastTarget): ValueCast {
  const cast = CASTS[target];
  return value => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'object') requireCastable(value);
    return cast(value);
  };
}

function requireCastable(value: object): void {
  const type = schemaTypeOf(value);
  if (type !== null && !UNSUPPORTED.includes(type)) return;
  if (type !== null) throw unsupportedType(type);
  const known = `class ${javaClassOf(value)} which is not supported by Connect's data API`;
  throw new ConnectError('DataException', `Cast transformation was passed a value of type ${known}`);
}

/** The cast of values of a schema. */
export function castOf(schema: Schema, target: CastTarget): ValueCast {
  const cast = castOfPresent(schema, target);
  return value => (value === null || value === undefined ? null : cast(value));
}

function castOfPresent(schema: Schema, target: CastTarget): ValueCast {
  const { type, name } = schema;
  if (UNSUPPORTED.includes(type)) {
    return () => {
      throw unsupportedType(type);
    };
  }
  const cast = CASTS[target];
  const encode = name !== null && target !== 'STRING' ? ENCODINGS.get(name) : undefined;
  return encode ? value => cast(encode(schema, requireDate(value))) : cast;
}

function requireDate(value: unknown): Date {
  if (value instanceof Date) return value;
  throw new ConnectError('ClassCastException', `class ${javaClassOf(value)} cannot be cast to class java.util.Date`);
}

function unsupportedType(type: SchemaType): ConnectError {
  const supported = 'INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, BOOLEAN, STRING, BYTES';
  return new ConnectError('DataException', `Cast transformation does not support casting from ${type}; supported types are [${supported}]`);
}

/** The number parsed from a text. @throws DataException if it is not in range */
function inRange<T>(parsed: T | null, text: string): T {
  if (parsed !== null) return parsed;
  throw new ConnectError('DataException', `Value (${text}) was out of range for requested data type`);
}

/** The number of a value; a boolean is 1 or 0. @throws DataException for a value of any other class */
function requireNumber(value: unknown): JavaNumber {
  if (isJavaNumber(value)) return value;
  if (typeof value === 'boolean') return Number(value);
  throw new ConnectError('DataException', `Unexpected type in Cast transformation: class ${javaClassOf(value)}`);
}

/** An integer: of a number the low bits, while a text must be in range. */
function toInteger(value: unknown, bits: 8 | 16 | 32): number {
  return typeof value === 'string' ? inRange(parseInteger(value, bits), value) : intValue(requireNumber(value));
}

function toLong(value: unknown): bigint {
  return typeof value === 'string' ? inRange(parseLong(value), value) : longValue(requireNumber(value));
}

function toFloat(value: unknown): number {
  return typeof value === 'string' ? inRange(parseFloat32(value), value) : floatValue(requireNumber(value));
}

function toDouble(value: unknown): number {
  return typeof value === 'string' ? inRange(parseDouble(value), value) : doubleValue(requireNumber(value));
}

/** True for a number whose integral part is not 0. */
function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? value.toLowerCase() === 'true' : longValue(requireNumber(value)) !== 0n;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return temporalText(value);
  if (value instanceof ByteBuffer) return value.remaining().toString('base64');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return javaText(value);
}
