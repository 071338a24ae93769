/** The kind of a Connect value for a database: its logical type, or else its plain type. */
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../../../data/schema/logical-names';
import type { Schema, SchemaType } from '../../../../data/schema/schema';

export type ValueKind = SchemaType | 'DECIMAL' | 'DATE' | 'TIME' | 'TIMESTAMP';

const LOGICAL_KINDS: ReadonlyMap<string | null, ValueKind> = new Map<string | null, ValueKind>([
  [DECIMAL_NAME, 'DECIMAL'],
  [DATE_NAME, 'DATE'],
  [TIME_NAME, 'TIME'],
  [TIMESTAMP_NAME, 'TIMESTAMP'],
]);

export const kindOfSchema = ({ name, type }: Schema): ValueKind => LOGICAL_KINDS.get(name) ?? type;

/** The kind of a schemaless value; converters return no others. */
export function kindOfValue(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'bigint':
      return 'INT64';
    case 'number':
      return Number.isSafeInteger(value) ? 'INT64' : 'FLOAT64';
    case 'boolean':
      return 'BOOLEAN';
    default:
      return Buffer.isBuffer(value) ? 'BYTES' : 'MAP';
  }
}

/** Values are sent as the driver sends them. */
export const AS_IT_IS = { valueType: null, refusal: null } as const satisfies Assignment;

/** How values of a kind are assigned to a column. */
export interface Assignment {
  /** The type to send values as, so that the database casts them as it does in an assignment; null: that of the column. */
  readonly valueType: string | null;
  /** Why values of the kind cannot be stored, in the database's words; null if they can. */
  readonly refusal: string | null;
}
