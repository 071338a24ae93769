import { ConfigDef } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Transformation } from '../api/transformation';
import { ConnectSchema } from '../data/connect-schema';
import type { ConnectRecord } from '../data/record';
import type { Schema } from '../data/schema';
import { Struct } from '../data/struct';
import { ConnectError } from '../errors';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT, readWithDefault } from './field-reader';
import { keyAndValuePlugins, type RecordPart } from './record-part';
import { requireSchema } from './requirements';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef()
  .define({ name: 'schema.name', type: 'STRING', defaultValue: null, importance: 'HIGH', doc: 'Schema name to set.' })
  .define({ name: 'schema.version', type: 'INT', defaultValue: null, importance: 'HIGH', doc: 'Schema version to set.' })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** Gives the schema of structs another name or version (org.apache.kafka.connect.transforms.SetSchemaMetadata). */
class SetSchemaMetadata implements Transformation {
  private name: string | null = null;
  private version: number | null = null;
  private read: FieldReader = readWithDefault;
  private readonly schemas = new SchemaMemo(schema => this.renamed(schema));

  constructor(private readonly part: RecordPart) {}

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.name = config.getStringOrNull('schema.name');
    this.version = config.getIntOrNull('schema.version');
    this.read = fieldReader(config);
    if (this.name === null && this.version === null) {
      throw new ConnectError('ConfigException', 'Neither schema name nor version configured');
    }
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    const value = this.part.valueOf(record);
    if (schema === null && (value === null || value === undefined)) return record;
    const renamed = this.schemas.of(requireSchema(schema, 'updating schema metadata'));
    return this.part.replace(record, renamed, value instanceof Struct ? this.moveTo(renamed, value) : value);
  }

  close(): void {}

  /** As in Java, only the schemas of structs have fields to take over; any other schema is refused. */
  private renamed(schema: Schema): Schema {
    const { type, optional, defaultValue, doc, parameters } = schema;
    return new ConnectSchema({
      type,
      optional,
      defaultValue,
      name: this.name ?? schema.name,
      version: this.version ?? schema.version,
      doc,
      parameters,
      fields: fieldsOf(schema),
    });
  }

  private moveTo(schema: Schema, struct: Struct): Struct {
    const moved = new Struct(schema);
    for (const field of fieldsOf(schema)) moved.put(field, this.read(struct, field));
    return moved;
  }
}

export const setSchemaMetadataPlugins = keyAndValuePlugins('SetSchemaMetadata', part => new SetSchemaMetadata(part));
