/** The part of the package better-sqlite3 that is used. */
import { loadDriver } from '../database/driver';

/** A column of a result; `table` and `column` are null for an expression. */
export interface SqliteField {
  readonly name: string;
  readonly column: string | null;
  readonly table: string | null;
  readonly database: string | null;
  /** The declared type. */
  readonly type: string | null;
}

export interface SqliteStatement {
  /** True for a statement that returns rows. */
  readonly reader: boolean;
  raw(on: boolean): SqliteStatement;
  safeIntegers(on: boolean): SqliteStatement;
  all(...params: unknown[]): unknown[][];
  iterate(...params: unknown[]): IterableIterator<unknown[]>;
  run(...params: unknown[]): { readonly changes: number };
  columns(): readonly SqliteField[];
}

export interface SqliteDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  pragma(text: string): unknown;
  /** Registers a SQL function; its errors are thrown by the statement. */
  function(
    name: string,
    options: { readonly deterministic: boolean; readonly safeIntegers: boolean },
    call: (...args: readonly unknown[]) => unknown,
  ): void;
  close(): void;
}

export type SqliteModule = new (
  file: string,
  options: { readonly timeout: number; readonly readonly?: boolean; readonly fileMustExist?: boolean },
) => SqliteDatabase;

export const loadSqlite = (): SqliteModule => loadDriver('better-sqlite3', () => require('better-sqlite3'));
