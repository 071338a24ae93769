/** A cursor over a portal of PostgreSQL: rows stay at the server until they are requested. */
import type { RawRow, ReadLimit, RowCursor } from '../../database/connection';
import { FetchSize, takeWithin } from '../../database/row-buffer';
import type { PgCursor } from './pg-driver';

/** Rows of the first fetch, when their size is not known. */
const FIRST_ROWS = 100;

/** Fetched rows, and how many were requested. */
interface Fetched {
  readonly rows: readonly RawRow[];
  readonly wanted: number;
}

export class PgRowCursor implements RowCursor {
  private fetched: readonly RawRow[] = [];
  private taken = 0;
  private ended = false;
  private lostTo: Error | null = null;
  /** The next rows, which the server prepares while the caller processes the last ones. */
  private ahead: Promise<Fetched> | null = null;
  /** Called when the connection is lost during a request: pg-cursor does not always call back then. */
  private giveUp: (error: Error) => void = () => {};
  private readonly size: FetchSize;

  /** @param fail converts errors to DatabaseError */
  constructor(
    private readonly cursor: PgCursor,
    fetchRows: number,
    private readonly fail: (error: unknown) => Error,
  ) {
    this.size = new FetchSize(Math.min(fetchRows, FIRST_ROWS));
  }

  async read(limit: ReadLimit): Promise<readonly RawRow[]> {
    if (this.taken >= this.fetched.length && !this.ended) await this.fetch(limit);
    const rows = takeWithin(this.fetched, this.taken, limit);
    this.taken += rows.length;
    if (this.taken >= this.fetched.length && !this.ended) this.fetchAhead(limit);
    return rows;
  }

  private async fetch(limit: ReadLimit): Promise<void> {
    const { rows, wanted } = await (this.ahead ?? this.request(limit));
    this.ahead = null;
    this.size.seen(rows);
    this.fetched = rows;
    this.taken = 0;
    if (rows.length < wanted) this.ended = true;
  }

  private fetchAhead(limit: ReadLimit): void {
    this.ahead = this.request(limit);
    // The next call of `read` gets the error.
    this.ahead.catch(() => {});
  }

  private request(limit: ReadLimit): Promise<Fetched> {
    const wanted = this.size.next(limit);
    return new Promise((resolve, reject) => {
      // Passed directly: a closure per request kept its rows alive through the scavenges of the next dozens of requests.
      this.giveUp = reject;
      if (this.lostTo) reject(this.fail(this.lostTo));
      this.cursor.read(wanted, (error, rows) => (error ? reject(this.fail(error)) : resolve({ rows, wanted })));
    });
  }

  async close(): Promise<void> {
    this.ended = true;
    this.fetched = [];
    // The server handles one request after the other.
    await this.ahead?.catch(() => {});
    return new Promise(resolve => {
      this.giveUp = () => resolve();
      if (this.lostTo) resolve();
      else this.cursor.close(() => resolve());
    });
  }

  /** Rejects the open request, after the connection is lost. */
  lose(error: Error): void {
    this.lostTo ??= error;
    this.giveUp(this.fail(error));
  }
}
