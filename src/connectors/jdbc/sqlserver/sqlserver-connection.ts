/** A connection to SQL Server over the package tedious. Not tested against a server, see README. */

import type { BatchWriter, BindValue, Connection, RawRow, RowCursor, WritePlan } from '../database/connection';
import { DatabaseError, type Discretion, discreetError, type FailureKind, isSocketError, thrownByDriver } from '../database/database-error';
import { rowSqlWithMerge } from '../database/merge-statement';
import { PushedRowCursor } from '../database/pushed-row-cursor';
import type { TableId } from '../database/table-id';
import type { Column } from '../database/values/column';
import { COLUMNS_SQL, columnOfRow, RESULT_COLUMNS_SQL } from './sqlserver-columns';
import type { TediousClient, TediousModule, TediousRequest } from './sqlserver-driver';
import { mergeSyntax, SQLSERVER_IDENTIFIERS } from './sqlserver-syntax';

/** Error numbers by kind; all others are permanent. */
const NUMBERS: readonly (readonly [FailureKind, readonly number[]])[] = [
  // Sockets, killed; a database that is starting, restoring, changing its role or offline; an unreadable secondary; busy services.
  ['connection', [64, 121, 233, 596, 921, 922, 924, 927, 942, 952, 976, 978, 979, 982, 983, 10053, 10054, 10060, 10928, 10929, 18401]],
  ['connection', [40197, 40501, 40613, 49918, 49919, 49920, 6005]],
  // locks, room, read only
  ['transient', [1204, 1205, 1222, 3906, 3908, 3960, 9002, 1105, 701, 802, 8645]],
  ['data', [220, 232, 241, 242, 245, 248, 295, 515, 547, 2601, 2627, 2628, 8114, 8115, 8152]],
  ['definition', [207, 208]],
  ['access', [229, 230, 262, 4060, 18452, 18456]],
];

const KIND_OF_NUMBER = new Map(NUMBERS.flatMap(([kind, numbers]) => numbers.map(number => [number, kind] as const)));

/** Converts an error. */
export function sqlServerError(thrown: unknown, discretion: Discretion): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const error = thrownByDriver<{ readonly number: number; readonly code: string }>(thrown);
  const lost = isSocketError(error.code) || /^E(SOCKET|TIMEOUT|INSTLOOKUP|CONNCLOSED|INVALIDSTATE)$/.test(error.code ?? '');
  const kind = KIND_OF_NUMBER.get(error.number ?? 0) ?? (error.code === 'ELOGIN' ? 'access' : lost ? 'connection' : 'permanent');
  return discreetError({ kind, code: `Error ${error.number ?? error.code ?? '?'}`, text: error.message }, discretion);
}

export class SqlServerConnection implements Connection {
  private lost: DatabaseError | null = null;

  constructor(
    private readonly module: TediousModule,
    private readonly client: TediousClient,
    private readonly discretion: Discretion,
  ) {
    const gone = (error?: Error): void => {
      this.lost ??= error
        ? sqlServerError(error, this.discretion)
        : new DatabaseError('connection', 'The server has closed the connection');
    };
    client.on('error', gone);
    client.on('end', () => gone());
  }

  private send(sql: string, params: readonly BindValue[], onRow: (row: RawRow, request: TediousRequest) => void): Promise<number> {
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      const request = new this.module.Request(sql, (error, rowCount) =>
        error ? reject(sqlServerError(error, this.discretion)) : resolve(rowCount ?? 0),
      );
      request.on('row', cells =>
        onRow(
          cells.map(({ value }) => value),
          request,
        ),
      );
      for (const [i, value] of params.entries()) {
        request.addParameter(`p${i + 1}`, this.typeOf(value), typeof value === 'bigint' ? value.toString() : value);
      }
      if (params.length > 0) this.client.execSql(request);
      else this.client.execSqlBatch(request);
    });
  }

  private typeOf(value: BindValue): unknown {
    const { TYPES } = this.module;
    if (Buffer.isBuffer(value)) return TYPES.VarBinary;
    if (typeof value === 'bigint') return TYPES.BigInt;
    if (typeof value === 'boolean') return TYPES.Bit;
    return typeof value === 'number' ? TYPES.Float : TYPES.NVarChar;
  }

  async query(sql: string, params: readonly BindValue[] = []): Promise<readonly RawRow[]> {
    const rows: RawRow[] = [];
    await this.send(sql, params, row => rows.push(row));
    return rows;
  }

  async openCursor(sql: string, params: readonly BindValue[], _fetchRows: number): Promise<RowCursor> {
    let request: TediousRequest | null = null;
    const cursor = new PushedRowCursor({
      pause: () => request?.pause(),
      resume: () => request?.resume(),
      abandon: () => this.client.close(),
    });
    const take = (row: RawRow, of: TediousRequest): void => {
      request = of;
      cursor.take(row);
    };
    this.send(sql, params, take).then(
      () => cursor.end(null),
      (error: Error) => cursor.end(error),
    );
    return cursor;
  }

  async columnsOfQuery(sql: string): Promise<Column[]> {
    return (await this.query(RESULT_COLUMNS_SQL, [sql])).map(columnOfRow);
  }

  async columnsOfTable(table: TableId): Promise<Column[]> {
    return (await this.query(COLUMNS_SQL, [SQLSERVER_IDENTIFIERS.table(table)])).map(columnOfRow);
  }

  createWriter(plan: WritePlan): BatchWriter {
    const sql = rowSqlWithMerge(SQLSERVER_IDENTIFIERS, plan, mergeSyntax(plan));
    return {
      write: async rows => {
        let changed = 0;
        for (const row of rows) changed += await this.send(sql, row, () => {});
        return changed;
      },
    };
  }

  private async plain(sql: string): Promise<void> {
    await this.send(sql, [], () => {});
  }

  begin(): Promise<void> {
    return this.plain('BEGIN TRANSACTION');
  }

  commit(): Promise<void> {
    return this.plain('COMMIT');
  }

  rollback(): Promise<void> {
    return this.plain('IF @@TRANCOUNT > 0 ROLLBACK');
  }

  async setSavepoint(): Promise<void> {
    await this.plain('SAVE TRANSACTION rows_begin');
  }

  /** SQL Server has no such statement; a savepoint ends with the transaction. */
  async releaseSavepoint(): Promise<void> {}

  async rollbackToSavepoint(): Promise<void> {
    await this.plain('ROLLBACK TRANSACTION rows_begin');
  }

  isValid(): Promise<boolean> {
    return this.plain('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    this.lost ??= new DatabaseError('connection', 'The connection is closed');
    this.client.close();
  }
}
