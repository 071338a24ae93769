import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Transformation } from '../api/transformation';
import type { ConnectRecord } from '../data/record';
import type { Schema } from '../data/schema';
import { SchemaBuilder } from '../data/schema-builder';
import { Struct } from '../data/struct';
import { keyAndValuePlugins, type RecordPart } from './record-part';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef().define({
  name: 'field',
  type: 'STRING',
  defaultValue: NO_DEFAULT,
  importance: 'MEDIUM',
  doc: 'Field name for the single field that will be created in the resulting Struct or Map.',
});

/** Wraps the whole key or value, null too, into the one field of a struct or map (org.apache.kafka.connect.transforms.HoistField). */
class HoistField implements Transformation {
  private field = '';
  private readonly schemas = new SchemaMemo((schema: Schema) => SchemaBuilder.struct().field(this.field, schema).build());

  constructor(private readonly part: RecordPart) {}

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    this.field = CONFIG.parse(props).getString('field');
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    const value = this.part.valueOf(record);
    if (!schema) return this.part.replace(record, null, new Map([[this.field, value]]));
    const hoisted = this.schemas.of(schema);
    return this.part.replace(record, hoisted, new Struct(hoisted).put(this.field, value));
  }

  close(): void {}
}

export const hoistFieldPlugins = keyAndValuePlugins('HoistField', part => new HoistField(part));
