/** Schemas of Connect data: what type a value has, whether it may be null, its name, version, default. */

export const SCHEMA_TYPES = [
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FLOAT32',
  'FLOAT64',
  'BOOLEAN',
  'STRING',
  'BYTES',
  'ARRAY',
  'MAP',
  'STRUCT',
] as const;
export type SchemaType = (typeof SCHEMA_TYPES)[number];

/** Numeric types from narrow to wide. */
export const NUMERIC_TYPES: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'];

/** One member of a STRUCT schema. */
export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

/** An immutable schema (org.apache.kafka.connect.data.Schema). */
export interface Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly defaultValue: unknown;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  /** Members, in order; only of a STRUCT. */
  readonly fields: readonly Field[] | null;
  /** Schema of the keys; only of a MAP. */
  readonly keySchema: Schema | null;
  /** Schema of the elements of an ARRAY or of the values of a MAP. */
  readonly valueSchema: Schema | null;
  /** The member of a STRUCT with this name, or null. */
  field(name: string): Field | null;
}
