/** Infers schemas from values (Values.inferSchema). */
import { ConnectError } from '../../errors';
import { nestingError } from '../nesting';
import { ConnectSchema } from '../schema/connect-schema';
import type { Schema, SchemaType } from '../schema/schema';
import { SchemaBuilder } from '../schema/schema-builder';
import { StructValue } from '../schema/struct-value';
import { schemaTypeOf } from '../schema/validate-value';

/** Finds the type that all elements of a container share; only the types of their schemas count. */
class ElementType {
  private type: SchemaType | null = null;
  private optional = false;

  /** False for an element without a schema, or with one of another type. */
  accepts(element: unknown): boolean {
    if (element === null || element === undefined) {
      this.optional = true;
      return true;
    }
    const type = infer(element)?.type ?? null;
    if (type === null || (this.type !== null && this.type !== type)) return false;
    this.type = type;
    return true;
  }

  /** @throws SchemaBuilderException if all elements are null */
  schema(): Schema {
    if (this.type === null) throw new ConnectError('SchemaBuilderException', 'type cannot be null');
    return new ConnectSchema({ type: this.type, optional: this.optional });
  }
}

function inferList(list: readonly unknown[]): Schema | null {
  const elements = new ElementType();
  if (list.length === 0 || !list.every(element => elements.accepts(element))) return null;
  return SchemaBuilder.array(elements.schema()).build();
}

function inferMap(map: ReadonlyMap<unknown, unknown>): Schema | null {
  const keys = new ElementType();
  const values = new ElementType();
  for (const [key, value] of map) if (!keys.accepts(key) || !values.accepts(value)) return null;
  return map.size === 0 ? null : SchemaBuilder.map(keys.schema(), values.schema()).build();
}

/**
 * The schema that a value has by its class; null for null, for empty or mixed containers, and for classes without a type (dates, big
 * numbers).
 * @throws SchemaBuilderException for a container of nulls only; DataException for data nested too deeply
 */
export function inferSchema(value: unknown): Schema | null {
  try {
    return infer(value);
  } catch (error) {
    throw nestingError(error);
  }
}

function infer(value: unknown): Schema | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return inferList(value);
  if (value instanceof Map) return inferMap(value);
  if (value instanceof StructValue) return value.schema;
  const type = schemaTypeOf(value);
  return type && new ConnectSchema({ type });
}
