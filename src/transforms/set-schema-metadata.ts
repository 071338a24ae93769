import { ConfigDef, type ParsedConfig } from '../api/config-def';
import { type ChangedShape, type RecordShape, structShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import { ConnectSchema } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireSchema } from './requirements';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef()
  .define({ name: 'schema.name', type: 'STRING', defaultValue: null, importance: 'HIGH', doc: 'Schema name to set.' })
  .define({ name: 'schema.version', type: 'INT', defaultValue: null, importance: 'HIGH', doc: 'Schema version to set.' })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** Gives the schema of structs another name or version (org.apache.kafka.connect.transforms.SetSchemaMetadata). */
class SetSchemaMetadata implements RecordChange {
  private readonly name: string | null;
  private readonly version: number | null;
  private readonly read: FieldReader;
  private readonly schemas = new SchemaMemo(schema => this.renamed(schema));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
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

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    const renamed = part.kind === 'struct' && structShape(this.schemas.of(part.schema), part.fields);
    return renamed ? this.part.replaceShape(shape, renamed) : null;
  }

  /** The schema with its new name and version. As in Java, only schemas of structs are accepted. */
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

export const setSchemaMetadataPlugins = keyAndValuePlugins('SetSchemaMetadata', CONFIG, SetSchemaMetadata);
