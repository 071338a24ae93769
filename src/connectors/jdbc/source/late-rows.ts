/**
 * Rows that are committed after others with a later timestamp, or a greater number, were read. Each query looks back a while, and what
 * was sent already is left out: rows are known by a digest of all their values, and counted where several are alike.
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

/** Rows that are remembered; about 200 bytes each. Where the window holds more, it is made shorter. */
const MAX_REMEMBERED_ROWS = 100_000;
const NANOS_PER_MS = 1_000_000n;

/** How often a row was sent, and its place in the order. */
interface Sent {
  readonly count: number;
  readonly rank: bigint;
}

/** Further back there are no numbers, and no times that every database knows: the year 1. */
const MIN_LONG = -(2n ** 63n);
const MIN_NANOS = -62_135_596_800_000n * NANOS_PER_MS;

export class LateRows {
  private readonly sent = new Map<string, Sent>();
  private readonly seen = new Map<string, number>();
  /** Rows up to this rank may be forgotten, so they are not read again. */
  private floor: bigint | null = null;

  constructor(
    private readonly lookBack: LookBack,
    private readonly maxRows = MAX_REMEMBERED_ROWS,
  ) {}

  /** Where a query begins that goes on after this position. */
  begin(last: SourcePosition): SourcePosition {
    this.seen.clear();
    const from = this.bound(last);
    if (from === null) return last;
    for (const [digest, { rank }] of this.sent) if (rank <= from) this.sent.delete(digest);
    if (last.timestamp === null) return { timestamp: null, incrementing: from };
    return { timestamp: instantOfNanos(from), incrementing: BEHIND_ALL };
  }

  /** Whether a row that the query returned was not sent before; it counts as sent then. */
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

  /** What is past the window, and what is too much. */
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

/** One number for the order of rows. */
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
