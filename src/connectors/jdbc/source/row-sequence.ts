/** Rows of a query in their order, each with the position that is safe to store once it is sent. */
import type { RawRow } from '../database/connection';
import type { Criteria } from './criteria';
import { compareInstants, type SourcePosition } from './source-offset';

/** A row, and up to where everything is read once it is sent. */
export interface PlacedRow {
  readonly row: RawRow;
  /** The row's own position. */
  readonly at: SourcePosition;
  /** What to store. */
  readonly reached: SourcePosition;
}

/**
 * Where only timestamps tell what is new, rows of the same timestamp are a group: until all of it is read, its rows carry what the group
 * before them reached, since a query after a crash would leave out the rest. So the last row is held back until the next one is known.
 * Where every row has a place of its own, nothing is held back.
 */
export class RowSequence {
  private held: { readonly row: RawRow; readonly at: SourcePosition } | null = null;

  /** @param reached up to where everything was read before */
  constructor(
    private readonly criteria: Criteria,
    private reached: SourcePosition,
  ) {}

  /** The next rows of the query, which may come out later. */
  next(rows: readonly RawRow[]): PlacedRow[] {
    const placed: PlacedRow[] = [];
    for (const row of rows) this.take(row, placed);
    return placed;
  }

  /** The row that is still held, as the query has come to its end. */
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
