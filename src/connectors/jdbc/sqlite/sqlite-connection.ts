/** A connection to a file of SQLite over better-sqlite3; every call blocks its thread until it is done. */

import type { BatchWriter, BindValue, Connection, RawRow, ReadLimit, RowCursor, WritePlan } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { rowBytes } from '../database/row-buffer';
import type { TableId } from '../database/table-id';
import type { Column } from '../database/values/column';
import { SqliteBatchWriter } from './sqlite-batch-writer';
import { COLUMNS_SQL, columnOfDeclaration, columnOfRow, rowidOf } from './sqlite-columns';
import type { SqliteDatabase, SqliteStatement } from './sqlite-driver';
import { sqliteError } from './sqlite-errors';
import { SQLITE_IDENTIFIERS } from './sqlite-identifiers';

export class SqliteConnection implements Connection {
  private cursor: SqliteRowCursor | null = null;
  private open = true;

  constructor(private readonly database: SqliteDatabase) {}

  private attempt<T>(call: () => T): T {
    if (!this.open) throw new DatabaseError('connection', 'The connection is closed');
    try {
      return call();
    } catch (error) {
      throw sqliteError(error);
    }
  }

  private prepare(sql: string): SqliteStatement {
    const statement = this.database.prepare(sql);
    return statement.reader ? statement.raw(true).safeIntegers(true) : statement;
  }

  async query(sql: string, params: readonly BindValue[] = []): Promise<readonly RawRow[]> {
    return this.attempt(() => {
      const statement = this.prepare(sql);
      if (statement.reader) return statement.all(...params.map(param));
      statement.run(...params.map(param));
      return [];
    });
  }

  async openCursor(sql: string, params: readonly BindValue[], _fetchRows: number): Promise<RowCursor> {
    return this.attempt(() => {
      this.cursor = new SqliteRowCursor(this.prepare(sql).iterate(...params.map(param)));
      return this.cursor;
    });
  }

  /** The table columns of a query are looked up, since a result does not say whether they may be NULL. */
  async columnsOfQuery(sql: string): Promise<Column[]> {
    return this.attempt(() => {
      const tables = new Map<string, Column[]>();
      const fields = this.database.prepare(sql).columns();
      const first = fields.some(({ column, type }) => column === null && type === null) ? this.firstRow(sql) : undefined;
      return fields.map(({ name, table, column, type }, i) => {
        if (table === null || column === null) return columnOfDeclaration(name, type ?? declarationOf(first?.[i]));
        const columns = tables.get(table) ?? this.describe(table);
        tables.set(table, columns);
        const source = columns.find(candidate => candidate.name === column);
        if (!source) return columnOfDeclaration(name, type ?? '');
        // As in Java, nothing is known of a renamed column.
        return { ...source, name, nullable: source.nullable || name !== column };
      });
    });
  }

  private firstRow(sql: string): RawRow | undefined {
    const rows = this.prepare(sql).iterate();
    const { value, done } = rows.next();
    rows.return?.();
    return done ? undefined : value;
  }

  async columnsOfTable({ table }: TableId): Promise<Column[]> {
    return this.attempt(() => this.describe(table));
  }

  private describe(table: string): Column[] {
    const rows = this.prepare(COLUMNS_SQL).all(table);
    const rowid = rowidOf(rows);
    return rows.map(row => columnOfRow(row, row[0] === rowid));
  }

  createWriter(plan: WritePlan): BatchWriter {
    return new SqliteBatchWriter(SQLITE_IDENTIFIERS, plan, sql => {
      const statement = this.attempt(() => this.prepare(sql));
      const runAll = (rows: readonly (readonly BindValue[])[]): number => {
        let changed = 0;
        // better-sqlite3 is fastest with spread arguments.
        for (const row of rows) changed += statement.run(...row.map(param)).changes;
        return changed;
      };
      return rows => this.attempt(() => runAll(rows));
    });
  }

  /** Takes the write lock at once: taking it later could not wait for another process without a deadlock. */
  async begin(): Promise<void> {
    this.attempt(() => this.database.prepare('BEGIN IMMEDIATE').run());
  }

  async commit(): Promise<void> {
    this.attempt(() => this.database.prepare('COMMIT').run());
  }

  /** After some errors SQLite has rolled back by itself. */
  async rollback(): Promise<void> {
    this.attempt(() => {
      if (this.database.inTransaction) this.database.prepare('ROLLBACK').run();
    });
  }

  async setSavepoint(): Promise<void> {
    this.attempt(() => this.database.prepare('SAVEPOINT rows_begin').run());
  }

  async releaseSavepoint(): Promise<void> {
    this.attempt(() => this.database.prepare('RELEASE SAVEPOINT rows_begin').run());
  }

  async rollbackToSavepoint(): Promise<void> {
    this.attempt(() => this.database.prepare('ROLLBACK TO SAVEPOINT rows_begin').run());
    this.attempt(() => this.database.prepare('RELEASE SAVEPOINT rows_begin').run());
  }

  async isValid(): Promise<boolean> {
    return this.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.cursor?.close();
    try {
      this.database.close();
    } catch {
      // It ends with the process.
    }
  }
}

/** The declared type for an expression, from its first value, as in the Java driver. */
function declarationOf(value: unknown): string {
  if (typeof value === 'bigint') return BigInt.asIntN(32, value) === value ? 'INTEGER' : 'BIGINT';
  if (typeof value === 'number') return 'DOUBLE';
  return Buffer.isBuffer(value) ? 'BLOB' : '';
}

/** Whole numbers are bound as 64-bit integers, which a column without a type stores unchanged. */
function param(value: BindValue): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
}

/** A cursor that steps the statement for each row. */
class SqliteRowCursor implements RowCursor {
  constructor(private readonly rows: IterableIterator<unknown[]>) {}

  async read(limit: ReadLimit): Promise<readonly RawRow[]> {
    const found: RawRow[] = [];
    try {
      for (let bytes = 0; found.length < limit.rows && bytes < limit.bytes; ) {
        const { done, value } = this.rows.next();
        if (done) break;
        found.push(value);
        bytes += rowBytes(value);
      }
    } catch (error) {
      throw sqliteError(error);
    }
    return found;
  }

  async close(): Promise<void> {
    this.rows.return?.();
  }
}
