/** An open connection, the same for all databases. */

import type { TableId } from './table-id';
import type { BindValue } from './values/bind-value';
import type { Column } from './values/column';

export type { BindValue };

/** A row of a database: values by position, as `Dialect.mapColumn` of the column expects them; null for NULL. */
export type RawRow = readonly unknown[];

/** Limits of one call of `RowCursor.read`; the first row is returned whatever its size. */
export interface ReadLimit {
  readonly rows: number;
  /** About how much memory the values may take. */
  readonly bytes: number;
}

/** Rows of a query, fetched on demand. No other statement may run on the connection until it is closed. */
export interface RowCursor {
  /** The next rows in order; none at the end. @throws DatabaseError */
  read(limit: ReadLimit): Promise<readonly RawRow[]>;
  /** Abandons the rest; may be called repeatedly, and after an error. Never throws. */
  close(): Promise<void>;
}

/** What a batch of rows does to a table. */
export type WriteMode = 'insert' | 'upsert' | 'update' | 'delete';

/** One kind of write: the same for all rows of a batch. */
export interface WritePlan {
  readonly table: TableId;
  readonly mode: WriteMode;
  /** Columns that identify the row in upsert, update and delete; ordinary columns in insert. */
  readonly keys: readonly Column[];
  /** The other columns; none in delete. */
  readonly others: readonly Column[];
  /** Whether names are quoted (`quote.sql.identifiers`). */
  readonly quoting: 'always' | 'never';
  /** Omits the lock that separates two upserts of the same new key (SQL Server only); absent: false. */
  readonly mergesWithoutLock?: boolean;
}

/** Writes rows by one plan, with as few statements as the database allows; keeps its prepared statements. */
export interface BatchWriter {
  /**
   * Writes rows, each with the values of `keys`, then of `others`. In upsert, update and delete each key may occur once.
   * @returns the number of changed rows that the database reports; for upsert it means little
   * @throws DatabaseError; then a rollback by the caller undoes this call
   */
  write(rows: readonly (readonly BindValue[])[]): Promise<number>;
}

/** A connection for one call at a time. Every method throws DatabaseError. */
export interface Connection {
  /** Runs one statement and returns its rows (none for those that have none). For small results: it holds all of them. */
  query(sql: string, params?: readonly BindValue[]): Promise<readonly RawRow[]>;
  /** Opens a cursor on a query of any size. @param fetchRows rows to fetch from the server at once */
  openCursor(sql: string, params: readonly BindValue[], fetchRows: number): Promise<RowCursor>;
  /** The columns of a query, without running it. */
  columnsOfQuery(sql: string): Promise<Column[]>;
  /** The columns of a table in their order; none if there is no such table. */
  columnsOfTable(table: TableId): Promise<Column[]>;
  /** Makes a writer that belongs to this connection. */
  createWriter(plan: WritePlan): BatchWriter;
  /** Runs a statement that sets something for all later transactions; absent if `query` can be used. */
  keepSetting?(sql: string): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Sets a savepoint within the transaction; only one at a time. */
  setSavepoint(): Promise<void>;
  /** Releases the savepoint and keeps the changes since, as part of the transaction. */
  releaseSavepoint(): Promise<void>;
  /** Undoes the changes since, and releases the savepoint. */
  rollbackToSavepoint(): Promise<void>;
  /**
   * Checks deferred constraints now instead of at the commit, for all rows written since the last check; absent if the database has none or
   * cannot check them early.
   */
  checkConstraints?(): Promise<void>;
  /** Whether the connection still answers. Never throws. */
  isValid(): Promise<boolean>;
  /** Closes the connection at once; pending calls are rejected. May be called repeatedly; never throws. */
  close(): Promise<void>;
}
