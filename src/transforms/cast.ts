import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { type ChangedShape, changedCell, type FieldShape, type RecordShape, schemaOfPart, structShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import { schemasEqual } from '../data/schema/equality';
import type { Field, Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import { type CastSpec, type CastTarget, parseCastSpec, validCastSpec } from './cast-spec';
import { castOf, schemalessCast, type ValueCast } from './cast-value';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMap, requireStruct } from './requirements';
import { copyBasics, SchemaMemo } from './updated-schema';

const PURPOSE = 'cast types';

const CONFIG = new ConfigDef()
  .define({
    name: 'spec',
    type: 'LIST',
    defaultValue: NO_DEFAULT,
    validator: validCastSpec,
    importance: 'HIGH',
    doc:
      'List of fields and the type to cast them to of the form field1:type,field2:type to cast fields of Maps or Structs. ' +
      'A single type to cast the entire value. Valid types are int8, int16, int32, int64, float32, float64, boolean, and string. ' +
      'Note that binary fields can only be cast to string.',
  })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** One field: its source, its target, and its cast (null for none). */
interface FieldCast {
  readonly source: Field;
  readonly target: Field;
  readonly cast: ValueCast | null;
}

/** The casts for data of one schema. */
interface CastPlan {
  readonly schema: Schema;
  /** Null if fields are cast. */
  readonly whole: ValueCast | null;
  readonly fields: readonly FieldCast[];
}

/** Casts fields, or the whole key or value, to other types (org.apache.kafka.connect.transforms.Cast). */
class Cast implements RecordChange {
  private readonly spec: CastSpec;
  private readonly schemalessWhole: ValueCast | null;
  private readonly schemalessFields: readonly (readonly [string, ValueCast])[];
  private readonly read: FieldReader;
  private readonly plans = new SchemaMemo(schema => this.planFor(schema));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    this.spec = parseCastSpec(config.getList('spec'));
    this.schemalessWhole = this.spec.whole && schemalessCast(this.spec.whole);
    this.schemalessFields = Array.from(this.spec.fields, ([name, target]) => [name, schemalessCast(target)] as const);
    this.read = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.part.valueOf(record);
    if (value === null || value === undefined) return record;
    const schema = this.part.schemaOf(record);
    if (!schema) return this.part.replace(record, null, this.castSchemaless(value));
    const plan = this.plans.of(schema);
    return this.part.replace(record, plan.schema, plan.whole ? plan.whole(value) : this.castStruct(plan, schema, value));
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    const plan = part.kind === 'none' ? null : this.plans.of(schemaOfPart(part));
    if (plan === null || part.kind === 'none') return null;
    if (part.kind === 'cell') {
      // A null keeps its schema, which others do not.
      if (plan.whole === null || part.cell.schema.optional) return null;
      return this.part.replaceShape(shape, { kind: 'cell', cell: changedCell(part.cell, plan.schema, plan.whole) });
    }
    const fields = plan.fields.map(({ source, target, cast }) => castField(part.fields[source.index] as FieldShape, target.schema, cast));
    const cast = plan.whole === null && structShape(plan.schema, fields);
    return cast ? this.part.replaceShape(shape, cast) : null;
  }

  private castSchemaless(value: unknown): unknown {
    if (this.schemalessWhole) return this.schemalessWhole(value);
    const map = requireMap(value, PURPOSE);
    const updated = new Map(map);
    for (const [name, cast] of this.schemalessFields) updated.set(name, cast(map.get(name)));
    return updated;
  }

  private castStruct(plan: CastPlan, schema: Schema, value: unknown): Struct {
    const struct = requireStruct(value, PURPOSE);
    const fields = schemasEqual(struct.schema, schema) ? plan.fields : this.fieldCasts(struct.schema, plan.schema);
    const updated = new Struct(plan.schema);
    for (const { source, target, cast } of fields) {
      const fieldValue = this.read(struct, source);
      updated.put(target, cast ? cast(fieldValue) : fieldValue);
    }
    return updated;
  }

  private planFor(schema: Schema): CastPlan {
    const { whole } = this.spec;
    const updated = whole ? wholeSchema(schema, whole) : this.structSchema(schema);
    return whole
      ? { schema: updated, whole: castOf(schema, whole), fields: [] }
      : { schema: updated, whole: null, fields: this.fieldCasts(schema, updated) };
  }

  private structSchema(schema: Schema): Schema {
    const builder = copyBasics(schema, SchemaBuilder.struct());
    for (const field of fieldsOf(schema)) {
      const target = this.spec.fields.get(field.name);
      builder.field(field.name, target ? finish(new SchemaBuilder(target), field.schema, target) : field.schema);
    }
    // A default of the struct is refused, as any cast of a struct is.
    return finish(builder, schema, 'STRING');
  }

  private fieldCasts(source: Schema, updated: Schema): FieldCast[] {
    return fieldsOf(source).map(field => {
      const target = updated.field(field.name);
      if (!target) throw new ConnectError('DataException', 'field cannot be null.');
      const type = this.spec.fields.get(field.name);
      return { source: field, target, cast: type ? castOf(field.schema, type) : null };
    });
  }
}

/** @throws DataException for a struct, which nothing is cast to or from */
function castField(field: FieldShape, schema: Schema, cast: ValueCast | null): FieldShape {
  if (cast === null) return field;
  if (field.kind === 'struct') throw new ConnectError('DataException', 'A struct cannot be cast');
  return { kind: 'cell', cell: changedCell(field.cell, schema, cast) };
}

function wholeSchema(schema: Schema, target: CastTarget): Schema {
  return finish(copyBasics(schema, new SchemaBuilder(target)), schema, target);
}

/** Completes a schema: optional if its source is, with the source's default cast too. */
function finish(builder: SchemaBuilder, source: Schema, target: CastTarget): Schema {
  if (source.optional) builder.optional();
  if (source.defaultValue !== null) builder.defaultValue(castOf(source, target)(source.defaultValue));
  return builder.build();
}

export const castPlugins = keyAndValuePlugins('Cast', CONFIG, Cast);
