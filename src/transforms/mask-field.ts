import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import { anyNonDuplicateValues, nonEmptyString } from '../api/config-validators';
import type { Props } from '../api/connector';
import type { Transformation } from '../api/transformation';
import type { ConnectRecord } from '../data/record';
import type { Field } from '../data/schema';
import { Struct } from '../data/struct';
import { hashOrderOfList } from '../java/hash-order';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT, readWithDefault } from './field-reader';
import { maskWith, maskWithEmptyValue, type ValueMask } from './mask-value';
import { keyAndValuePlugins, type RecordPart } from './record-part';
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
class MaskField implements Transformation {
  private names: readonly string[] = [];
  private mask: ValueMask = maskWithEmptyValue;
  private read: FieldReader = readWithDefault;
  private readonly plans = new SchemaMemo((schema): readonly FieldMask[] => {
    const masked = new Set(this.names);
    return fieldsOf(schema).map(field => ({ field, masked: masked.has(field.name) }));
  });

  constructor(private readonly part: RecordPart) {}

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
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

  close(): void {}

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

export const maskFieldPlugins = keyAndValuePlugins('MaskField', part => new MaskField(part));
