import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import type { ChangedShape, RecordShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import type { Schema } from '../data/schema/schema';
import { ConnectError } from '../errors';
import { FIELD_SYNTAX_VERSION, FieldPath } from './field-path';
import { type FieldReader, fieldReader, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMapOrNull, requireStructOrNull } from './requirements';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef()
  .define({ name: 'field', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'MEDIUM', doc: 'Field name to extract.' })
  .define(REPLACE_NULL_WITH_DEFAULT)
  .define(FIELD_SYNTAX_VERSION);

const PURPOSE = 'field extraction';

/** Replaces a struct or map by one of its fields; null stays null (org.apache.kafka.connect.transforms.ExtractField). */
class ExtractField implements RecordChange {
  private readonly field: string;
  private readonly path: FieldPath;
  private readonly readField: FieldReader;
  private readonly schemas = new SchemaMemo((schema: Schema) => this.extractedSchema(schema));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
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

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind !== 'struct') return null;
    const field = this.path.fieldOf(part.schema);
    const extracted = field !== null && part.schema.fields?.includes(field) ? part.fields[field.index] : undefined;
    return extracted ? this.part.replaceShape(shape, extracted) : null;
  }

  private extractedSchema(schema: Schema): Schema {
    const field = this.path.fieldOf(schema);
    if (!field) throw new ConnectError('IllegalArgumentException', `Unknown field: ${this.field}`);
    return field.schema;
  }
}

export const extractFieldPlugins = keyAndValuePlugins('ExtractField', CONFIG, ExtractField);
