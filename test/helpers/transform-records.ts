/** Records and transformations for tests of transformations. */
import type { Transformation } from '../../src/api/transformation';
import type { SinkRecord } from '../../src/data/record';
import type { Schema } from '../../src/data/schema';
import { SchemaBuilder } from '../../src/data/schema-builder';
import { Struct } from '../../src/data/struct';
import { createPluginTable } from '../../src/plugins/builtins';

const PLUGINS = createPluginTable();

/** A configured transformation by its name, such as `Cast$Value`. */
export function transformation(name: string, config: Readonly<Record<string, string>>): Transformation {
  const plugin = PLUGINS.find('transformation', `org.apache.kafka.connect.transforms.${name}`);
  if (!plugin) throw new Error(`There is no transformation ${name}`);
  const created = plugin.create();
  created.configure(config);
  return created;
}

/** What a new transformation makes of a record, which it must not drop. */
export function applied(name: string, config: Readonly<Record<string, string>>, record: SinkRecord): SinkRecord {
  const result = transformation(name, config).apply(record);
  if (!result) throw new Error('The record was dropped');
  return result;
}

/** A record with this value; key and all else are the same in all. */
export function recordWith(valueSchema: Schema | null, value: unknown): SinkRecord {
  return {
    topic: 't',
    kafkaPartition: 0,
    keySchema: null,
    key: 'k',
    valueSchema,
    value,
    timestamp: 5,
    headers: [],
    kafkaOffset: 7,
    timestampType: 'CreateTime',
    originalTopic: 't',
    originalKafkaPartition: 0,
    originalKafkaOffset: 7,
  };
}

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
