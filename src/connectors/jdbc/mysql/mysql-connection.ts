/** A connection to MySQL or MariaDB over the package mysql2. */

import type { BatchWriter, BindValue, Connection, RawRow, RowCursor, WritePlan } from '../database/connection';
import { DatabaseError, type Discretion } from '../database/database-error';
import { PushedRowCursor } from '../database/pushed-row-cursor';
import type { TableId } from '../database/table-id';
import type { Column } from '../database/values/column';
import { MySqlBatchWriter, type MySqlServer } from './mysql-batch-writer';
import { tableParams } from './mysql-catalogue';
import { COLUMNS_SQL, columnOfField, columnOfRow, type DriverTypes } from './mysql-columns';
import type { MySqlClient, MySqlField, MySqlModule } from './mysql-driver';
import { mySqlError } from './mysql-errors';
import { MYSQL_IDENTIFIERS } from './mysql-identifiers';
import { rowParserOf } from './mysql-row-reader';

interface Outcome {
  readonly result: unknown;
  readonly fields: readonly MySqlField[];
}

/** The state of one connection. */
export interface MySqlSession {
  readonly client: MySqlClient;
  readonly module: MySqlModule;
  readonly server: MySqlServer;
  readonly types: DriverTypes;
  readonly discretion: Discretion;
}

export class MySqlConnection implements Connection {
  private lost: DatabaseError | null = null;
  private cursor: PushedRowCursor | null = null;

  constructor(private readonly session: MySqlSession) {
    const gone = (error?: Error): void => {
      this.lost ??= this.wrap(error ?? new DatabaseError('connection', 'The server has closed the connection'));
      this.cursor?.end(this.lost);
    };
    session.client.on('error', gone);
    session.client.on('end', () => gone());
  }

  private readonly wrap = (error: unknown): DatabaseError => mySqlError(error, this.session.discretion);

  private run(sql: string, params: readonly BindValue[]): Promise<Outcome> {
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      this.session.client.execute({ sql, rowsAsArray: true }, params.map(this.param), (error, result, fields) => {
        if (error) reject(this.wrap(error));
        else resolve({ result, fields: fields ?? [] });
      });
    });
  }

  /** A Long is sent as LONGLONG: as text it would be compared as a double. */
  private readonly param = (value: BindValue): unknown => {
    if (typeof value !== 'bigint') return value;
    return BigInt.asIntN(64, value) === value ? this.session.module.TypedParameter.LONGLONG(value) : value.toString();
  };

  async query(sql: string, params: readonly BindValue[] = []): Promise<readonly RawRow[]> {
    const { result } = await this.run(sql, params);
    return Array.isArray(result) ? (result as RawRow[]) : [];
  }

  async openCursor(sql: string, params: readonly BindValue[], _fetchRows: number): Promise<RowCursor> {
    if (this.lost) throw this.lost;
    const { client } = this.session;
    const cursor = new PushedRowCursor({
      pause: () => client.pause(),
      resume: () => client.resume(),
      abandon: () => this.abandon(),
    });
    const command = client.execute({ sql, rowsAsArray: true }, params.map(this.param));
    const ofDriver = command.buildParserFromFields.bind(command);
    command.buildParserFromFields = (fields, connection) => rowParserOf(fields) ?? ofDriver(fields, connection);
    command
      .on('result', row => cursor.take(row as RawRow))
      .on('error', error => cursor.end(this.wrap(error)))
      .on('end', () => cursor.end(null));
    this.cursor = cursor;
    return cursor;
  }

  private abandon(): void {
    this.lost ??= new DatabaseError('connection', 'The connection was given up with a query under way');
    this.session.client.resume();
    this.session.client.destroy();
  }

  async columnsOfQuery(sql: string): Promise<Column[]> {
    const fields = await this.describe(sql);
    return fields.map(field => columnOfField(field, this.session.types));
  }

  /** Prepares the statement without running it. */
  private describe(sql: string): Promise<readonly MySqlField[]> {
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      this.session.client.prepare({ sql }, (error, statement) => {
        if (error) return reject(this.wrap(error));
        statement.close();
        resolve(statement.columns);
      });
    });
  }

  async columnsOfTable(table: TableId): Promise<Column[]> {
    return (await this.query(COLUMNS_SQL, tableParams(table))).map(row => columnOfRow(row, this.session.types));
  }

  createWriter(plan: WritePlan): BatchWriter {
    const changed = (result: unknown): number => (result as { affectedRows?: number } | undefined)?.affectedRows ?? 0;
    return new MySqlBatchWriter(MYSQL_IDENTIFIERS, plan, this.session.server, {
      text: async sql => changed(await this.plain(sql)),
      prepared: async (sql, params) => changed((await this.run(sql, params)).result),
    });
  }

  /** Runs a statement as text, since not every statement can be prepared. */
  private plain(sql: string): Promise<unknown> {
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      this.session.client.query({ sql, rowsAsArray: true, values: null }, (error, result) =>
        error ? reject(this.wrap(error)) : resolve(result),
      );
    });
  }

  async begin(): Promise<void> {
    await this.plain('START TRANSACTION');
  }

  async commit(): Promise<void> {
    await this.plain('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.plain('ROLLBACK');
  }

  async setSavepoint(): Promise<void> {
    await this.plain('SAVEPOINT rows_begin');
  }

  async releaseSavepoint(): Promise<void> {
    await this.plain('RELEASE SAVEPOINT rows_begin');
  }

  async rollbackToSavepoint(): Promise<void> {
    await this.plain('ROLLBACK TO SAVEPOINT rows_begin');
    await this.plain('RELEASE SAVEPOINT rows_begin');
  }

  isValid(): Promise<boolean> {
    return this.plain('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    const closed = new DatabaseError('connection', 'The connection is closed');
    this.lost ??= closed;
    this.cursor?.end(closed);
    this.session.client.destroy();
  }
}
