import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { invalidValue } from '../api/config-types';
import { type Validator, validString } from '../api/config-validators';
import { type ChangedShape, type FieldShape, type RecordShape, structShape } from '../data/batch/record-shape';
import { changeRecord } from '../data/record/change-record';
import { makeHeader } from '../data/record/headers';
import type { ConnectRecord } from '../data/record/record';
import type { Field, Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import { lookUpField } from './field-path';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMap, requireStruct } from './requirements';
import { copyBasics, SchemaMemo } from './updated-schema';

/** org.apache.kafka.connect.transforms.util.NonEmptyListValidator; duplicate and empty items are accepted. */
const nonEmptyList: Validator = (key, value) => {
  if (!Array.isArray(value) || value.length === 0) throw invalidValue(key, value, 'Empty list');
};

const CONFIG = new ConfigDef()
  .define({
    name: 'fields',
    type: 'LIST',
    defaultValue: NO_DEFAULT,
    validator: nonEmptyList,
    importance: 'HIGH',
    doc: 'Field names in the record whose values are to be copied or moved to headers.',
  })
  .define({
    name: 'headers',
    type: 'LIST',
    defaultValue: NO_DEFAULT,
    validator: nonEmptyList,
    importance: 'HIGH',
    doc: 'Header names, in the same order as the field names listed in the fields configuration property.',
  })
  .define({
    name: 'operation',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: validString('move', 'copy'),
    importance: 'HIGH',
    doc:
      'Either <code>move</code> if the fields are to be moved to the headers (removed from the key/value), ' +
      'or <code>copy</code> if the fields are to be copied to the headers (retained in the key/value).',
  })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** A field and the header that it becomes. */
interface Assignment {
  readonly field: string;
  readonly header: string;
}

/** The plan for structs of one schema in records of one schema; in valid records the two are the same. */
interface Plan {
  /** What remains of the struct after a move; null for a copy. */
  readonly remaining: Remaining | null;
  /** Headers to add; `schema` is null if the record's schema lacks the field, `from` if the struct does. */
  readonly taken: readonly { readonly header: string; readonly from: Field | null; readonly schema: Schema | null }[];
}

interface Remaining {
  readonly schema: Schema;
  /** Fields before and after; `from` is null if the struct lacks it. */
  readonly fields: readonly { readonly from: Field | null; readonly to: Field }[];
}

function remainingOf(recordSchema: Schema, structSchema: Schema, assignments: readonly Assignment[]): Remaining {
  const moved = new Set(assignments.map(({ field }) => field));
  const kept = fieldsOf(recordSchema).filter(({ name }) => !moved.has(name));
  const builder = copyBasics(recordSchema, SchemaBuilder.struct());
  for (const { name, schema } of kept) builder.field(name, schema);
  return {
    schema: builder.build(),
    fields: kept.map((field, index) => ({ from: structSchema.field(field.name), to: { ...field, index } })),
  };
}

function takenBy({ field, header }: Assignment, recordSchema: Schema, structSchema: Schema): Plan['taken'][number] {
  return { header, from: structSchema.field(field), schema: lookUpField(recordSchema, field)?.schema ?? null };
}

/** Makes headers of fields, which stay (copy) or go (move) (org.apache.kafka.connect.transforms.HeaderFrom). */
class HeaderFrom implements RecordChange {
  private readonly assignments: readonly Assignment[];
  private readonly moves: boolean;
  private readonly purpose: string;
  private readonly readField: FieldReader;
  private readonly plans = new SchemaMemo(
    (recordSchema: Schema) => new SchemaMemo((structSchema: Schema) => this.planFor(recordSchema, structSchema)),
  );

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    const headers = config.getList('headers');
    const fields = config.getList('fields');
    if (headers.length !== fields.length) {
      throw new ConnectError('ConfigException', "'fields' config must have the same number of elements as 'headers' config.");
    }
    const operation = config.getString('operation');
    this.assignments = fields.map((field, i) => ({ field, header: headers[i] ?? '' }));
    this.moves = operation === 'move';
    this.purpose = `header ${operation}`;
    this.readField = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const schema = this.part.schemaOf(record);
    const value = this.part.valueOf(record);
    return schema ? this.applyWithSchema(record, schema, value) : this.applySchemaless(record, value);
  }

  private applySchemaless<R extends ConnectRecord>(record: R, value: unknown): R {
    const map = requireMap(value, this.purpose);
    const remaining = new Map(map);
    if (this.moves) for (const { field } of this.assignments) remaining.delete(field);
    const added = this.assignments.map(({ field, header }) => makeHeader(header, null, map.get(field) ?? null));
    return changeRecord(this.part.replace(record, null, remaining), { headers: [...record.headers, ...added] });
  }

  private applyWithSchema<R extends ConnectRecord>(record: R, schema: Schema, value: unknown): R {
    const struct = requireStruct(value, this.purpose);
    const { remaining, taken } = this.plans.of(schema).of(struct.schema);
    const changed = remaining ? this.part.replace(record, remaining.schema, this.remainderOf(struct, remaining)) : record;
    const added = taken.map(({ header, from, schema: headerSchema }) => {
      if (!headerSchema) throw missingField();
      return makeHeader(header, headerSchema, from && this.readField(struct, from));
    });
    return changeRecord(changed, { headers: [...record.headers, ...added] });
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind !== 'struct') return null;
    const { remaining, taken } = this.plans.of(part.schema).of(part.schema);
    const fieldAt = (field: Field | null): FieldShape | undefined => (field === null ? undefined : part.fields[field.index]);
    const added = taken.flatMap(({ header, from }) => {
      const field = fieldAt(from);
      return field ? [{ key: header, part: field }] : [];
    });
    const kept = remaining?.fields.flatMap(({ from }) => fieldAt(from) ?? []) ?? [];
    const changed = remaining ? structShape(remaining.schema, kept) : part;
    if (changed === null || added.length < taken.length) return null;
    return { ...this.part.replaceShape(shape, changed), headers: [...shape.headers, ...added] };
  }

  private remainderOf(struct: Struct, { schema, fields }: Remaining): Struct {
    const remainder = new Struct(schema);
    // Reading by name throws for a name that the struct does not have.
    for (const { from, to } of fields) remainder.put(to, from ? this.readField(struct, from) : struct.get(to.name));
    return remainder;
  }

  private planFor(recordSchema: Schema, structSchema: Schema): Plan {
    const remaining = this.moves ? remainingOf(recordSchema, structSchema, this.assignments) : null;
    return { remaining, taken: this.assignments.map(assignment => takenBy(assignment, recordSchema, structSchema)) };
  }
}

/** Java's NullPointerException for a field that the schema does not have; the text is the JVM's. */
function missingField(): ConnectError {
  return new ConnectError(
    'NullPointerException',
    'Cannot invoke "org.apache.kafka.connect.data.Field.schema()" because the return value of ' +
      '"org.apache.kafka.connect.data.Schema.field(String)" is null',
  );
}

export const headerFromPlugins = keyAndValuePlugins('HeaderFrom', CONFIG, HeaderFrom);
