import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { anyNonDuplicateValues } from '../api/config-validators';
import { type ChangedShape, type FieldShape, type RecordShape, structShape } from '../data/batch/record-shape';
import { changeRecord } from '../data/record/change-record';
import type { ConnectRecord } from '../data/record/record';
import type { Field, Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import { type FieldReader, fieldReader, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { type RecordChange, wholeRecordPlugin } from './kafka-plugins';
import { requireMap, requireStruct } from './requirements';
import { SchemaMemo } from './updated-schema';

const CONFIG = new ConfigDef()
  .define({
    name: 'fields',
    type: 'LIST',
    defaultValue: NO_DEFAULT,
    validator: anyNonDuplicateValues(false, false),
    importance: 'HIGH',
    doc: 'Field names on the record value to extract as the record key.',
  })
  .define(REPLACE_NULL_WITH_DEFAULT);

const PURPOSE = 'copying fields from value to key';

/** How keys are built from values of one schema. */
interface Plan {
  readonly keySchema: Schema;
  /** Fields of the value, and of the key. */
  readonly copied: readonly { readonly from: Field; readonly to: Field }[];
}

function planFor(valueSchema: Schema, names: readonly string[]): Plan {
  const copied = names.map((name, index) => {
    const from = valueSchema.field(name);
    if (!from) throw new ConnectError('DataException', `Field does not exist: ${name}`);
    return { from, to: { ...from, index } };
  });
  const builder = SchemaBuilder.struct();
  for (const { to } of copied) builder.field(to.name, to.schema);
  return { keySchema: builder.build(), copied };
}

/** Builds a new key from fields of the value (org.apache.kafka.connect.transforms.ValueToKey). */
class ValueToKey implements RecordChange {
  private readonly fields: readonly string[];
  private readonly readField: FieldReader;
  private readonly plans = new SchemaMemo((schema: Schema) => planFor(schema, this.fields));

  constructor(config: ParsedConfig) {
    this.fields = config.getList('fields');
    this.readField = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    if (record.valueSchema) return this.applyWithSchema(record);
    const value = requireMap(record.value, PURPOSE);
    return changeRecord(record, { keySchema: null, key: new Map(this.fields.map(field => [field, value.get(field) ?? null])) });
  }

  private applyWithSchema<R extends ConnectRecord>(record: R): R {
    const value = requireStruct(record.value, PURPOSE);
    const { keySchema, copied } = this.plans.of(value.schema);
    const key = new Struct(keySchema);
    for (const { from, to } of copied) key.put(to, this.readField(value, from));
    // As in Java, the struct's own schema counts if the record's differs.
    return changeRecord(record, { keySchema, key, valueSchema: value.schema });
  }

  changeShape(shape: RecordShape): ChangedShape {
    const { value } = shape;
    if (value.kind !== 'struct') return null;
    const { keySchema, copied } = this.plans.of(value.schema);
    const key = structShape(
      keySchema,
      copied.map(({ from }) => value.fields[from.index] as FieldShape),
    );
    return key && { ...shape, key };
  }
}

export const valueToKeyPlugin = wholeRecordPlugin('ValueToKey', CONFIG, ValueToKey);
