/** Columns as the catalogue of a database describes them, in words that all databases share. */
import type { BindValue } from './bind-value';

/**
 * What a column holds, close to the names of java.sql.Types. TEXT stands for all kinds of characters, BYTES for all kinds of binaries;
 * OTHER is what no type of Connect fits, and which the Java connectors drop.
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
  /** Exactly as the database has it, upper and lower case included. */
  readonly name: string;
  readonly type: SqlType;
  /** The type in the words of the database, for messages and for its own special cases: `int4`, `bigint unsigned`. */
  readonly typeName: string;
  /** The type to cast a parameter to, where the database needs one; quoted, and without a length, since a cast to one would cut silently. */
  readonly castType?: string;
  /** The type to send values as where they are of another kind than the column, so that the database casts them, or refuses to. */
  readonly valueType?: string;
  /** Makes one value of the elements of an array, where the column is one of arrays. */
  readonly arrayText?: (elements: readonly BindValue[]) => string;
  /** Decimal digits of NUMERIC and DECIMAL, bits of BIT, characters or bytes of TEXT and BYTES; null if there is no limit. */
  readonly precision: number | null;
  /** Digits after the point; of seconds for TIME and TIMESTAMP. Null where the column has none of its own. */
  readonly scale: number | null;
  readonly unsigned: boolean;
  /** True for times that name an instant (`timestamptz`), false for wall clock times, which `db.timezone` explains. */
  readonly withTimeZone: boolean;
  readonly nullable: boolean;
  readonly autoIncrement: boolean;
  /** The database fills the column in where a row says nothing of it: a default, an identity, a generated value. */
  readonly hasDefault: boolean;
}

/** What most columns are, to be overridden. */
export const PLAIN_COLUMN = {
  precision: null,
  scale: null,
  unsigned: false,
  withTimeZone: false,
  nullable: true,
  autoIncrement: false,
  hasDefault: false,
} as const satisfies Partial<Column>;

/**
 * The column of this name: exactly, or else the only one that differs in nothing but upper and lower case. Of two such neither is meant
 * more than the other.
 */
export function columnNamed(columns: readonly Column[], wanted: string): Column | null {
  const exact = columns.find(({ name }) => name === wanted);
  if (exact) return exact;
  const folded = wanted.toLowerCase();
  const [only, ...others] = columns.filter(({ name }) => name.toLowerCase() === folded);
  return others.length === 0 ? (only ?? null) : null;
}
