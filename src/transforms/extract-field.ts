import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Transformation } from '../api/transformation';
import type { ConnectRecord } from '../data/record';
import type { Schema } from '../data/schema';
import { ConnectError } from '../errors';
import { FIELD_SYNTAX_VERSION, FieldPath } from './field-path';
import { fieldReader, REPLACE_NULL_WITH_DEFAULT, readWithDefault } from './field-reader';
import { keyAndValuePlugins, type RecordPart } from './record-part';
import { requireMapOrNull, requireStructOrNull } from './requirements';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef()
  .define({ name: 'field', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'MEDIUM', doc: 'Field name to extract.' })
  .define(REPLACE_NULL_WITH_DEFAULT)
  .define(FIELD_SYNTAX_VERSION);

const PURPOSE = 'field extraction';

/** Puts one field in place of the struct or map that holds it; null passes (org.apache.kafka.connect.transforms.ExtractField). */
class ExtractField implements Transformation {
  private field = '';
  private path = new FieldPath('', 'V1');
  private readField = readWithDefault;
  private readonly schemas = new SchemaMemo((schema: Schema) => this.extractedSchema(schema));

  constructor(private readonly part: RecordPart) {}

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.field = config.getString('field');
    this.path = new FieldPath(this.field, config.getString('field.syntax.version'));
    this.readField = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    if (!schema) {
      const map = requireMapOrNull(this.part.valueOf(record), PURPOSE);
      return this.part.replace(record, null, map && this.path.valueInMap(map));
    }
    const struct = requireStructOrNull(this.part.valueOf(record), PURPOSE);
    const extracted = this.schemas.of(schema);
    return this.part.replace(record, extracted, struct && this.path.valueInStruct(struct, this.readField));
  }

  close(): void {}

  private extractedSchema(schema: Schema): Schema {
    const field = this.path.fieldOf(schema);
    if (!field) throw new ConnectError('IllegalArgumentException', `Unknown field: ${this.field}`);
    return field.schema;
  }
}

export const extractFieldPlugins = keyAndValuePlugins('ExtractField', part => new ExtractField(part));
