/** Columns from a database's catalogue, in terms that all databases share. */
import type { BindValue } from './bind-value';

/**
 * What a column holds, close to the names of java.sql.Types. TEXT is all character types, BYTES all binary types; OTHER is a type without
 * counterpart in Connect, which the Java connectors drop.
 */
export type SqlType =
  | 'BOOLEAN'
  | 'BIT'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INTEGER'
  | 'BIGINT'
  | 'REAL'
  | 'DOUBLE'
  | 'NUMERIC'
  | 'DECIMAL'
  | 'TEXT'
  | 'BYTES'
  | 'DATE'
  | 'TIME'
  | 'TIMESTAMP'
  | 'OTHER';

/** One column of a table or of a query's result. */
export interface Column {
  /** The exact name, in the database's case. */
  readonly name: string;
  readonly type: SqlType;
  /** The database's name of the type, for messages and special cases: `int4`, `bigint unsigned`. */
  readonly typeName: string;
  /**
   * The type to cast a parameter to, if the database needs one; quoted, and without a length, since such a cast would truncate silently.
   */
  readonly castType?: string;
  /** The type to send values as if they are of another kind than the column, so that the database casts or refuses them. */
  readonly valueType?: string;
  /** Builds the value of an array column from its elements. */
  readonly arrayText?: (elements: readonly BindValue[]) => string;
  /** Decimal digits of NUMERIC and DECIMAL, bits of BIT, characters or bytes of TEXT and BYTES; null if there is no limit. */
  readonly precision: number | null;
  /** Digits after the point; of seconds for TIME and TIMESTAMP. Null if the column declares none. */
  readonly scale: number | null;
  readonly unsigned: boolean;
  /** True for instants (`timestamptz`), false for wall clock times, which are in `db.timezone`. */
  readonly withTimeZone: boolean;
  readonly nullable: boolean;
  readonly autoIncrement: boolean;
  /** True if the database supplies a value when a row has none: a default, an identity, a generated value. */
  readonly hasDefault: boolean;
}

/** Properties of most columns, to be overridden. */
export const PLAIN_COLUMN = {
  precision: null,
  scale: null,
  unsigned: false,
  withTimeZone: false,
  nullable: true,
  autoIncrement: false,
  hasDefault: false,
} as const satisfies Partial<Column>;

/** The column of exactly this name, or else the only one that differs in upper and lower case alone; null if there are two. */
export function columnNamed(columns: readonly Column[], wanted: string): Column | null {
  const exact = columns.find(({ name }) => name === wanted);
  if (exact) return exact;
  const folded = wanted.toLowerCase();
  const [only, ...others] = columns.filter(({ name }) => name.toLowerCase() === folded);
  return others.length === 0 ? (only ?? null) : null;
}
