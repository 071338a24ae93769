/** Converts values of one schema to another, compatible one (org.apache.kafka.connect.data.SchemaProjector). For plugin authors. */
import { ConnectError } from '../../errors';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { javaClassOf } from '../java/java-class';
import { doubleValue, floatValue, intValue, isJavaNumber, type JavaNumber, longValue } from '../java/java-number';
import { javaText } from '../java/java-text';
import { keyInterner } from '../java/key-interner';
import { nestingError } from '../nesting';
import { dataEqual } from './equality';
import { NUMERIC_TYPES, type Schema, type SchemaType } from './schema';
import { Struct } from './struct';
import { StructValue } from './struct-value';

/** Conversions to each numeric type. */
const WIDEN: ReadonlyMap<SchemaType, (value: JavaNumber) => unknown> = new Map<SchemaType, (value: JavaNumber) => unknown>([
  ['INT8', value => Int8.of(intValue(value))],
  ['INT16', value => Int16.of(intValue(value))],
  ['INT32', value => Int32.of(intValue(value))],
  ['INT64', longValue],
  ['FLOAT32', value => Float32.of(floatValue(value))],
  ['FLOAT64', doubleValue],
]);

function refuse(message: string, cause?: unknown): ConnectError {
  return new ConnectError('SchemaProjectorException', message, cause);
}

/** True for a numeric type and itself or a wider one. */
function isPromotable(source: SchemaType, target: SchemaType): boolean {
  const from = NUMERIC_TYPES.indexOf(source);
  return from >= 0 && from <= NUMERIC_TYPES.indexOf(target);
}

function checkCompatible(source: Schema, target: Schema): void {
  if (source.type !== target.type && !isPromotable(source.type, target.type)) {
    throw refuse(`Schema type mismatch. source type: ${source.type} and target type: ${target.type}`);
  }
  if (source.name !== target.name) throw refuse(`Schema name mismatch. source name: ${source.name} and target name: ${target.name}`);
  if (!dataEqual(source.parameters, target.parameters)) {
    const [from, to] = [javaText(source.parameters), javaText(target.parameters)];
    throw refuse(`Schema parameters not equal. source parameters: ${from} and target parameters: ${to}`);
  }
}

/** Java's error for a cast to a wrong class. */
function castFailed(value: unknown, className: string): ConnectError {
  return new ConnectError('ClassCastException', `class ${javaClassOf(value)} cannot be cast to class ${className}`);
}

/**
 * Converts a value to the target schema: numbers are widened, struct fields taken by name, and missing fields are the default or unset.
 * @param source the schema of the value
 * @throws SchemaProjectorException if the schemas are incompatible; DataException for a value that does not fit its new field or is nested
 *   too deeply; ClassCastException for one that does not have the type of its schema
 */
export function project(source: Schema, value: unknown, target: Schema): unknown {
  try {
    return projectAny(source, value, target);
  } catch (error) {
    throw nestingError(error);
  }
}

function projectAny(source: Schema, value: unknown, target: Schema): unknown {
  checkCompatible(source, target);
  const present = value ?? null;
  if (source.optional && !target.optional) {
    if (target.defaultValue === null) {
      throw refuse('Writer schema is optional, however, target schema does not provide a default value.');
    }
    return present === null ? target.defaultValue : projectPresent(source, present, target);
  }
  return present === null ? null : projectPresent(source, present, target);
}

function projectPresent(source: Schema, value: unknown, target: Schema): unknown {
  switch (target.type) {
    case 'STRUCT':
      return projectStruct(source, value, target);
    case 'ARRAY':
      if (!Array.isArray(value)) throw castFailed(value, 'java.util.List');
      return value.map(element => projectAny(elementSchema(source), element, elementSchema(target)));
    case 'MAP':
      return projectMap(source, value, target);
    default: {
      const widen = WIDEN.get(target.type);
      return widen && isJavaNumber(value) ? widen(value) : value;
    }
  }
}

function elementSchema(schema: Schema): Schema {
  return present(schema.valueSchema);
}

/** @throws NullPointerException for a container whose elements have no schema */
function present(schema: Schema | null): Schema {
  if (schema) return schema;
  throw new ConnectError('NullPointerException', 'A container without schema of its elements cannot be projected');
}

function projectMap(source: Schema, value: unknown, target: Schema): Map<unknown, unknown> {
  if (!(value instanceof Map)) throw castFailed(value, 'java.util.Map');
  const [fromKey, toKey] = [present(source.keySchema), present(target.keySchema)];
  const projected = new Map<unknown, unknown>();
  const shared = keyInterner();
  for (const [key, element] of value) {
    projected.set(shared(projectAny(fromKey, key, toKey)), projectAny(elementSchema(source), element, elementSchema(target)));
  }
  return projected;
}

function projectStruct(source: Schema, value: unknown, target: Schema): Struct {
  if (!(value instanceof StructValue)) throw castFailed(value, 'org.apache.kafka.connect.data.Struct');
  const projected = new Struct(target);
  for (const field of target.fields ?? []) {
    const sourceField = source.field(field.name);
    if (sourceField) {
      const content = fieldValue(value, field.name);
      projected.put(
        field,
        projectField(field.name, () => projectAny(sourceField.schema, content, field.schema)),
      );
    } else if (!field.schema.optional) {
      if (field.schema.defaultValue === null) {
        throw refuse(`Required field \`${field.name}\` is missing from source schema: ${String(source)}`);
      }
      projected.put(field, field.schema.defaultValue);
    }
  }
  return projected;
}

/** A field of the struct, whatever schema it was given with; its default if it is unset. */
function fieldValue(struct: StructValue, name: string): unknown {
  const field = struct.schema.field(name);
  if (!field) throw new ConnectError('DataException', `${name} is not a valid field name`);
  return struct.values[field.index] ?? field.schema.defaultValue;
}

/** Adds the name of the field to errors about its value. */
function projectField(name: string, run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'SchemaProjectorException') throw refuse(`Error projecting ${name}`, error);
    throw error;
  }
}
