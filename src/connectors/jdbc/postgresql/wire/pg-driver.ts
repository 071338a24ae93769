/** The parts of the packages pg and pg-cursor that are used. */
import { loadDriver } from '../../database/driver';

/** A field of a result, as the protocol describes it. */
export interface PgField {
  readonly name: string;
  /** The table's oid; 0 for an expression. */
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

export interface PgResult {
  readonly rows: unknown[][];
  readonly fields: readonly PgField[];
  readonly rowCount: number | null;
}

export interface PgCursor {
  read(rows: number, done: (error: Error | undefined, rows: unknown[][], result: PgResult) => void): void;
  close(done: (error?: Error) => void): void;
}

interface PgQuery {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly rowMode: 'array';
  /** The statement is prepared once under this name, then reused. */
  readonly name?: string;
}

/** The protocol of a connection, as far as our own queries use it. */
export interface PgWire {
  parse(statement: { readonly text: string }): void;
  describe(what: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
  query(sql: string): void;
  sendCopyFromChunk(data: Buffer): void;
  endCopyFrom(): void;
}

/** A query that uses the protocol itself. */
export interface PgSubmittable {
  submit(connection: PgWire): void;
  readonly callback: (error: Error | null) => void;
}

/** The socket, TLS or not. */
export interface PgSocket {
  listeners(event: 'data'): ((...values: never[]) => void)[];
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  removeListener(event: 'data', listener: (chunk: Buffer) => void): void;
  removeAllListeners(event: 'data'): void;
  destroy(): void;
}

type DescriptionListener = (description: { readonly fields: readonly PgField[] }) => void;

/** Incoming data of the connection below a client. */
export interface PgIncoming {
  readonly stream: PgSocket;
  once(event: 'rowDescription', listener: DescriptionListener): void;
  removeListener(event: 'rowDescription', listener: DescriptionListener): void;
}

export interface PgClient {
  connect(): Promise<void>;
  query(query: PgQuery): Promise<PgResult>;
  query(cursor: PgCursor): PgCursor;
  query(own: PgSubmittable): unknown;
  end(): Promise<void>;
  on(event: 'error' | 'notice', listener: (error: Error) => void): void;
  on(event: 'end', listener: () => void): void;
  readonly connection: PgIncoming;
  /** The server's process id, as sent when connecting. */
  readonly processID: number | null;
}

/** Options of a client. */
export type PgOptions = Readonly<Record<string, unknown>>;

interface PgModule {
  readonly Client: new (options: PgOptions) => PgClient;
}

export type PgCursorClass = new (text: string, values: readonly unknown[], options: PgOptions) => PgCursor;

export const loadPg = (): PgModule => loadDriver('pg', () => require('pg'));

export const loadPgCursor = (): PgCursorClass => loadDriver('pg-cursor', () => require('pg-cursor'));

/** An error of the server. */
export interface PgError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly constraint?: string;
  readonly column?: string;
}
