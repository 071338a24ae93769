/** Plans from records to rows: columns and binders, prepared once for each shape and definition. */
import type { SinkRecord } from '../../../data/record/record';
import type { Schema } from '../../../data/schema/schema';
import { ConnectError } from '../../../errors';
import type { BindValue, WritePlan } from '../database/connection';
import type { Dialect } from '../database/dialect';
import type { Column } from '../database/values/column';
import { timestampText } from '../database/values/temporal-value';
import { type Binder, binderFor } from '../database/values/value-binding';
import { kindOfSchema, kindOfValue } from '../database/values/value-kind';
import { UTC } from '../database/values/zone-offset';
import { jsonText } from './json-text';
import { withHint } from './record-kinds';
import type { RecordShape, ShapeField } from './record-shape';
import type { SinkSettings } from './sink-settings';
import { columnFor, type TableDefinition } from './table-definitions';
import { type TextReader, textReaderOf } from './text-instants';

/** How rows of one shape are built and written. */
export interface RowPlan {
  readonly write: WritePlan;
  /** The values in the order of the plan: keys, then others. @throws ConnectException, DataException for values that cannot be bound */
  row(record: SinkRecord): BindValue[];
}

/** A field with its column. */
interface Target {
  readonly field: ShapeField;
  readonly column: Column;
  readonly bind: Binder;
}

/**
 * The plan for records of a shape; for deletions it has only the key.
 * @throws ConnectException if a required key is missing
 */
export function planRows(shape: RecordShape, definition: TableDefinition, settings: SinkSettings, deletion: boolean): RowPlan {
  const targets = shape.fields.flatMap(field => {
    const column = columnFor(definition, field.name);
    return column ? [targetOf(field, column, settings)] : [];
  });
  const keys = targets.filter(target => target.field.primaryKey);
  const others = deletion ? [] : targets.filter(target => !target.field.primaryKey);
  const { quoting } = settings.connection;
  if (keys.length === 0 && settings.mode === 'upsert') {
    throw withHint(
      `Write to table '${definition.shown}' in UPSERT mode requires key field names to be known, check the primary key configuration`,
      `insert.mode=upsert finds rows by a key, and pk.mode is ${settings.pkMode}: set it to record_key, record_value or kafka, or insert.mode=insert`,
    );
  }
  const ordered = [...keys, ...others];
  return {
    write: {
      table: definition.table,
      mode: deletion ? 'delete' : settings.mode,
      keys: keys.map(target => target.column),
      others: others.map(target => target.column),
      quoting,
      mergesWithoutLock: settings.mergesWithoutLock,
    },
    row: record => ordered.map(target => boundValue(target, record)),
  };
}

function boundValue({ field, bind }: Target, record: SinkRecord): BindValue {
  const value = field.read(record) ?? null;
  if (value !== null) return bind(value);
  if (field.primaryKey)
    throw new ConnectError('DataException', `The key column ${field.name} is null: pk.mode and pk.fields must name what each record has`);
  return null;
}

/** A field and its column, which may be of another kind: then the database casts the values, or they are refused. */
function targetOf(field: ShapeField, column: Column, settings: SinkSettings): Target {
  const bind = binderOf(field, column, settings);
  const { dialect } = settings.connection;
  const { schema } = field;
  if (!dialect.assign || settings.timestampFields.includes(field.name)) return { field, column, bind };
  if (schema === null) return { field, column, bind: bareBinder(bind, column, dialect) };
  const isArray = schema.type === 'ARRAY' && column.arrayText !== undefined;
  const { valueType, refusal } = dialect.assign(column, kindOfSchema((isArray && schema.valueSchema) || schema), isArray);
  if (refusal !== null) return { field, column, bind: refusing(refusal) };
  return { field, column: valueType === null ? column : { ...column, valueType }, bind };
}

