import { ConfigDef, type ParsedConfig } from '../api/config-def';
import { type ChangedShape, cellsOf, type RecordShape, structShape } from '../data/batch/record-shape';
import { javaClassOf } from '../data/java/java-class';
import type { ConnectRecord } from '../data/record/record';
import { schemasEqual } from '../data/schema/equality';
import type { Field, Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { schemaTypeOf } from '../data/schema/validate-value';
import { ConnectError } from '../errors';
import { fieldsOf } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMap, requireStruct, requireTextKey } from './requirements';
import { builderLike, copyBasics, SchemaMemo } from './updated-schema';

const PURPOSE = 'flattening';

const CONFIG = new ConfigDef().define({
  name: 'delimiter',
  type: 'STRING',
  defaultValue: '.',
  importance: 'MEDIUM',
  doc: 'Delimiter to insert between field names from the input record when generating field names for the output record',
});

/** One field of a struct: it moves to a field of the flat struct, or its own fields do. */
type FieldMove = { readonly source: Field; readonly target: Field } | { readonly source: Field; readonly inner: readonly FieldMove[] };

/** The flat schema, and how nested structs are converted to it. */
interface FlattenPlan {
  readonly schema: Schema;
  readonly moves: readonly FieldMove[];
}

/** What the fields of a struct inherit from those around it. */
interface Surroundings {
  /** Name of the struct in the flat schema; empty at the top. */
  readonly prefix: string;
  /** True if an enclosing struct may be null. */
  readonly optional: boolean;
  /** The struct with the fields' defaults; null if there is none. */
  readonly defaults: Struct | null;
}

/** Moves the fields of nested structs or maps to the top, under joined names (org.apache.kafka.connect.transforms.Flatten). */
class Flatten implements RecordChange {
  private readonly delimiter: string;
  private readonly plans = new SchemaMemo(schema => this.planFor(schema));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    this.delimiter = config.getString('delimiter');
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.part.valueOf(record);
    if (value === null || value === undefined) return record;
    const schema = this.part.schemaOf(record);
    if (!schema) {
      const flat = new Map<string | null, unknown>();
      this.flattenMap(requireMap(value, PURPOSE), '', flat);
      return this.part.replace(record, null, flat);
    }
    const struct = requireStruct(value, PURPOSE);
    const plan = this.plans.of(schema);
    const moves = schemasEqual(struct.schema, schema) ? plan.moves : this.movesFor(struct.schema, plan.schema, '');
    const flat = new Struct(plan.schema);
    moveFields(struct, moves, flat);
    return this.part.replace(record, plan.schema, flat);
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind !== 'struct') return null;
    const { schema } = this.plans.of(part.schema);
    // Of two fields that come to the same name there would be more cells than fields.
    const cells = cellsOf(part);
    const flat =
      cells.length === schema.fields?.length
        ? structShape(
            schema,
            cells.map(cell => ({ kind: 'cell', cell })),
          )
        : null;
    return flat && this.part.replaceShape(shape, flat);
  }

  private flattenMap(map: ReadonlyMap<unknown, unknown>, prefix: string | null, flat: Map<string | null, unknown>): void {
    for (const [key, value] of map) {
      const name = this.joinKey(prefix, requireTextKey(key));
      if (value instanceof Map) this.flattenMap(value, name, flat);
      else flat.set(name, requirePlain(value, name));
    }
  }

  private planFor(schema: Schema): FlattenPlan {
    const builder = copyBasics(schema, SchemaBuilder.struct());
    this.addFields(builder, schema, { prefix: '', optional: schema.optional, defaults: schema.defaultValue as Struct | null });
    const flat = builder.build();
    return { schema: flat, moves: this.movesFor(schema, flat, '') };
  }

  private addFields(builder: SchemaBuilder, schema: Schema, { prefix, optional, defaults }: Surroundings): void {
    for (const field of fieldsOf(schema)) {
      const name = this.join(prefix, field.name);
      const mayBeNull = optional || field.schema.optional;
      const defaultValue = field.schema.defaultValue ?? defaults?.get(field) ?? null;
      if (field.schema.type === 'STRUCT') {
        this.addFields(builder, field.schema, { prefix: name, optional: mayBeNull, defaults: defaultValue as Struct | null });
        continue;
      }
      const fieldBuilder = builderLike(requireNoMap(field.schema, name));
      if (mayBeNull) fieldBuilder.optional();
      if (defaultValue !== null) fieldBuilder.defaultValue(defaultValue);
      builder.field(name, fieldBuilder.build());
    }
  }

  private movesFor(schema: Schema, flat: Schema, prefix: string): FieldMove[] {
    return fieldsOf(schema).map(source => {
      const name = this.join(prefix, source.name);
      if (source.schema.type === 'STRUCT') return { source, inner: this.movesFor(source.schema, flat, name) };
      const target = flat.field(requireNoMap(source.schema, name) && name);
      if (!target) throw new ConnectError('DataException', `${name} is not a valid field name`);
      return { source, target };
    });
  }

  /** As `join`. At the top a null key stays null and cannot have nested values; below it is the text `null`. */
  private joinKey(prefix: string | null, key: string | null): string | null {
    if (prefix === null) throw new ConnectError('NullPointerException', 'Cannot flatten a map below the key null');
    return prefix === '' ? key : this.join(prefix, String(key));
  }

  private join(prefix: string, name: string): string {
    return prefix === '' ? name : prefix + this.delimiter + name;
  }
}

/** Sets the fields of the flat struct; those of a struct that is null stay unset. */
function moveFields(struct: Struct, moves: readonly FieldMove[], flat: Struct): void {
  for (const move of moves) {
    if ('target' in move) {
      flat.put(move.target, struct.get(move.source));
      continue;
    }
    const inner = struct.values[move.source.index] ?? null;
    if (inner !== null) moveFields(castToStruct(inner), move.inner, flat);
  }
}

/** Java's cast, which fails only for a struct that was not validated. */
function castToStruct(value: unknown): Struct {
  if (value instanceof Struct) return value;
  throw new ConnectError('ClassCastException', `class ${javaClassOf(value)} cannot be cast to class org.apache.kafka.connect.data.Struct`);
}

function requireNoMap(schema: Schema, name: string): Schema {
  if (schema.type !== 'MAP') return schema;
  throw new ConnectError('DataException', `Flatten transformation does not support MAP for record with schemas (for field ${name}).`);
}

/** A value that is copied: null, or of a type of Connect, but not a struct. */
function requirePlain(value: unknown, name: string | null): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  const type = schemaTypeOf(value);
  if (type !== null && type !== 'STRUCT') return value;
  const problem =
    type === null
      ? `was passed a value of type class ${javaClassOf(value)} which is not supported by Connect's data API`
      : `does not support class ${javaClassOf(value)} for record without schemas (for field ${name}).`;
  throw new ConnectError('DataException', `Flatten transformation ${problem}`);
}

export const flattenPlugins = keyAndValuePlugins('Flatten', CONFIG, Flatten);
