/** The part of the package tedious that is used. */
import { loadDriver } from '../database/driver';

/** A column of a result. */
export interface TediousField {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly precision?: number;
  readonly scale?: number;
  readonly dataLength?: number;
  /** Bit 0: nullable; bit 4: identity. */
  readonly flags: number;
}

type TediousCell = { readonly value: unknown };

export interface TediousRequest {
  on(event: 'row', listener: (cells: readonly TediousCell[]) => void): void;
  on(event: 'columnMetadata', listener: (fields: readonly TediousField[]) => void): void;
  addParameter(name: string, type: unknown, value: unknown): void;
  pause(): void;
  resume(): void;
}

export interface TediousClient {
  on(event: 'error' | 'end', listener: (error?: Error) => void): void;
  connect(done: (error?: Error) => void): void;
  execSql(request: TediousRequest): void;
  execSqlBatch(request: TediousRequest): void;
  close(): void;
}

export interface TediousModule {
  readonly Connection: new (options: Readonly<Record<string, unknown>>) => TediousClient;
  readonly Request: new (sql: string, done: (error: Error | null | undefined, rowCount?: number) => void) => TediousRequest;
  readonly TYPES: Readonly<Record<'NVarChar' | 'VarBinary' | 'BigInt' | 'Float' | 'Bit', unknown>>;
}

export const loadTedious = (): TediousModule => loadDriver('tedious', () => require('tedious'));
