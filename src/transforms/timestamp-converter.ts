import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { validString } from '../api/config-validators';
import { type Cell, type ChangedShape, changedCell, type FieldShape, type RecordShape, structShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import { ConnectSchema } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { ConnectError, toError } from '../errors';
import { SimpleDateFormat } from '../java/date/simple-date-format';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMap, requireStructOrNull } from './requirements';
import {
  inferTimestampType,
  TIMESTAMP_TRANSLATORS,
  TIMESTAMP_TYPES,
  type TimestampFormats,
  type TimestampType,
  timestampTypeOf,
  UNIX_PRECISIONS,
  type UnixPrecision,
} from './timestamp-types';
import { copyBasics, SchemaMemo } from './updated-schema';

const PURPOSE = 'converting timestamp formats';

const CONFIG = new ConfigDef()
  .define({
    name: 'field',
    type: 'STRING',
    defaultValue: '',
    importance: 'HIGH',
    doc: 'The field containing the timestamp, or empty if the entire value is a timestamp',
  })
  .define({
    name: 'target.type',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: validString(...TIMESTAMP_TYPES),
    importance: 'HIGH',
    doc: 'The desired timestamp representation: string, unix, Date, Time, or Timestamp',
  })
  .define({
    name: 'format',
    type: 'STRING',
    defaultValue: '',
    importance: 'MEDIUM',
    doc:
      'A SimpleDateFormat-compatible format for the timestamp. Used to generate the output when type=string or used to parse the input ' +
      'if the input is a string.',
  })
  .define({
    name: 'unix.precision',
    type: 'STRING',
    defaultValue: 'milliseconds',
    validator: validString(...UNIX_PRECISIONS),
    importance: 'LOW',
    doc:
      'The desired Unix precision for the timestamp: seconds, milliseconds, microseconds, or nanoseconds. Used to generate the output ' +
      'when type=unix or used to parse the input if the input is a Long.Note: This SMT will cause precision loss during conversions ' +
      'from, and to, values with sub-millisecond components.',
  })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** @throws ConfigException with Java's text, in which name and value are swapped */
function formatOf(pattern: string): SimpleDateFormat | null {
  if (pattern === '') return null;
  try {
    return new SimpleDateFormat(pattern);
  } catch (error) {
    const { name, message } = toError(error);
    const purpose = 'TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps';
    throw new ConnectError('ConfigException', `Invalid value ${name}: ${message} for configuration ${purpose}: ${pattern}`);
  }
}

/**
 * Converts a timestamp, the whole key or value or one field, to another representation
 * (org.apache.kafka.connect.transforms.TimestampConverter).
 */
class TimestampConverter implements RecordChange {
  private readonly field: string;
  private readonly target: TimestampType;
  private readonly formats: TimestampFormats;
  private readonly readField: FieldReader;
  private readonly schemas = new SchemaMemo((schema: Schema) => this.updatedSchema(schema));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    this.field = config.getString('field');
    this.target = config.getString('target.type') as TimestampType;
    const pattern = config.getString('format');
    if (this.target === 'string' && pattern === '') {
      const message = 'TimestampConverter requires format option to be specified when using string timestamps';
      throw new ConnectError('ConfigException', message);
    }
    this.formats = { format: formatOf(pattern), precision: config.getString('unix.precision') as UnixPrecision };
    this.readField = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    const value = this.part.valueOf(record);
    if (!schema) return this.part.replace(record, null, this.convertSchemaless(value));
    if (this.field === '') return this.part.replace(record, this.typeSchema(schema), this.convert(value, timestampTypeOf(schema)));
    const struct = requireStructOrNull(value, PURPOSE);
    const updated = this.schemas.of(schema);
    return this.part.replace(record, updated, struct && this.convertField(struct, updated));
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind === 'none') return null;
    if (part.kind === 'cell')
      return this.field === '' ? this.part.replaceShape(shape, this.convertCell(part.cell, this.typeSchema(part.cell.schema))) : null;
    const updated = this.field === '' ? null : this.schemas.of(part.schema);
    const fields = part.fields.map((field, i) => {
      const isMeant = part.schema.fields?.[i]?.name === this.field;
      return isMeant && field.kind === 'cell' ? this.convertCell(field.cell, this.typeSchema(field.cell.schema)) : field;
    });
    const converted = updated && structShape(updated, fields);
    return converted && this.part.replaceShape(shape, converted);
  }

  private convertCell(cell: Cell, schema: Schema): FieldShape {
    const type = timestampTypeOf(cell.schema);
    return { kind: 'cell', cell: changedCell(cell, schema, value => this.convert(value, type)) };
  }

  private convert(value: unknown, type: TimestampType): unknown {
    if (value === null || value === undefined) return null;
    const date = TIMESTAMP_TRANSLATORS[type].toDate(value, this.formats);
    return TIMESTAMP_TRANSLATORS[this.target].fromDate(date, this.formats);
  }

  private convertInferred(value: unknown): unknown {
    return value === null || value === undefined ? null : this.convert(value, inferTimestampType(value));
  }

  /** As in Java, a map without the field gets one with the value null. */
  private convertSchemaless(value: unknown): unknown {
    if (value === null || value === undefined || this.field === '') return this.convertInferred(value);
    const map = requireMap(value, PURPOSE);
    return new Map(map).set(this.field, this.convertInferred(map.get(this.field)));
  }

  private convertField(struct: Struct, schema: Schema): Struct {
    const updated = new Struct(schema);
    for (const field of struct.schema.fields ?? []) {
      const value = this.readField(struct, field);
      updated.put(field.name, field.name === this.field ? this.convert(value, timestampTypeOf(field.schema)) : value);
    }
    return updated;
  }

  /** The schema of the target, without a default. */
  private typeSchema(source: Schema): Schema {
    const { schema, optionalSchema } = TIMESTAMP_TRANSLATORS[this.target];
    return source.optional ? optionalSchema : schema;
  }

  private updatedSchema(source: Schema): Schema {
    const builder = copyBasics(source, SchemaBuilder.struct());
    for (const { name, schema } of fieldsOf(source)) builder.field(name, name === this.field ? this.typeSchema(schema) : schema);
    if (source.optional) builder.optional();
    const updated = builder.build();
    if (!(source.defaultValue instanceof Struct)) return updated;
    // Set directly, since no builder accepts a struct as default; as in Java, the default's own schema has the default too.
    const ofDefault = new ConnectSchema({ ...updated, defaultValue: this.convertField(source.defaultValue, updated) });
    return new ConnectSchema({ ...updated, defaultValue: this.convertField(source.defaultValue, ofDefault) });
  }
}

export const timestampConverterPlugins = keyAndValuePlugins('TimestampConverter', CONFIG, TimestampConverter);
