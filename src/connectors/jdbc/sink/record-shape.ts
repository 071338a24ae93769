/** Which fields of a record become columns, and which of them are its key (io.aiven.connect.jdbc.sink.metadata.FieldsMetadata). */

import type { SinkRecord } from '../../../data/record/record';
import { timestampBuilder } from '../../../data/schema/logical';
import type { Schema } from '../../../data/schema/schema';
import { SchemaBuilder } from '../../../data/schema/schema-builder';
import { Struct } from '../../../data/schema/struct';
import type { ConnectError } from '../../../errors';
import { hintForValue, KEY_HINT, withHint } from './record-kinds';
import type { SinkSettings } from './sink-settings';

/** A field that becomes a column. */
export interface ShapeField {
  readonly name: string;
  /** Null for schemaless data: then the column decides. */
  readonly schema: Schema | null;
  readonly primaryKey: boolean;
  read(record: SinkRecord): unknown;
}

/** The fields of all records with these schemas, in the order of the columns of a new table. */
export interface RecordShape {
  readonly fields: readonly ShapeField[];
  /** True if a field has no schema, so that no column can be created for it. */
  readonly schemaless: boolean;
}

/** Names for `pk.mode=kafka` if `pk.fields` is empty. */
const KAFKA_FIELDS = ['__connect_topic', '__connect_partition', '__connect_offset'];

const KAFKA_READERS: readonly [schema: Schema, read: (record: SinkRecord) => unknown][] = [
  [new SchemaBuilder('STRING').build(), record => record.topic],
  [new SchemaBuilder('INT32').build(), record => record.kafkaPartition],
  [new SchemaBuilder('INT64').build(), record => BigInt(record.kafkaOffset)],
];

const isDeletion = (record: SinkRecord): boolean => record.value === null || record.value === undefined;

/** Shapes of records, computed once for each pair of schemas. */
export class RecordShapes {
  private readonly known = new Map<string, { keySchema: Schema | null; valueSchema: Schema | null; shape: RecordShape }[]>();

  private last: { readonly record: SinkRecord; readonly table: string; readonly shape: RecordShape } | null = null;

  constructor(private readonly settings: SinkSettings) {}

  /** The shape of a record. @throws ConnectException if it lacks a required key, or has nothing to write */
  of(record: SinkRecord, table: string): RecordShape {
    const { last } = this;
    if (last !== null && last.table === table && isLike(record, last.record)) return last.shape;
    const shape = this.find(record, table);
    this.last = { record, table, shape };
    return shape;
  }

  private find(record: SinkRecord, table: string): RecordShape {
    const place = `${isDeletion(record) ? 'delete' : memberNames(record.value)}\n${memberNames(record.key)}\n${table}`;
    const candidates = this.known.get(place) ?? [];
    const found = candidates.find(one => one.keySchema === record.keySchema && one.valueSchema === record.valueSchema);
    if (found) return found.shape;
    const shape = shapeOf(record, table, this.settings);
    // Converters reuse schemas, so there are few; a flood of new ones must not fill the memory.
    if (this.known.size > MAX_SHAPES || candidates.length > MAX_SHAPES) this.clear();
    this.known.set(place, [...(this.known.get(place) ?? []), { keySchema: record.keySchema, valueSchema: record.valueSchema, shape }]);
    return shape;
  }

  clear(): void {
    this.known.clear();
    this.last = null;
  }
}

/** True if two records surely have the same shape: the same schemas, and no schemaless Map with other names. */
function isLike(a: SinkRecord, b: SinkRecord): boolean {
  if (a.valueSchema !== b.valueSchema || a.keySchema !== b.keySchema || isDeletion(a) !== isDeletion(b)) return false;
  return !(a.value instanceof Map) && !(a.key instanceof Map) && !(b.value instanceof Map) && !(b.key instanceof Map);
}

const MAX_SHAPES = 200;

/** The member names of schemaless data, which decide its shape. */
const memberNames = (value: unknown): string => (value instanceof Map ? JSON.stringify([...value.keys()]) : '');

