/** Rows of PostgreSQL by portal: as many as are asked for, the rest stays at the server. */
import type { RawRow, ReadLimit, RowCursor } from '../database/connection';
import { FetchSize, takeWithin } from '../database/row-buffer';
import type { PgCursor } from './pg-driver';

/** Rows of the first fetch, when nothing is known of their size. */
const FIRST_ROWS = 100;

export class PgRowCursor implements RowCursor {
  private fetched: readonly RawRow[] = [];
  private taken = 0;
  private ended = false;
  private lostTo: Error | null = null;
  /** Called when the connection is lost while an answer is awaited: pg-cursor does not always call back then. */
  private onLoss: (error: Error) => void = () => {};
  private readonly size: FetchSize;

  /** @param fail makes errors DatabaseError */
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
    return rows;
  }

  private async fetch(limit: ReadLimit): Promise<void> {
    const wanted = this.size.next(limit);
    const rows = await new Promise<unknown[][]>((resolve, reject) => {
      this.onLoss = error => reject(this.fail(error));
      if (this.lostTo) this.onLoss(this.lostTo);
      this.cursor.read(wanted, (error, found) => (error ? reject(this.fail(error)) : resolve(found)));
    });
    this.size.seen(rows);
    this.fetched = rows;
    this.taken = 0;
    if (rows.length < wanted) this.ended = true;
  }

  close(): Promise<void> {
    this.ended = true;
    this.fetched = [];
    return new Promise(resolve => {
      this.onLoss = () => resolve();
      if (this.lostTo) resolve();
      else this.cursor.close(() => resolve());
    });
  }

  /** The connection is lost: nothing that is awaited will come. */
  lose(error: Error): void {
    this.lostTo ??= error;
    this.onLoss(error);
  }
}
