/** Sizes of rows, and taking them within a limit. */
import type { RawRow, ReadLimit } from './connection';

/** Memory of a row besides its values. */
const ROW_BYTES = 64;

/** About how much memory a row takes, in bytes. */
export function rowBytes(row: RawRow): number {
  let bytes = ROW_BYTES;
  for (const value of row) bytes += typeof value === 'string' ? 16 + value.length : Buffer.isBuffer(value) ? 96 + value.length : 8;
  return bytes;
}

/** The rows from `from` on that fit the limit: at least one, if there is one. */
export function takeWithin(rows: readonly RawRow[], from: number, limit: ReadLimit): RawRow[] {
  const taken: RawRow[] = [];
  let bytes = 0;
  for (let at = from; at < rows.length && taken.length < limit.rows; at++) {
    const row = rows[at];
    if (row === undefined) break;
    bytes += rowBytes(row);
    if (taken.length > 0 && bytes > limit.bytes) break;
    taken.push(row);
  }
  return taken;
}

/** Estimates how many rows to fetch for a number of bytes, from the sizes of earlier rows. */
export class FetchSize {
  private averageBytes = 0;

  constructor(private readonly firstRows: number) {}

  /** Notes rows that were fetched. */
  seen(rows: readonly RawRow[]): void {
    if (rows.length === 0) return;
    const average = rows.reduce((sum, row) => sum + rowBytes(row), 0) / rows.length;
    // The estimate grows at once after big rows, and shrinks slowly after small ones.
    this.averageBytes = Math.max(average, this.averageBytes * 0.75);
  }

  /** Rows to fetch next. */
  next(limit: ReadLimit): number {
    if (this.averageBytes === 0) return Math.max(1, Math.min(limit.rows, this.firstRows));
    return Math.max(1, Math.min(limit.rows, Math.floor(limit.bytes / this.averageBytes)));
  }
}
