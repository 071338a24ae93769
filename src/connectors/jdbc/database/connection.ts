/** An open connection, the same for all databases. */

import type { TableId } from './table-id';
import type { BindValue } from './values/bind-value';
import type { Column } from './values/column';

export type { BindValue };

/** A row as it comes from a database: by position, each value as `Dialect.mapColumn` of its column expects it; null for NULL. */
export type RawRow = readonly unknown[];

/** Limits for one call of `RowCursor.read`; the first row comes whatever its size. */
export interface ReadLimit {
  readonly rows: number;
  /** About how much memory the values may take. */
  readonly bytes: number;
}

/** Rows of a query, fetched as they are asked for. No other statement may run on the connection until it is closed. */
export interface RowCursor {
  /** The next rows in order; none at the end. @throws DatabaseError */
  read(limit: ReadLimit): Promise<readonly RawRow[]>;
  /** Gives up the rest; may be called again, and after an error. Never throws. */
  close(): Promise<void>;
}

/** What a batch of rows does to a table. */
export type WriteMode = 'insert' | 'upsert' | 'update' | 'delete';

/** One kind of write: the same for all rows of a batch. */
export interface WritePlan {
  readonly table: TableId;
  readonly mode: WriteMode;
  /** Columns that find the row in upsert, update and delete; part of the row in insert. */
  readonly keys: readonly Column[];
  /** The other columns; none in delete. */
  readonly others: readonly Column[];
  /** Whether names are quoted (`quote.sql.identifiers`). */
  readonly quoting: 'always' | 'never';
  /** Leaves out what keeps two upserts of the same new key apart (SQL Server only); absent: false. */
  readonly mergesWithoutLock?: boolean;
}

/** Writes rows by one plan, with as few statements as the database allows; keeps what it has prepared. */
export interface BatchWriter {
  /**
   * Writes rows, each with the values of `keys`, then of `others`. In upsert, update and delete each key may occur once.
   * @returns rows that the database says it has changed; for upsert the number says little
   * @throws DatabaseError; then nothing of this call is there once the caller rolls back
   */
  write(rows: readonly (readonly BindValue[])[]): Promise<number>;
}

/** A connection; it serves one call at a time. Every method throws DatabaseError. */
export interface Connection {
  /** Runs one statement and returns its rows (none for those that have none). For small results: it holds all of them. */
  query(sql: string, params?: readonly BindValue[]): Promise<readonly RawRow[]>;
  /** Begins to read the rows of a query of any size. @param fetchRows rows to fetch from the server at once */
  openCursor(sql: string, params: readonly BindValue[], fetchRows: number): Promise<RowCursor>;
  /** The columns that a query would return; it is not run. */
  columnsOfQuery(sql: string): Promise<Column[]>;
  /** The columns of a table in their order; none if there is no such table. */
  columnsOfTable(table: TableId): Promise<Column[]>;
  /** Makes a writer that belongs to this connection. */
  createWriter(plan: WritePlan): BatchWriter;
  /** Runs a statement that sets something for all transactions to come; absent where `query` does. */
  keepSetting?(sql: string): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Marks a place within the transaction; there is one at a time. */
  setSavepoint(): Promise<void>;
  /** Keeps what was done since, as a part of the transaction. */
  releaseSavepoint(): Promise<void>;
  /** Takes back what was done since, and the mark. */
  rollbackToSavepoint(): Promise<void>;
  /**
   * Checks now what the commit would check (deferred constraints), of all that was written since the last check; absent where nothing is
   * checked so late, or nobody can ask.
   */
  checkConstraints?(): Promise<void>;
  /** Whether the connection still answers. Never throws. */
  isValid(): Promise<boolean>;
  /** Ends it at once, whatever is under way: calls that wait are rejected. May be called again; never throws. */
  close(): Promise<void>;
}
