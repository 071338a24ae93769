/** COPY FROM STDIN as a query of the package pg. */
import type { PgSubmittable, PgWire } from './pg-driver';

/** One COPY with all its data; pg calls the methods for messages of the server. */
class CopyIn implements PgSubmittable {
  private rows = 0;

  constructor(
    private readonly sql: string,
    private readonly data: Buffer,
    /** pg wraps it if queries have a time limit. */
    readonly callback: (error: Error | null, rows?: number) => void,
  ) {}

  submit(connection: PgWire): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: PgWire): void {
    connection.sendCopyFromChunk(this.data);
    connection.endCopyFrom();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.rows = Number(text.slice(text.lastIndexOf(' ') + 1));
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.rows);
  }
}

/**
 * Sends data in the text format of COPY.
 * @param submit hands the query to the client
 * @returns rows that were written
 * @throws what the driver throws
 */
export function copyIn(submit: (query: PgSubmittable) => void, sql: string, data: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    submit(new CopyIn(sql, data, (error, rows = 0) => (error ? reject(error) : resolve(rows))));
  });
}
