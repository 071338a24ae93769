/**
 * Rows that are committed after rows with a later timestamp or a greater number were read. Each query looks back, and rows already sent are
 * skipped: they are recognized by a digest of all values, with a count of equal rows.
 */
import { createHash } from 'node:crypto';
import type { RawRow } from '../database/connection';
import type { PlacedRow } from './row-sequence';
import { BEHIND_ALL, instantOfNanos, nanosOf, numberOf, type SourcePosition } from './source-offset';

/** How far to look back; 0 means not at all. */
export interface LookBack {
  readonly timestampMs: number;
  readonly incrementing: bigint;
}

/** The most rows that are remembered, about 200 bytes each. If the window has more rows, it is shortened. */
const MAX_REMEMBERED_ROWS = 100_000;
const NANOS_PER_MS = 1_000_000n;

/** How often a row was sent, and its rank. */
interface Sent {
  readonly count: number;
  readonly rank: bigint;
}

/** Limits of looking back: the smallest number, and the year 1, which every database knows. */
const MIN_LONG = -(2n ** 63n);
const MIN_NANOS = -62_135_596_800_000n * NANOS_PER_MS;

export class LateRows {
  private readonly sent = new Map<string, Sent>();
  private readonly seen = new Map<string, number>();
  /** Rows up to this rank may be forgotten already, so they must not be read again. */
  private floor: bigint | null = null;

  constructor(
    private readonly lookBack: LookBack,
    private readonly maxRows = MAX_REMEMBERED_ROWS,
  ) {}

  /** The start of the query after this position. */
  begin(last: SourcePosition): SourcePosition {
    this.seen.clear();
    const from = this.bound(last);
    if (from === null) return last;
    for (const [digest, { rank }] of this.sent) if (rank <= from) this.sent.delete(digest);
    if (last.timestamp === null) return { timestamp: null, incrementing: from };
    return { timestamp: instantOfNanos(from), incrementing: BEHIND_ALL };
  }

  /** True if a row was not sent before; notes it as sent. */
  isNew({ row, at }: PlacedRow): boolean {
    if (this.window(at) === 0n) return true;
    const digest = digestOf(row);
    const count = (this.seen.get(digest) ?? 0) + 1;
    this.seen.set(digest, count);
    if (count <= (this.sent.get(digest)?.count ?? 0)) return false;
    this.sent.delete(digest);
    this.sent.set(digest, { count, rank: rankOf(at) });
    this.forgetOldest(rankOf(at) - this.window(at));
    return true;
  }

  /** Forgets rows before the window, and those beyond the limit. */
  private forgetOldest(bound: bigint): void {
    for (const [digest, { rank }] of this.sent) {
      if (rank > bound && this.sent.size <= this.maxRows) return;
      this.sent.delete(digest);
      this.seen.delete(digest);
      if (this.floor === null || rank > this.floor) this.floor = rank;
    }
  }

  private bound(last: SourcePosition): bigint | null {
    const window = this.window(last);
    if (window === 0n) return null;
    const wanted = rankOf(last) - window;
    const least = last.timestamp === null ? MIN_LONG : MIN_NANOS;
    const from = wanted < least && rankOf(last) >= least ? least : wanted;
    return this.floor !== null && this.floor > from ? this.floor : from;
  }

  private window({ timestamp, incrementing }: SourcePosition): bigint {
    if (timestamp !== null) return BigInt(this.lookBack.timestampMs) * NANOS_PER_MS;
    return typeof incrementing === 'bigint' ? this.lookBack.incrementing : 0n;
  }
}

/** The rank of a position, which orders rows. */
function rankOf(position: SourcePosition): bigint {
  return position.timestamp === null ? numberOf(position) : nanosOf(position.timestamp);
}

function digestOf(row: RawRow): string {
  const hash = createHash('sha1');
  for (const value of row) {
    const text = Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
    hash.update(`${value === null ? 'null' : typeof value}:${text.length}:${text};`);
  }
  return hash.digest('base64');
}
