/** Equality as Java's equals sees it, for schemas and for data. */
import { BigDecimal, BigInteger } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { ByteBuffer } from '../java/byte-buffer';
import { epochMillis } from '../java/java-date';
import { nestingError } from '../nesting';
import type { Field, Schema } from './schema';
import { StructValue } from './struct-value';

/** Pairs of schemas that were found equal: schemas are immutable, and the same pair is compared for every record. */
const knownEqual = new WeakMap<Schema, WeakSet<Schema>>();

/** True for schemas with equal members. Fast for the same object and for a pair compared before. */
export function schemasEqual(a: Schema | null, b: Schema | null): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  if (knownEqual.get(a)?.has(b)) return true;
  if (!comparedEqual(a, b)) return false;
  const partners = knownEqual.get(a) ?? new WeakSet<Schema>();
  partners.add(b);
  knownEqual.set(a, partners);
  return true;
}

function comparedEqual(a: Schema, b: Schema): boolean {
  try {
    return structurallyEqual(a, b);
  } catch (error) {
    throw nestingError(error);
  }
}

function structurallyEqual(a: Schema, b: Schema): boolean {
  return (
    a.type === b.type &&
    a.optional === b.optional &&
    a.name === b.name &&
    a.version === b.version &&
    a.doc === b.doc &&
    parametersEqual(a.parameters, b.parameters) &&
    dataEqual(a.defaultValue, b.defaultValue) &&
    fieldsEqual(a.fields, b.fields) &&
    schemasEqual(a.keySchema, b.keySchema) &&
    schemasEqual(a.valueSchema, b.valueSchema)
  );
}

function parametersEqual(a: Schema['parameters'], b: Schema['parameters']): boolean {
  if (!a || !b) return a === b;
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function fieldsEqual(a: readonly Field[] | null, b: readonly Field[] | null): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((field, i) => field.name === b[i]?.name && schemasEqual(field.schema, b[i].schema));
}

/** True for values that are equal by Java's equals. The type counts: Int32 1 is not Int8 1. Bytes are compared by content. */
export function dataEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Int8) return b instanceof Int8 && a.value === b.value;
  if (a instanceof Int16) return b instanceof Int16 && a.value === b.value;
  if (a instanceof Int32) return b instanceof Int32 && a.value === b.value;
  if (a instanceof Float32) return b instanceof Float32 && Object.is(a.value, b.value);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof ByteBuffer) return b instanceof ByteBuffer && a.remaining().equals(b.remaining());
  if (a instanceof BigDecimal) return b instanceof BigDecimal && a.unscaled === b.unscaled && a.scale === b.scale;
  if (a instanceof BigInteger) return b instanceof BigInteger && a.value === b.value;
  if (a instanceof Date) return b instanceof Date && epochMillis(a) === epochMillis(b);
  return containersEqual(a, b);
}

function containersEqual(a: object, b: object): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((element, i) => dataEqual(element, b[i]));
  if (a instanceof Map) {
    return b instanceof Map && a.size === b.size && [...a].every(([key, value]) => hasEqualEntry(b, key, value));
  }
  if (a instanceof StructValue) {
    return b instanceof StructValue && schemasEqual(a.schema, b.schema) && dataEqual(a.values, b.values);
  }
  return false;
}

function hasEqualEntry(map: ReadonlyMap<unknown, unknown>, key: unknown, value: unknown): boolean {
  const found = findKey(map, key);
  return found !== undefined && dataEqual(map.get(found.key), value);
}

/** The equal key of a map, which for Java's number classes need not be the same object. */
function findKey(map: ReadonlyMap<unknown, unknown>, key: unknown): { key: unknown } | undefined {
  if (map.has(key)) return { key };
  if (typeof key !== 'object' || key === null) return undefined;
  for (const candidate of map.keys()) if (dataEqual(candidate, key)) return { key: candidate };
  return undefined;
}

/** The value of a Java map for a key, or undefined. Linear in the map's size for keys that are objects. */
export function mapGet(map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  const found = findKey(map, key);
  return found && map.get(found.key);
}
