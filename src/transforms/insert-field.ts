import { ConfigDef, type ConfigKey } from '../api/config-def';
import { invalidValue } from '../api/config-types';
import type { ParsedConfig } from '../api/parsed-config';
import { type Cell, type ChangedShape, constantCell, type RecordShape, structShape } from '../data/batch/record-shape';
import { Int32 } from '../data/java/boxed';
import { dateOf } from '../data/java/java-date';
import type { ConnectRecord } from '../data/record/record';
import {
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../data/schema/connect-schema';
import { TIMESTAMP_SCHEMA, timestampBuilder } from '../data/schema/logical';
import type { Field, Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import { type FieldReader, fieldReader, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMap, requireSinkRecord, requireStruct } from './requirements';
import { copyBasics, SchemaMemo } from './updated-schema';

const PURPOSE = 'field insertion';
const SUFFIX_DOC = 'Suffix with <code>!</code> to make this a required field, or <code>?</code> to keep it optional (the default).';

function settingOf(name: string, doc: string): ConfigKey {
  return { name, type: 'STRING', defaultValue: null, importance: 'MEDIUM', doc };
}

const CONFIG = new ConfigDef()
  .define(settingOf('topic.field', `Field name for Kafka topic. ${SUFFIX_DOC}`))
  .define(settingOf('partition.field', `Field name for Kafka partition. ${SUFFIX_DOC}`))
  .define(settingOf('offset.field', `Field name for Kafka offset - only applicable to sink connectors.<br/>${SUFFIX_DOC}`))
  .define(settingOf('timestamp.field', `Field name for record timestamp. ${SUFFIX_DOC}`))
  .define(settingOf('static.field', `Field name for static data field. ${SUFFIX_DOC}`))
  .define(settingOf('static.value', 'Static field value, if field name configured.'))
  .define(REPLACE_NULL_WITH_DEFAULT);

/** Something that can be inserted: its setting, its schema, and its value, which is null if the record has none. */
interface Insertable {
  readonly setting: string;
  readonly required: Schema;
  readonly optional: Schema;
  plain(record: ConnectRecord): unknown;
  /** The value for the schema, if it differs from that for maps. */
  typed?(record: ConnectRecord): unknown;
  /** The same of records that share a shape; absent where they do not. */
  shaped?(shape: RecordShape, schema: Schema): Cell;
}

const FROM_RECORD: readonly Insertable[] = [
  {
    setting: 'topic.field',
    required: STRING_SCHEMA,
    optional: OPTIONAL_STRING_SCHEMA,
    plain: ({ topic }) => topic,
    shaped: ({ topic }, schema) => constantCell(schema, topic),
  },
  {
    setting: 'partition.field',
    required: INT32_SCHEMA,
    optional: OPTIONAL_INT32_SCHEMA,
    plain: ({ kafkaPartition }) => (kafkaPartition === null ? null : Int32.of(kafkaPartition)),
    shaped: (_, schema) => constantCell(schema, null),
  },
  {
    setting: 'offset.field',
    required: INT64_SCHEMA,
    optional: OPTIONAL_INT64_SCHEMA,
    plain: record => BigInt(requireSinkRecord(record, PURPOSE).kafkaOffset),
  },
  {
    setting: 'timestamp.field',
    required: TIMESTAMP_SCHEMA,
    optional: timestampBuilder().optional().build(),
    plain: ({ timestamp }) => (timestamp === null ? null : BigInt(timestamp)),
    typed: ({ timestamp }) => (timestamp === null ? null : dateOf(BigInt(timestamp))),
    shaped: (shape, schema) => ({ schema, at: shape.timestamps() }),
  },
];

/** A configured insertion. */
interface Insertion {
  readonly field: string;
  readonly schema: Schema;
  readonly plain: (record: ConnectRecord) => unknown;
  readonly typed: (record: ConnectRecord) => unknown;
  readonly shaped: Insertable['shaped'];
}

function insertionsOf(config: ParsedConfig): readonly Insertion[] {
  const staticValue = config.getStringOrNull('static.value');
  const fixedCell = (_: RecordShape, schema: Schema): Cell => constantCell(schema, staticValue);
  const fixed = {
    setting: 'static.field',
    required: STRING_SCHEMA,
    optional: OPTIONAL_STRING_SCHEMA,
    plain: () => staticValue,
    shaped: fixedCell,
  };
  const insertions = [...FROM_RECORD, fixed].flatMap(insertable => insertionOf(insertable, config.getStringOrNull(insertable.setting)));
  if (insertions.length === 0) throw new ConnectError('ConfigException', 'No field insertion configured');
  const staticField = config.getStringOrNull('static.field');
  if (staticField !== null && staticValue === null) {
    throw invalidValue('static.value', null, `No value specified for static field: ${staticField}`);
  }
  return insertions;
}

function insertionOf({ required, optional, plain, typed = plain, shaped }: Insertable, spec: string | null): Insertion[] {
  if (spec === null) return [];
  return [{ field: spec.replace(/[?!]$/, ''), schema: spec.endsWith('!') ? required : optional, plain, typed, shaped }];
}

/** How structs of one schema are rebuilt. */
interface Plan {
  readonly schema: Schema;
  /** Fields of the incoming schema; they have the same indexes in the new one. */
  readonly copied: readonly Field[];
}

function planFor(source: Schema, insertions: readonly Insertion[]): Plan {
  const copied = source.fields ?? [];
  const builder = copyBasics(source, SchemaBuilder.struct());
  for (const { name, schema } of copied) builder.field(name, schema);
  for (const { field, schema } of insertions) builder.field(field, schema);
  return { schema: builder.build(), copied };
}

/** Adds metadata of the record and a fixed text to a struct or map; null stays null (org.apache.kafka.connect.transforms.InsertField). */
class InsertField implements RecordChange {
  private readonly insertions: readonly Insertion[];
  private readonly readField: FieldReader;
  private readonly plans = new SchemaMemo((schema: Schema) => planFor(schema, this.insertions));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    this.readField = fieldReader(config);
    this.insertions = insertionsOf(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.part.valueOf(record);
    if (value === null || value === undefined) return record;
    return this.part.schemaOf(record) ? this.applyWithSchema(record, value) : this.applySchemaless(record, value);
  }

  private applySchemaless<R extends ConnectRecord>(record: R, value: unknown): R {
    const updated = new Map(requireMap(value, PURPOSE));
    for (const { field, plain } of this.insertions) {
      const inserted = plain(record);
      if (inserted !== null) updated.set(field, inserted);
    }
    return this.part.replace(record, null, updated);
  }

  private applyWithSchema<R extends ConnectRecord>(record: R, value: unknown): R {
    const struct = requireStruct(value, PURPOSE);
    const { schema, copied } = this.plans.of(struct.schema);
    const updated = new Struct(schema);
    for (const field of copied) updated.put(field, this.readField(struct, field));
    for (const { field, typed } of this.insertions) {
      const inserted = typed(record);
      if (inserted !== null) updated.put(field, inserted);
    }
    return this.part.replace(record, schema, updated);
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind !== 'struct') return null;
    const inserted = this.insertions.map(({ schema, shaped }) => shaped?.(shape, schema));
    if (inserted.includes(undefined)) return null;
    const cells = inserted.map(cell => ({ kind: 'cell', cell: cell as Cell }) as const);
    const updated = structShape(this.plans.of(part.schema).schema, [...part.fields, ...cells]);
    return updated && this.part.replaceShape(shape, updated);
  }
}

export const insertFieldPlugins = keyAndValuePlugins('InsertField', CONFIG, InsertField);
