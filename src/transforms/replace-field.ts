import { ConfigDef, type ParsedConfig } from '../api/config-def';
import { anyNonDuplicateValues, type Validator } from '../api/config-validators';
import { type ChangedShape, type FieldShape, type RecordShape, structShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import type { Field, Schema } from '../data/schema/schema';
import { SchemaBuilder } from '../data/schema/schema-builder';
import { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import { hashOrder } from '../java/hash-order';
import { javaSplit, wrongMapping } from './field-mappings';
import { type FieldReader, fieldReader, fieldsOf, REPLACE_NULL_WITH_DEFAULT } from './field-reader';
import { keyAndValuePlugins, type RecordChange } from './kafka-plugins';
import type { RecordPart } from './record-part';
import { requireMap, requireStruct, requireTextKey } from './requirements';
import { copyBasics, SchemaMemo } from './updated-schema';

const PURPOSE = 'field replacement';

/** Names of fields; the key of a map may also be null, which no setting names. */
type Names = ReadonlySet<string | null>;
type Renames = ReadonlyMap<string | null, string>;

const validRenames: Validator = (_key, value) => {
  if (Array.isArray(value)) parseRenames(value);
};

const CONFIG = new ConfigDef()
  .define({
    name: 'exclude',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'MEDIUM',
    doc: 'Fields to exclude. This takes precedence over the fields to include.',
  })
  .define({
    name: 'include',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'MEDIUM',
    doc: 'Fields to include. If specified, only these fields will be used.',
  })
  .define({
    name: 'renames',
    type: 'LIST',
    defaultValue: [],
    validator: validRenames,
    importance: 'MEDIUM',
    doc: 'Field rename mappings.',
  })
  .define(REPLACE_NULL_WITH_DEFAULT);

/** A field that is kept: its source and its target. */
interface FieldMove {
  readonly source: Field;
  readonly target: Field;
}

/** The new schema, and how structs are converted to it. */
interface ReplacePlan {
  readonly schema: Schema;
  readonly moves: readonly FieldMove[];
  /** A field that a move would read but that does not exist. */
  readonly missing: string | undefined;
}

/** Drops and renames fields (org.apache.kafka.connect.transforms.ReplaceField). */
class ReplaceField implements RecordChange {
  private readonly exclude: Names;
  private readonly include: Names;
  private readonly renames: Renames;
  /** Old names by new ones. */
  private readonly origins: Renames;
  private readonly read: FieldReader;
  private readonly plans = new SchemaMemo(schema => this.planFor(schema));

  constructor(
    config: ParsedConfig,
    private readonly part: RecordPart,
  ) {
    this.exclude = new Set(config.getList('exclude'));
    this.include = new Set(config.getList('include'));
    const renames = parseRenames(config.getList('renames'));
    this.renames = renames;
    this.origins = invert(renames);
    this.read = fieldReader(config);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.part.valueOf(record);
    if (value === null || value === undefined) return record;
    if (!this.part.schemaOf(record)) return this.part.replace(record, null, this.replaceInMap(requireMap(value, PURPOSE)));
    const struct = requireStruct(value, PURPOSE);
    const { schema, moves, missing } = this.plans.of(struct.schema);
    const updated = new Struct(schema);
    for (const { source, target } of moves) updated.put(target, this.read(struct, source));
    if (missing !== undefined) throw new ConnectError('DataException', `${missing} is not a valid field name`);
    return this.part.replace(record, schema, updated);
  }

  changeShape(shape: RecordShape): ChangedShape {
    const part = this.part.shapeOf(shape);
    if (part.kind !== 'struct') return null;
    const { schema, moves, missing } = this.plans.of(part.schema);
    const replaced =
      missing === undefined &&
      structShape(
        schema,
        moves.map(({ source }) => part.fields[source.index] as FieldShape),
      );
    return replaced ? this.part.replaceShape(shape, replaced) : null;
  }

  private replaceInMap(map: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
    const updated = new Map<string | null, unknown>();
    for (const [key, value] of map) {
      const name = requireTextKey(key);
      if (this.keeps(name)) updated.set(this.renames.get(name) ?? name, value);
    }
    return updated;
  }

  private keeps(name: string | null): boolean {
    return !this.exclude.has(name) && (this.include.size === 0 || this.include.has(name));
  }

  private planFor(schema: Schema): ReplacePlan {
    const builder = copyBasics(schema, SchemaBuilder.struct());
    for (const { name, schema: fieldSchema } of fieldsOf(schema)) {
      if (this.keeps(name)) builder.field(this.renames.get(name) ?? name, fieldSchema);
    }
    const updated = builder.build();
    const moves: FieldMove[] = [];
    for (const target of fieldsOf(updated)) {
      const origin = this.originOf(target.name);
      const source = schema.field(origin);
      if (!source) return { schema: updated, moves, missing: origin };
      moves.push({ source, target });
    }
    return { schema: updated, moves, missing: undefined };
  }

  /** The old name of a field. As in Java, a field whose name is the new name of another one is taken for that other one. */
  private originOf(name: string): string {
    return this.origins.get(name) ?? name;
  }
}

/** @throws ConfigException for an item that is not `old:new` */
function parseRenames(items: readonly string[]): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const item of items) {
    const [from, to, ...more] = javaSplit(item, ':');
    if (from === undefined || to === undefined || more.length > 0) throw wrongMapping(items, item);
    renames.set(from, to);
  }
  return renames;
}

/** If several names become the same, the last one in Java's order counts. */
function invert(renames: ReadonlyMap<string, string>): Renames {
  return new Map(hashOrder([...renames.keys()]).map(from => [renames.get(from) ?? from, from]));
}

export const replaceFieldPlugins = keyAndValuePlugins('ReplaceField', CONFIG, ReplaceField);
