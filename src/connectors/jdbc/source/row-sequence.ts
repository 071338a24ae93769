/** Rows of a query in order, each with the position that may be stored once it is sent. */
import type { RawRow } from '../database/connection';
import type { Criteria } from './criteria';
import { compareInstants, type SourcePosition } from './source-offset';

/** A row with its positions. */
export interface PlacedRow {
  readonly row: RawRow;
  /** The row's own position. */
  readonly at: SourcePosition;
  /** The position to store once the row is sent. */
  readonly reached: SourcePosition;
}

/**
 * If only timestamps tell new rows, rows of the same timestamp form a group: until all of it is read, its rows carry the position of the
 * group before, since a query after a crash would otherwise skip the rest. So the last row is held back until the next one is known. If
 * every row has a position of its own, nothing is held back.
 */
export class RowSequence {
  private held: { readonly row: RawRow; readonly at: SourcePosition } | null = null;

  /** @param reached the position up to which everything was read before */
  constructor(
    private readonly criteria: Criteria,
    private reached: SourcePosition,
  ) {}

  /** Takes the next rows of the query. @returns the rows that are ready */
  next(rows: readonly RawRow[]): PlacedRow[] {
    const placed: PlacedRow[] = [];
    for (const row of rows) this.take(row, placed);
    return placed;
  }

  /** The row that is still held back, at the end of the query. */
  end(): PlacedRow[] {
    const { held } = this;
    this.held = null;
    return held === null ? [] : [this.complete(held.row, held.at)];
  }

  private take(row: RawRow, placed: PlacedRow[]): void {
    const at = this.criteria.positionOf(row);
    if (at.timestamp === null || at.incrementing !== null) {
      placed.push(this.complete(row, at));
      return;
    }
    const { held } = this;
    this.held = { row, at };
    if (held?.at.timestamp == null) return;
    const isComplete = compareInstants(held.at.timestamp, at.timestamp) !== 0;
    placed.push(isComplete ? this.complete(held.row, held.at) : { ...held, reached: this.reached });
  }

  private complete(row: RawRow, at: SourcePosition): PlacedRow {
    this.reached = at;
    return { row, at, reached: at };
  }
}
