/** A connection to Oracle over the package oracledb. Not tested against a server, see README. */

import type { BatchWriter, BindValue, Connection, RawRow, ReadLimit, RowCursor, WritePlan } from '../database/connection';
import { DatabaseError, type Discretion, discreetError, type FailureKind, thrownByDriver } from '../database/database-error';
import { rowSqlWithMerge } from '../database/merge-statement';
import { FetchSize, takeWithin } from '../database/row-buffer';
import type { TableId } from '../database/table-id';
import type { Column } from '../database/values/column';
import { COLUMNS_SQL, columnOfField, columnOfRow } from './oracle-columns';
import type { OracleClient, OracleExecuteOptions, OracleField, OracleModule, OracleResult } from './oracle-driver';
import { MERGE_SYNTAX, ORACLE_IDENTIFIERS } from './oracle-syntax';

/** Error numbers by kind; all others are permanent. */
const NUMBERS: readonly (readonly [FailureKind, readonly number[]])[] = [
  ['connection', [28, 31, 1012, 1033, 1034, 1035, 1089, 1090, 1092, 1109, 3113, 3114, 3135, 12170, 12514, 12516, 12518, 12519, 12520]],
  ['connection', [12528, 12537, 12541, 12571, 25402, 25405, 25408, 25409]],
  // locks, room, an old snapshot, open for reading only
  ['transient', [54, 60, 257, 1013, 1555, 1652, 1653, 1654, 1688, 4020, 4068, 8177, 16000, 30006, 30036]],
  ['data', [1, 1400, 1407, 1401, 1438, 1426, 1722, 1830, 1839, 1841, 1843, 1847, 2290, 2291, 2292, 6502, 12899, 1465]],
  ['definition', [904, 942, 4043]],
  ['access', [1005, 1017, 1031, 1045, 28000, 28001]],
];

const KIND_OF_NUMBER = new Map(NUMBERS.flatMap(([kind, numbers]) => numbers.map(number => [number, kind] as const)));

/** Converts an error. */
export function oracleError(thrown: unknown, discretion: Discretion): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const error = thrownByDriver<{ readonly errorNum: number }>(thrown);
  const kind = KIND_OF_NUMBER.get(error.errorNum ?? 0) ?? (/^NJS-5\d\d/.test(error.message) ? 'connection' : 'permanent');
  return discreetError({ kind, code: `ORA-${error.errorNum ?? '?'}`, text: error.message }, discretion);
}

export class OracleConnection implements Connection {
  constructor(
    private readonly module: OracleModule,
    private readonly client: OracleClient,
    private readonly discretion: Discretion,
  ) {}

  private async attempt<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw oracleError(error, this.discretion);
    }
  }

  /** Numbers and times are returned as text, so that none is rounded; large objects are returned whole. */
  private readonly asText = (field: OracleField): { readonly type: unknown } | undefined => {
    if (field.dbTypeName === 'BLOB') return { type: this.module.BUFFER };
    return /RAW$|^BINARY_/.test(field.dbTypeName) ? undefined : { type: this.module.STRING };
  };

  private run(sql: string, params: readonly BindValue[], options: OracleExecuteOptions = {}): Promise<OracleResult> {
    return this.attempt(() => this.client.execute(sql, params.map(param), { fetchTypeHandler: this.asText, ...options }));
  }

  async query(sql: string, params: readonly BindValue[] = []): Promise<readonly RawRow[]> {
    return (await this.run(sql, params)).rows ?? [];
  }

  async openCursor(sql: string, params: readonly BindValue[], fetchRows: number): Promise<RowCursor> {
    const { resultSet } = await this.run(sql, params, { resultSet: true, fetchArraySize: fetchRows });
    if (!resultSet) throw new DatabaseError('permanent', 'The statement returns no rows');
    const size = new FetchSize(fetchRows);
    let fetched: readonly RawRow[] = [];
    let taken = 0;
    const fetch = async (limit: ReadLimit): Promise<void> => {
      fetched = await this.attempt(() => resultSet.getRows(size.next(limit)));
      size.seen(fetched);
      taken = 0;
    };
    return {
      async read(limit) {
        if (taken >= fetched.length) await fetch(limit);
        const rows = takeWithin(fetched, taken, limit);
        taken += rows.length;
        return rows;
      },
      close: () => resultSet.close().catch(() => {}),
    };
  }

  async columnsOfQuery(sql: string): Promise<Column[]> {
    const { metaData = [] } = await this.attempt(() => this.client.getStatementInfo(sql));
    return metaData.map(columnOfField);
  }

  async columnsOfTable({ schema, table }: TableId): Promise<Column[]> {
    return (await this.query(COLUMNS_SQL, [schema, table])).map(columnOfRow);
  }

  /** Array binds: one round trip for all rows. */
  createWriter(plan: WritePlan): BatchWriter {
    const sql = rowSqlWithMerge(ORACLE_IDENTIFIERS, plan, MERGE_SYNTAX);
    return {
      write: async rows => {
        if (rows.length === 0) return 0;
        const result = await this.attempt(() =>
          this.client.executeMany(
            sql,
            rows.map(row => row.map(param)),
            {},
          ),
        );
        return result.rowsAffected ?? 0;
      },
    };
  }

  /** A transaction begins by itself. */
  async begin(): Promise<void> {}

  commit(): Promise<void> {
    return this.attempt(() => this.client.commit());
  }

  rollback(): Promise<void> {
    return this.attempt(() => this.client.rollback());
  }

  async setSavepoint(): Promise<void> {
    await this.query('SAVEPOINT rows_begin');
  }

  /** Oracle has no such statement; a savepoint ends with the transaction. */
  async releaseSavepoint(): Promise<void> {}

  async rollbackToSavepoint(): Promise<void> {
    await this.query('ROLLBACK TO SAVEPOINT rows_begin');
  }

  isValid(): Promise<boolean> {
    return this.client.ping().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.client.breakExecution().catch(() => {});
    await this.client.close({ drop: true }).catch(() => {});
  }
}

/** Oracle has no booleans in SQL before version 23; a Long is sent as text, which NUMBER converts exactly. */
function param(value: BindValue): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'bigint' ? value.toString() : value;
}
