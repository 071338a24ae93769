/**
 * What the records of a batch have in common, and where what differs between them comes from: a batch as a transformation changes it without
 * looking at any record. A chain of transformations goes over the shape once, for each topic and schema; then all records are made by it.
 */
import { schemasEqual } from '../schema/equality';
import type { Schema } from '../schema/schema';
import { validateValue } from '../schema/validate-value';
import { boxOf, type PlainValue, plainOf } from './row-column';

/** Where a value comes from, record by record. */
export interface Cell {
  /** Of a primitive or logical type, without a default. */
  readonly schema: Schema;
  /** The value of record `i` of the batch at hand in plain form, or null. @throws DataException for one that cannot be converted */
  readonly at: (i: number) => PlainValue | null;
  /** The cell whose values these are, changed; absent where they are as they came. */
  readonly changes?: Cell;
}

/** A key or value: nothing (null without a schema), one value, or a struct that is null in no record. */
export type PartShape =
  | { readonly kind: 'none' }
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'struct'; readonly schema: Schema; readonly fields: readonly FieldShape[] };

/** A part that has a schema, such as what a field of a struct holds. */
export type FieldShape = Exclude<PartShape, { readonly kind: 'none' }>;

/** The records of one topic with the same schemas. They have no partition of their own. */
export interface RecordShape {
  readonly topic: string;
  readonly key: PartShape;
  readonly value: PartShape;
  /** Whoever asks for timestamps gets them: epoch milliseconds of record `i`, or null. */
  timestamps(): (i: number) => number | null;
  /** The headers that each of them has, in order. */
  readonly headers: readonly { readonly key: string; readonly part: FieldShape }[];
}

/** What becomes of a shape: another one; `dropped` where the records are to be dropped; null where nothing can be said without looking at them. */
export type ChangedShape = RecordShape | 'dropped' | null;

/** A cell with the same value in every record. @param value as records have it, or null @throws DataException for one that does not fit */
export function constantCell(schema: Schema, value: unknown): Cell {
  if (value !== null) validateValue('constant', schema, value);
  const plain = value === null ? null : plainOf(schema)(value);
  return { schema, at: () => plain };
}

/** A cell whose values are those of another one, changed. @param change of values as records have them, null included */
export function changedCell(cell: Cell, schema: Schema, change: (value: unknown) => unknown): Cell {
  const box = boxOf(cell.schema);
  const plain = plainOf(schema);
  const at = (i: number): PlainValue | null => {
    const before = cell.at(i);
    const after = change(before === null ? null : box(before));
    if (after === null || after === undefined) return null;
    // What a struct would refuse must not come through either.
    validateValue('changed value', schema, after);
    return plain(after);
  };
  return { schema, at, changes: cell };
}

/** The schema of a part. */
export function schemaOfPart(part: FieldShape): Schema {
  return part.kind === 'cell' ? part.cell.schema : part.schema;
}

/** True if a schema can be that of a cell. */
export function isCellSchema({ type, defaultValue }: Schema): boolean {
  return defaultValue === null && type !== 'ARRAY' && type !== 'MAP' && type !== 'STRUCT';
}

/**
 * A struct of these fields, which is as its schema says.
 * @returns null unless all of it can be told without looking at a record: a default may stand in for a null, a struct may be missing, and a field
 * may be asked for that is of another schema
 */
export function structShape(schema: Schema, fields: readonly FieldShape[]): FieldShape | null {
  if (schema.optional || schema.defaultValue !== null) return null;
  const isKnown = fields.every((part, i) => {
    const own = schemaOfPart(part);
    const asked = schema.fields?.[i]?.schema;
    return asked !== undefined && (asked === own || schemasEqual(asked, own)) && (part.kind === 'struct' || isCellSchema(own));
  });
  return isKnown ? { kind: 'struct', schema, fields } : null;
}

/** The cells of a part, in the order in which rows have them. */
export function cellsOf(part: FieldShape): readonly Cell[] {
  return part.kind === 'cell' ? [part.cell] : part.fields.flatMap(cellsOf);
}
