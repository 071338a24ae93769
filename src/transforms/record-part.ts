/** The two forms of most transformations: one for the key of a record, one for its value. */
import type { PartShape, RecordShape } from '../data/batch/record-shape';
import { changeRecord } from '../data/record/change-record';
import type { ConnectRecord } from '../data/record/record';
import type { Schema } from '../data/schema/schema';

/** The part of a record that a transformation works on. */
export interface RecordPart {
  /** The name of the Java class within its outer class. */
  readonly name: 'Key' | 'Value';
  schemaOf(record: ConnectRecord): Schema | null;
  valueOf(record: ConnectRecord): unknown;
  /** A new record with this part replaced. */
  replace<R extends ConnectRecord>(record: R, schema: Schema | null, value: unknown): R;
  /** The same of what many records have in common. */
  shapeOf(shape: RecordShape): PartShape;
  replaceShape(shape: RecordShape, part: PartShape): RecordShape;
}

/** Works on keys. */
export const KEY: RecordPart = {
  name: 'Key',
  schemaOf: record => record.keySchema,
  valueOf: record => record.key,
  replace: (record, keySchema, key) => changeRecord(record, { keySchema, key: key ?? null }),
  shapeOf: shape => shape.key,
  replaceShape: (shape, key) => ({ ...shape, key }),
};

/** Works on values. */
export const VALUE: RecordPart = {
  name: 'Value',
  schemaOf: record => record.valueSchema,
  valueOf: record => record.value,
  replace: (record, valueSchema, value) => changeRecord(record, { valueSchema, value: value ?? null }),
  shapeOf: shape => shape.value,
  replaceShape: (shape, value) => ({ ...shape, value }),
};
