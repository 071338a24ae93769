/** Checks that a value fits its schema (ConnectSchema.validateValue). */
import { ConnectError } from '../../errors';
import { BigDecimal } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { ByteBuffer } from '../java/byte-buffer';
import { javaClassOf } from '../java/java-class';
import { nestingError } from '../nesting';
import { schemasEqual } from './equality';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from './logical-names';
import type { Schema, SchemaType } from './schema';
import { StructValue } from './struct-value';

type Check = (value: unknown) => boolean;

const isDate: Check = value => value instanceof Date;

const FITS_TYPE: Readonly<Record<SchemaType, Check>> = {
  INT8: value => value instanceof Int8,
  INT16: value => value instanceof Int16,
  INT32: value => value instanceof Int32,
  INT64: value => typeof value === 'bigint',
  FLOAT32: value => value instanceof Float32,
  FLOAT64: value => typeof value === 'number',
  BOOLEAN: value => typeof value === 'boolean',
  STRING: value => typeof value === 'string',
  BYTES: value => value instanceof Uint8Array || value instanceof ByteBuffer,
  ARRAY: value => Array.isArray(value),
  MAP: value => value instanceof Map,
  STRUCT: value => value instanceof StructValue,
};

const FITS_LOGICAL: ReadonlyMap<string, Check> = new Map([
  [DECIMAL_NAME, value => value instanceof BigDecimal],
  [DATE_NAME, isDate],
  [TIME_NAME, isDate],
  [TIMESTAMP_NAME, isDate],
]);

/** The types whose values are objects, by frequency. */
const OBJECT_TYPES: readonly SchemaType[] = ['MAP', 'INT32', 'ARRAY', 'STRUCT', 'BYTES', 'FLOAT32', 'INT8', 'INT16'];

/** The type of a schemaless value, not null; null for a class without a type (dates, big numbers, unknown classes). */
export function schemaTypeOf(value: unknown): SchemaType | null {
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'bigint':
      return 'INT64';
    case 'number':
      return 'FLOAT64';
    case 'boolean':
      return 'BOOLEAN';
    default:
      return OBJECT_TYPES.find(type => FITS_TYPE[type](value)) ?? null;
  }
}

/** True if a value has the class of this type, logical types aside; does not check its content. */
export function fitsType(type: SchemaType, value: unknown): boolean {
  return FITS_TYPE[type](value);
}

/** True if a value, not null, has the class that its schema requires; does not check its content. */
export function fitsSchema(schema: Schema, value: unknown): boolean {
  return ((schema.name !== null && FITS_LOGICAL.get(schema.name)) || FITS_TYPE[schema.type])(value);
}

/**
 * Checks that a value, with all its content, has the class that its schema requires.
 * @param field name of the struct's field that holds it, for the message; null outside of structs
 * @throws DataException with Java's text
 */
export function validateValue(field: string | null, schema: Schema, value: unknown): void {
  // The fast path of most values, which have no content and need no location in a message.
  const { type } = schema;
  if (value === null || value === undefined) {
    if (schema.optional) return;
  } else if (type !== 'STRUCT' && type !== 'ARRAY' && type !== 'MAP' && fitsSchema(schema, value)) return;
  try {
    check(schema, value, field === null ? 'value' : `field: "${field}"`);
  } catch (error) {
    throw nestingError(error);
  }
}

function check(schema: Schema, value: unknown, location: string): void {
  if (value === null || value === undefined) {
    if (schema.optional) return;
    throw new ConnectError('DataException', `Invalid value: null used for required ${location}, schema type: ${schema.type}`);
  }
  if (!fitsSchema(schema, value)) throw wrongClass(schema, value, location);
  if (value instanceof StructValue) checkStruct(schema, value);
  else if (Array.isArray(value)) checkArray(schema, value, location);
  else if (value instanceof Map) checkMap(schema, value, location);
}

function wrongClass(schema: Schema, value: unknown, location: string): ConnectError {
  const name = schema.name === null ? '' : ` "${schema.name}"`;
  return new ConnectError(
    'DataException',
    `Invalid Java object for schema${name} with type ${schema.type}: class ${javaClassOf(value)} for ${location}`,
  );
}

function checkStruct(schema: Schema, struct: StructValue): void {
  if (!schemasEqual(struct.schema, schema)) throw new ConnectError('DataException', 'Struct schemas do not match.');
  struct.validate();
}

function checkArray(schema: Schema, array: readonly unknown[], location: string): void {
  const where = `element of array ${location}`;
  const elementSchema = present(schema.valueSchema, where);
  for (const element of array) check(elementSchema, element, where);
}

function checkMap(schema: Schema, map: ReadonlyMap<unknown, unknown>, location: string): void {
  const keyWhere = `key of map ${location}`;
  const valueWhere = `value of map ${location}`;
  const keySchema = present(schema.keySchema, keyWhere);
  const valueSchema = present(schema.valueSchema, valueWhere);
  for (const [key, value] of map) {
    check(keySchema, key, keyWhere);
    check(valueSchema, value, valueWhere);
  }
}

function present(schema: Schema | null, location: string): Schema {
  if (schema) return schema;
  throw new ConnectError('DataException', `No schema defined for ${location}`);
}
