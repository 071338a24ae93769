/** Schemas made from schemas: built once for each that comes in, since the same one comes with nearly every record. */
import type { Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';

/**
 * Remembers what was made of each schema. By identity: sources and converters hand out one object again and again. What nobody else
 * holds is forgotten.
 */
export class SchemaMemo<T> {
  private readonly known = new WeakMap<Schema, { readonly made: T }>();
  private last: Schema | null = null;
  private lastMade: T | undefined;

  /** @param make makes it for a schema that is new here */
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
 * A builder with the type, the elements, and the name, version, doc and parameters of a schema; not whether it is optional, nor its
 * default, nor its fields (org.apache.kafka.connect.transforms.util.SchemaUtil.copySchemaBasics).
 */
export function builderLike(source: Schema): SchemaBuilder {
  return copyBasics(source, new SchemaBuilder(source.type, source.keySchema, source.valueSchema));
}

/** Gives a builder the name, version, doc and parameters of a schema. @returns the builder */
export function copyBasics(source: Schema, builder: SchemaBuilder): SchemaBuilder {
  if (source.name !== null) builder.name(source.name);
  if (source.version !== null) builder.version(source.version);
  if (source.doc !== null) builder.doc(source.doc);
  if (source.parameters) builder.parameters(source.parameters);
  return builder;
}
