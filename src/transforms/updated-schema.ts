/** Schemas derived from schemas: built once per incoming schema, since nearly all records have the same one. */
import type { Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';

/**
 * Caches the result for each schema, by identity: sources and converters return the same object again and again. Entries are held weakly.
 */
export class SchemaMemo<T> {
  private readonly known = new WeakMap<Schema, { readonly made: T }>();
  private last: Schema | null = null;
  private lastMade: T | undefined;

  /** @param make creates the result for a new schema */
  constructor(private readonly make: (schema: Schema) => T) {}

  of(schema: Schema): T {
    if (schema === this.last) return this.lastMade as T;
    let entry = this.known.get(schema);
    if (!entry) {
      entry = { made: this.make(schema) };
      this.known.set(schema, entry);
    }
    this.last = schema;
    this.lastMade = entry.made;
    return entry.made;
  }
}

/**
 * A builder with the type, the elements, and the name, version, doc and parameters of a schema; without optional, default and fields
 * (org.apache.kafka.connect.transforms.util.SchemaUtil.copySchemaBasics).
 */
export function builderLike(source: Schema): SchemaBuilder {
  return copyBasics(source, new SchemaBuilder(source.type, source.keySchema, source.valueSchema));
}

/** Copies the name, version, doc and parameters of a schema to a builder. @returns the builder */
export function copyBasics(source: Schema, builder: SchemaBuilder): SchemaBuilder {
  if (source.name !== null) builder.name(source.name);
  if (source.version !== null) builder.version(source.version);
  if (source.doc !== null) builder.doc(source.doc);
  if (source.parameters) builder.parameters(source.parameters);
  return builder;
}
