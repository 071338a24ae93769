import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { anyNonDuplicateValues, nonEmptyString } from '../api/config-validators';
import { type ChangedShape, changedCell, type FieldShape, type RecordShape, structShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import type { Field } from '../data/schema/schema';
import { Struct } from '../data/schema/struct';
import { hashOrderOfList } from '../java/hash-order';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import { maskWith, maskWithEmptyValue, type ValueMask } from './mask-value';
import type { RecordPart } from './record-part';
import { requireMap, requireStruct } from './requirements';
import { SchemaMemo } from './updated-schema';

const PURPOSE = 'mask fields';

const CONFIG = new ConfigDef()
  .define({
    name: 'fields',
    type: 'LIST',
    defaultValue: NO_DEFAULT,
    validator: anyNonDuplicateValues(false, false),
    importance: 'HIGH',
    doc: 'Names of fields to mask.',
  })
  .define({
    name: 'replacement',
    type: 'STRING',
    defaultValue: null,
    validator: nonEmptyString,
    importance: 'LOW',
    doc: "Custom value replacement, that will be applied to all 'fields' values (numeric or non-empty string values only).",
  })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** A field of a struct, and whether it is masked. */
interface FieldMask {
  readonly field: Field;
  readonly masked: boolean;
}

/** Hides the values of fields; the schema stays (org.apache.kafka.connect.transforms.MaskField). */
class MaskField implements RecordChange {
  private readonly names: readonly string[];
  private readonly mask: ValueMask;
  private readonly read: FieldReader;
  private readonly plans = new SchemaMemo((schema): readonly FieldMask[] => {
    const masked = new Set(this.names);
    return fieldsOf(schema).map(field => ({ field, masked: masked.has(field.name) }));
  });

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    const replacement = config.getStringOrNull('replacement');
    this.names = hashOrderOfList(config.getList('fields'));
    this.mask = replacement === null ? maskWithEmptyValue : maskWith(replacement);
    this.read = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    const value = this.part.valueOf(record);
    return this.part.replace(record, schema, schema ? this.maskStruct(value) : this.maskMap(value));
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind !== 'struct') return null;
    const fields = this.plans.of(part.schema).map(({ field: { index, schema }, masked }) => {
      const field = part.fields[index] as FieldShape;
      if (!masked) return field;
      return field.kind === 'struct'
        ? null
        : ({ kind: 'cell', cell: changedCell(field.cell, schema, value => this.maskPresent(value)) } as const);
    });
    const masked = fields.every(field => field !== null) && structShape(part.schema, fields);
    return masked ? this.part.replaceShape(shape, masked) : null;
  }

  private maskMap(value: unknown): ReadonlyMap<string, unknown> {
    const map = requireMap(value, PURPOSE);
    const masked = new Map(map);
    for (const name of this.names) masked.set(name, this.maskPresent(map.get(name) ?? null));
    return masked;
  }

  private maskStruct(value: unknown): Struct {
    const struct = requireStruct(value, PURPOSE);
    const updated = new Struct(struct.schema);
    for (const { field, masked } of this.plans.of(struct.schema)) {
      const fieldValue = this.read(struct, field);
      updated.put(field, masked ? this.maskPresent(fieldValue) : fieldValue);
    }
    return updated;
  }

  private maskPresent(value: unknown): unknown {
    return value === null ? null : this.mask(value);
  }
}

export const maskFieldPlugins = keyAndValuePlugins('MaskField', CONFIG, MaskField);
