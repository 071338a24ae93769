/** Structs in the notation of JavaScript objects. */
import type { Schema } from '../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { Struct } from '../../../src/data/schema/struct';

/** A STRUCT schema of these fields. */
export function structSchema(fields: Readonly<Record<string, Schema>>): Schema {
  return Object.entries(fields)
    .reduce((builder, [name, schema]) => builder.field(name, schema), SchemaBuilder.struct())
    .build();
}

/** A struct of these fields; those left out are unset. */
export function structOf(schema: Schema, values: Readonly<Record<string, unknown>>): Struct {
  return Object.entries(values).reduce((struct, [name, value]) => struct.put(name, value), new Struct(schema));
}

/** The values of a struct by field, without defaults. */
export function valuesOf(struct: unknown): Record<string, unknown> {
  if (!(struct instanceof Struct)) throw new Error(`Not a struct: ${String(struct)}`);
  return Object.fromEntries((struct.schema.fields ?? []).map(({ name, index }) => [name, struct.values[index] ?? null]));
}
