/** The part of the package mysql2 that is used. */
import { loadDriver } from '../database/driver';

/** A column of a result, as the protocol describes it. */
export interface MySqlField {
  readonly name: string;
  /** Number of the type in the protocol. */
  readonly columnType: number;
  readonly columnLength: number;
  readonly decimals: number;
  readonly flags: number;
  /** 63 for binary. */
  readonly characterSet: number;
  /** Node's name of the encoding. */
  readonly encoding: string;
}

/** A message of the server, with a read position. */
export interface MySqlPacket {
  readonly buffer: Buffer;
  offset: number;
  readInt8(): number;
  readSInt8(): number;
  readInt16(): number;
  readSInt16(): number;
  readInt32(): number;
  readSInt32(): number;
  readFloat(): number;
  readDouble(): number;
  readDateTimeString(decimals: number, separator: string | null, columnType: number): string;
  readTimeString(): string;
  readLengthCodedNumber(): number;
  readLengthCodedBuffer(): Buffer;
}

/** Reads the rows of a result. */
export interface MySqlRowParser {
  next(packet: MySqlPacket): unknown[];
}

/** A running statement; rows come as events. */
export interface MySqlCommand {
  on(event: 'result', listener: (row: unknown) => void): MySqlCommand;
  on(event: 'fields', listener: (fields: readonly MySqlField[]) => void): MySqlCommand;
  on(event: 'error', listener: (error: Error) => void): MySqlCommand;
  on(event: 'end', listener: () => void): MySqlCommand;
  /** Called once the fields are known; may be replaced. */
  buildParserFromFields(fields: readonly MySqlField[], connection: unknown): new () => MySqlRowParser;
}

type Done = (error: Error | null, result: unknown, fields?: readonly MySqlField[]) => void;

interface MySqlQuery {
  readonly sql: string;
  readonly rowsAsArray: true;
  /** Null keeps the driver from looking for placeholders in the text. */
  readonly values?: null;
}

interface MySqlStatement {
  readonly columns: readonly MySqlField[];
  close(): void;
}

export interface MySqlClient {
  execute(query: MySqlQuery, params: readonly unknown[], done: Done): MySqlCommand;
  execute(query: MySqlQuery, params: readonly unknown[]): MySqlCommand;
  query(query: MySqlQuery, done: Done): MySqlCommand;
  prepare(query: { readonly sql: string }, done: (error: Error | null, statement: MySqlStatement) => void): void;
  on(event: 'error' | 'end', listener: (error?: Error) => void): void;
  once(event: 'connect', listener: (handshake: { readonly serverVersion?: string }) => void): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/** Options of a connection. */
export type MySqlOptions = Readonly<Record<string, unknown>>;

/** Options of a login method. */
interface LoginOptions {
  /** PEM of the key that the password is encrypted with. */
  readonly serverPublicKey?: Buffer;
  /** Called with a key from the server before it is used; may throw. */
  readonly onServerPublicKey?: (key: Buffer) => void;
}

export interface MySqlModule {
  createConnection(options: MySqlOptions): MySqlClient;
  /** Login methods by the servers' names. */
  readonly authPlugins: Readonly<Record<'caching_sha2_password' | 'sha256_password', (options: LoginOptions) => unknown>>;
  /** Creates parameters with a fixed type of the protocol. */
  readonly TypedParameter: { LONGLONG(value: bigint): object };
}

export const loadMySql = (): MySqlModule => loadDriver('mysql2', () => require('mysql2'));

/** An error of the server or the driver. */
export interface MySqlError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  /** The connection is gone. */
  readonly fatal?: boolean;
}
