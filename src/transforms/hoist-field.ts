import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { type ChangedShape, type RecordShape, schemaOfPart, structShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import type { Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef().define({
  name: 'field',
  type: 'STRING',
  defaultValue: NO_DEFAULT,
  importance: 'MEDIUM',
  doc: 'Field name for the single field that will be created in the resulting Struct or Map.',
});

/** Wraps the whole key or value, null too, into the one field of a struct or map (org.apache.kafka.connect.transforms.HoistField). */
class HoistField implements RecordChange {
  private readonly field: string;
  private readonly schemas = new SchemaMemo((schema: Schema) => SchemaBuilder.struct().field(this.field, schema).build());

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    this.field = config.getString('field');
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    const value = this.part.valueOf(record);
    if (!schema) return this.part.replace(record, null, new Map([[this.field, value]]));
    const hoisted = this.schemas.of(schema);
    return this.part.replace(record, hoisted, new Struct(hoisted).put(this.field, value));
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind === 'none') return null;
    const hoisted = structShape(this.schemas.of(schemaOfPart(part)), [part]);
    return hoisted && this.part.replaceShape(shape, hoisted);
  }
}

export const hoistFieldPlugins = keyAndValuePlugins('HoistField', CONFIG, HoistField);
