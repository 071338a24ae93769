/** A connection to PostgreSQL over the package pg. */
import { randomUUID } from 'node:crypto';
import type { BatchWriter, BindValue, Connection, RawRow, RowCursor, WritePlan } from '../database/connection';
import type { Discretion } from '../database/database-error';
import type { TableId } from '../database/table-id';
import type { Column } from '../database/values/column';
import { PgBatchWriter } from './pg-batch-writer';
import { COLUMN_FIELDS, COLUMN_JOINS, columnOf } from './pg-columns';
import { pgError } from './pg-errors';
import { PG_IDENTIFIERS } from './pg-identifiers';
import type { PgSession } from './pg-session';
import { pgText } from './wire/pg-array';
import { copyIn } from './wire/pg-copy';
import { PgDataRows } from './wire/pg-data-rows';
import { describe } from './wire/pg-describe';
import type { PgClient, PgCursorClass, PgField, PgResult } from './wire/pg-driver';
import { PgRowCursor } from './wire/pg-row-cursor';

/** The condition that a row of `pg_class` is the table of a schema ($1; null for those visible by name alone) and a name ($2). */
const IS_TABLE = `c.relname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $1 END`;

/** Columns of a table, by schema and name. */
const TABLE_COLUMNS_SQL = `SELECT ${COLUMN_FIELDS}
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  ${COLUMN_JOINS}
  WHERE ${IS_TABLE}
    AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;

/** Columns of a result: the table column of each, or only the type of an expression. */
const RESULT_COLUMNS_SQL = `SELECT ${COLUMN_FIELDS}
  FROM (SELECT f.ord, f.name AS attname, f.type AS atttypid, f.modifier AS atttypmod, COALESCE(src.attnotnull, false) AS attnotnull,
      COALESCE(src.attidentity, '') AS attidentity, COALESCE(src.atthasdef, false) AS atthasdef, src.attrelid, src.attnum
    FROM unnest($1::text[], $2::oid[], $3::int4[], $4::oid[], $5::int2[]) WITH ORDINALITY AS f(name, type, modifier, tab, col, ord)
    LEFT JOIN pg_catalog.pg_attribute src ON src.attrelid = f.tab AND src.attnum = f.col AND f.tab <> 0) a
  ${COLUMN_JOINS}
  ORDER BY a.ord`;

/** Whether COPY does the same as INSERT: it does not support views and rules, refuses row-level security, and overrides identities. */
const TAKES_COPY_SQL = `SELECT c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT row_security_active(c.oid)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity = 'a')
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${IS_TABLE}`;

export class PgConnection implements Connection {
  private lost = false;
  private cursor: PgRowCursor | null = null;
  private inTransaction = false;
  /** Unique among all connections, which may share a server session behind a pooler that is not detected. */
  private readonly statementPrefix = `connect_${randomUUID()}`;
  private readonly statementNames = new Map<string, string>();

  constructor(
    private readonly client: PgClient,
    private readonly Cursor: PgCursorClass,
    private readonly session: PgSession,
    private readonly discretion: Discretion,
  ) {
    // If the connection breaks while it is idle, the next call reports it.
    client.on('error', error => this.lose(error));
    client.on('end', () => this.lose(new Error('Connection terminated')));
  }

  async query(sql: string, params: readonly BindValue[] = []): Promise<readonly RawRow[]> {
    return (await this.run(sql, params.map(pgText))).rows;
  }

  /** Runs a statement, in a transaction of its own if settings apply to one transaction only. */
  private async run(text: string, values: readonly (string | null)[], name?: string): Promise<PgResult> {
    if (!this.session.isShared || this.inTransaction) return this.send(text, values, name);
    await this.begin();
    try {
      const result = await this.send(text, values, name);
      await this.commit();
      return result;
    } catch (error) {
      await this.rollback().catch(() => {});
      throw error;
    }
  }

  private async send(text: string, values: readonly (string | null)[] = [], name?: string): Promise<PgResult> {
    try {
      return await this.client.query({ text, values, rowMode: 'array', ...(name !== undefined && { name }) });
    } catch (error) {
      throw pgError(error, this.discretion);
    }
  }

  async openCursor(sql: string, params: readonly BindValue[], fetchRows: number): Promise<RowCursor> {
    const isOwn = this.session.isShared && !this.inTransaction;
    if (isOwn) await this.begin();
    const { connection } = this.client;
    const cursor = new this.Cursor(sql, params.map(pgText), { rowMode: 'array' });
    const rows = new PgDataRows(cursor, connection);
    void this.client.query(cursor);
    const opened = new PgRowCursor(rows, fetchRows, error => pgError(error, this.discretion));
    this.cursor = opened;
    return isOwn ? this.endingTransaction(opened) : opened;
  }

  /** Ends the transaction that was begun for a cursor with the cursor. */
  private endingTransaction(cursor: RowCursor): RowCursor {
    return {
      read: limit => cursor.read(limit),
      close: async () => {
        await cursor.close();
        if (this.inTransaction && !this.lost) await this.rollback().catch(() => {});
      },
    };
  }

  async keepSetting(sql: string): Promise<void> {
    const now = this.session.keep(sql);
    if (now !== null) await this.send(now);
  }

  async columnsOfQuery(sql: string): Promise<Column[]> {
    const fields = await describe(query => this.client.query(query), sql).catch((error: unknown) => {
      throw pgError(error, this.discretion);
    });
    const list = (of: (field: PgField) => unknown): string =>
      `{${fields.map(field => `"${String(of(field)).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
    const params = [list(f => f.name), list(f => f.dataTypeID), list(f => f.dataTypeModifier), list(f => f.tableID), list(f => f.columnID)];
    return (await this.run(RESULT_COLUMNS_SQL, params)).rows.map(columnOf);
  }

  async columnsOfTable({ schema, table }: TableId): Promise<Column[]> {
    return (await this.run(TABLE_COLUMNS_SQL, [schema, table])).rows.map(columnOf);
  }

  createWriter(plan: WritePlan): BatchWriter {
    return new PgBatchWriter(PG_IDENTIFIERS, plan, {
      prepared: async (sql, params) => (await this.run(sql, params, this.statementName(sql))).rowCount ?? 0,
      copy: (sql, data) => this.copy(sql, data),
      takesCopy: async ({ schema, table }) => {
        const { rows } = await this.run(TAKES_COPY_SQL, [schema, table]);
        return String(rows[0]?.[0]).startsWith('t');
      },
    });
  }

  private async copy(sql: string, data: Buffer): Promise<number> {
    try {
      return await copyIn(query => this.client.query(query), sql, data);
    } catch (error) {
      throw pgError(error, this.discretion);
    }
  }

  private statementName(sql: string): string | undefined {
    if (!this.session.namesStatements) return undefined;
    const name = this.statementNames.get(sql) ?? `${this.statementPrefix}_${this.statementNames.size}`;
    this.statementNames.set(sql, name);
    return name;
  }

  async begin(): Promise<void> {
    try {
      await this.send(this.session.beginSql);
      this.inTransaction = true;
    } catch (error) {
      // The transaction may have begun, and only its settings failed.
      if (this.session.isShared) await this.rollback().catch(() => {});
      throw error;
    }
  }

  async commit(): Promise<void> {
    this.inTransaction = false;
    await this.send('COMMIT');
  }

  async rollback(): Promise<void> {
    this.inTransaction = false;
    await this.send('ROLLBACK');
  }

  async setSavepoint(): Promise<void> {
    await this.run('SAVEPOINT rows_begin', []);
  }

  async releaseSavepoint(): Promise<void> {
    await this.run('RELEASE SAVEPOINT rows_begin', []);
  }

  async rollbackToSavepoint(): Promise<void> {
    await this.run('ROLLBACK TO SAVEPOINT rows_begin', []);
    await this.run('RELEASE SAVEPOINT rows_begin', []);
  }

  async checkConstraints(): Promise<void> {
    await this.run('SET CONSTRAINTS ALL IMMEDIATE', []);
    await this.run('SET CONSTRAINTS ALL DEFERRED', []);
  }

  async isValid(): Promise<boolean> {
    if (this.lost) return false;
    return this.send('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  private lose(error: Error): void {
    this.lost = true;
    this.cursor?.lose(error);
  }

  async close(): Promise<void> {
    this.lose(new Error('Client was closed'));
    // `end` alone would wait for the running query.
    const ended = this.client.end().catch(() => {});
    this.client.connection.stream.destroy();
    await ended;
  }
}