/** A binder for schemaless values, each by its own kind. */
function bareBinder(bind: Binder, column: Column, { assign }: Dialect): Binder {
  return value => {
    const refusal = assign?.(column, kindOfValue(value), false).refusal ?? null;
    return refusal === null ? bind(value) : refusing(refusal)(value);
  };
}

const refusing =
  (refusal: string): Binder =>
  () => {
    throw new ConnectError('ConnectException', `java.sql.SQLException: ${refusal}`);
  };

function binderOf({ name, schema }: Pick<ShapeField, 'name' | 'schema'>, column: Column, given: SinkSettings): Binder {
  // Sessions run in UTC, so a column of instants reads texts as UTC.
  const settings = column.withTimeZone ? { ...given, binding: { ...given.binding, zone: UTC } } : given;
  if (settings.timestampFields.includes(name)) return timestampBinder(settings);
  const readText = textReader(name, column, settings);
  if (schema === null) return readText === null ? bindBare : value => (typeof value === 'string' ? readText(value) : bindBare(value));
  if (schema.type === 'ARRAY' && column.arrayText) return arrayBinder(name, schema, column, given);
  // A column for a nested value is meant for JSON.
  if (schema.type === 'STRUCT' || schema.type === 'MAP' || schema.type === 'ARRAY') return jsonText;
  const bind = binderFor(name, schema, settings.binding);
  if (readText !== null && kindOfSchema(schema) === 'STRING') return value => readText(value as string);
  return schema.type === 'FLOAT32' || schema.type === 'FLOAT64' ? finiteBinder(name, bind, settings) : bind;
}

function textReader(name: string, column: Column, { connection, binding }: SinkSettings): TextReader | null {
  // SQLite stores texts unchanged.
  if (binding.temporal !== 'text' || (column.withTimeZone && connection.dialect.readsOffsets === true)) return null;
  return textReaderOf(name, column, binding.zone);
}

function arrayBinder(name: string, { valueSchema }: Schema, column: Column, settings: SinkSettings): Binder {
  const element = settings.connection.dialect.elementColumn?.(column) ?? column;
  const isPlain = valueSchema?.type !== 'ARRAY' && valueSchema?.type !== 'MAP' && valueSchema?.type !== 'STRUCT';
  const bind = isPlain ? binderOf({ name, schema: valueSchema }, element, settings) : binderFor(name, valueSchema, settings.binding);
  return value => column.arrayText?.((value as readonly unknown[]).map(each => (each === null ? null : bind(each)))) ?? null;
}

/** Refuses NaN and infinity if the database would write NULL or has no such numbers. */
function finiteBinder(name: string, bind: Binder, { connection }: SinkSettings): Binder {
  const { unstorableNumbers } = connection.dialect;
  return value => {
    const bound = bind(value);
    if (!unstorableNumbers.some(number => Object.is(number, bound))) return bound;
    throw new ConnectError('DataException', `${connection.dialect.product} cannot hold ${String(bound)} of field ${name}`);
  };
}

/** Binds a schemaless value by its class. */
function bindBare(value: unknown): BindValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  return Buffer.isBuffer(value) ? value : jsonText(value);
}

/** Binds micro- or nanoseconds since 1970, given as number or text. */
function timestampBinder({ timestampDigits, binding }: SinkSettings): Binder {
  const perSecond = 10n ** BigInt(timestampDigits);
  return value => {
    const text = String(value);
    if (!/^-?\d+$/.test(text)) throw new ConnectError('DataException', `${JSON.stringify(text)} is not a number of units since 1970`);
    const units = BigInt(text);
    const fraction = ((units % perSecond) + perSecond) % perSecond;
    const nanos = Number(fraction * 10n ** BigInt(9 - timestampDigits));
    const ms = Number(((units - fraction) / perSecond) * 1000n) + Math.floor(nanos / 1e6);
    return binding.temporal === 'millis' ? ms : timestampText(binding.zone.wallOf(ms), nanos);
  };
}
