/** The part of the package oracledb that is used, in its thin mode, which needs no library of Oracle. */
import { loadDriver } from '../database/driver';

/** A column of a result. */
export interface OracleField {
  readonly name: string;
  readonly dbTypeName: string;
  readonly nullable: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly byteSize?: number;
}

interface OracleResultSet {
  getRows(count: number): Promise<unknown[][]>;
  close(): Promise<void>;
}

export interface OracleResult {
  readonly rows?: unknown[][];
  readonly metaData?: readonly OracleField[];
  readonly resultSet?: OracleResultSet;
  readonly rowsAffected?: number;
}

type FetchTypeHandler = (field: OracleField) => { readonly type: unknown } | undefined;

/** Options of one statement. */
export interface OracleExecuteOptions {
  readonly resultSet?: boolean;
  readonly fetchArraySize?: number;
  readonly autoCommit?: boolean;
  readonly fetchTypeHandler?: FetchTypeHandler;
}

export interface OracleClient {
  execute(sql: string, params: readonly unknown[], options: OracleExecuteOptions): Promise<OracleResult>;
  executeMany(sql: string, rows: readonly (readonly unknown[])[], options: OracleExecuteOptions): Promise<OracleResult>;
  getStatementInfo(sql: string): Promise<{ readonly metaData?: readonly OracleField[] }>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  ping(): Promise<void>;
  breakExecution(): Promise<void>;
  close(options: { readonly drop: boolean }): Promise<void>;
}

export interface OracleModule {
  getConnection(options: Readonly<Record<string, unknown>>): Promise<OracleClient>;
  readonly STRING: unknown;
  readonly BUFFER: unknown;
}

export const loadOracle = (): OracleModule => loadDriver('oracledb', () => require('oracledb'));