function shapeOf(record: SinkRecord, table: string, settings: SinkSettings): RecordShape {
  const keys = keyFields(record, table, settings);
  const values = isDeletion(record) ? [] : valueFields(record, settings);
  const keyOf = new Map(keys.map(field => [field.name, field]));
  const { fieldsWhitelist: wanted } = settings;
  const inOrder = values.flatMap(field => {
    const key = keyOf.get(field.name);
    return key ? [key] : wanted.length === 0 || wanted.includes(field.name) ? [field] : [];
  });
  const names = new Set(inOrder.map(field => field.name));
  const rest = keys.filter(key => !names.has(key.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const first = KAFKA_FIELDS.flatMap(name => rest.find(field => field.name === name) ?? []);
  const fields = [...first, ...inOrder, ...rest.filter(field => !first.includes(field))];
  if (fields.length === 0 || (isDeletion(record) && keys.length === 0)) throw nothingToWrite(table, hintForValue(record, settings.pkMode));
  return { fields, schemaless: fields.some(field => field.schema === null) };
}

/** The error for a record with nothing to write. */
export function nothingToWrite(table: string, hint: string): ConnectError {
  return withHint(`No fields found using key and value schemas for table: ${table}`, hint);
}

function keyFields(record: SinkRecord, table: string, settings: SinkSettings): ShapeField[] {
  const { pkMode, pkFields } = settings;
  switch (pkMode) {
    case 'none':
      return [];
    case 'kafka':
      return (pkFields.length === 0 ? KAFKA_FIELDS : pkFields).flatMap((name, i) => {
        const [schema, read] = KAFKA_READERS[i] ?? [];
        return schema && read ? [{ name, schema, primaryKey: true, read }] : [];
      });
    case 'record_key':
      return fieldsOfKey(record, table, settings);
    case 'record_value': {
      // A tombstone has no key here.
      if (isDeletion(record))
        throw withHint(`PK mode for table '${table}' is RECORD_VALUE, but record value schema is missing`, hintForValue(record, pkMode));
      const fields = valueFields(record, settings);
      const hint = fields.length === 0 ? hintForValue(record, pkMode) : fieldsHint(fields);
      return chosen(fields, pkFields, name => missing(table, 'RECORD_VALUE', pkFields, 'value', name, hint));
    }
  }
}

function fieldsOfKey(record: SinkRecord, table: string, { pkFields }: SinkSettings): ShapeField[] {
  const { key, keySchema } = record;
  if (keySchema === null && (key === null || key === undefined)) {
    throw withHint(`PK mode for table '${table}' is RECORD_KEY, but record key schema is missing`, KEY_HINT);
  }
  const members = membersOf(keySchema, key, one => one.key, true);
  if (members !== null) return chosen(members, pkFields, name => missing(table, 'RECORD_KEY', pkFields, 'key', name, fieldsHint(members)));
  if (keySchema?.type === 'ARRAY' || keySchema?.type === 'MAP') {
    throw withHint(`Key schema must be primitive type or Struct, but is of type: ${keySchema.type}`, KEY_HINT);
  }
  const [name] = pkFields;
  if (name === undefined || pkFields.length !== 1) {
    throw withHint(
      `Need exactly one PK column defined since the key schema for records is a primitive type, defined columns are: [${pkFields.join(', ')}]`,
      'pk.fields names the one column that the key goes to',
    );
  }
  return [{ name, schema: keySchema, primaryKey: true, read: one => one.key }];
}

/** All fields, or those that `pk.fields` lists. */
function chosen(fields: readonly ShapeField[], names: readonly string[], error: (name: string) => ConnectError): ShapeField[] {
  const picked = names.length === 0 ? fields : names.map(name => fields.find(field => field.name === name) ?? raise(error(name)));
  return picked.map(field => ({ ...field, primaryKey: true }));
}

function raise(error: ConnectError): never {
  throw error;
}

const fieldsHint = (fields: readonly ShapeField[]): string =>
  `pk.fields must name fields that are there: ${fields.map(({ name }) => name).join(', ')}`;

function missing(table: string, mode: string, names: readonly string[], what: string, name: string, hint: string): ConnectError {
  return withHint(
    `PK mode for table '${table}' is ${mode} with configured PK fields [${names.join(', ')}], but record ${what} schema does not contain field: ${name}`,
    hint,
  );
}

function valueFields(record: SinkRecord, { textColumn, replaceNullWithDefault, timestampFields }: SinkSettings): ShapeField[] {
  const { value, valueSchema } = record;
  const members = membersOf(valueSchema, value, one => one.value, replaceNullWithDefault);
  if (members !== null) return members.map(field => (timestampFields.includes(field.name) ? asTimestamp(field) : field));
  if (textColumn === null || typeof value !== 'string') return [];
  return [{ name: textColumn, schema: valueSchema ?? OPTIONAL_TEXT, primaryKey: false, read: one => one.value }];
}

/** A field of `timestamp.fields.list`: its column is a timestamp; the value is unchanged. */
function asTimestamp(field: ShapeField): ShapeField {
  if (field.schema?.type !== 'INT64' && field.schema?.type !== 'STRING') return field;
  const builder = timestampBuilder();
  return { ...field, schema: (field.schema.optional ? builder.optional() : builder).build() };
}

const OPTIONAL_TEXT = new SchemaBuilder('STRING').optional().build();

/** The members of a Struct or of a schemaless Map; null for anything else. */
function membersOf(schema: Schema | null, value: unknown, of: (record: SinkRecord) => unknown, withDefaults: boolean): ShapeField[] | null {
  if (schema?.type === 'STRUCT') {
    return (schema.fields ?? []).map(field => ({
      name: field.name,
      schema: field.schema,
      primaryKey: false,
      read: record => {
        const struct = of(record);
        if (!(struct instanceof Struct)) return null;
        return withDefaults ? struct.get(field) : struct.getWithoutDefault(field.name);
      },
    }));
  }
  if (schema !== null || !(value instanceof Map)) return null;
  return [...value.keys()].map(name => ({
    name: String(name),
    schema: null,
    primaryKey: false,
    read: record => (of(record) as ReadonlyMap<unknown, unknown>).get(name),
  }));
}
