/** Positions of a source, in the forms that Java stores (io.aiven.connect.jdbc.source.TimestampIncrementingOffset, OffsetProtocols). */
import type { SourceOffset, SourcePartition } from '../../../data/record/record';
import { ConnectError } from '../../../errors';
import { type TableId, unquotedName } from '../database/table-id';
import type { Instant } from '../database/values/timestamp-mapping';

/** What is read: an existing table, or the query of the settings. */
export type ReadSubject = { readonly table: TableId } | { readonly query: string };

/** The position up to which rows were read; a part that is unknown or that the mode does not use is null. */
export interface SourcePosition {
  readonly timestamp: Instant | null;
  /** A text for a text column, e.g. a UUID; only the database can order these. */
  readonly incrementing: bigint | string | null;
}

/** Greater than every number and every text: no row of the same timestamp comes after it. */
export const BEHIND_ALL = 2n ** 63n - 1n;

/** The name of a subject, for messages. */
export function labelOf(subject: ReadSubject): string {
  return 'table' in subject ? unquotedName(subject.table) : 'the query';
}

/** The source partition of a subject's rows; Java's worker uses the same. */
export function partitionOf(subject: ReadSubject, mode: string): SourcePartition {
  if ('query' in subject) return { query: 'query' };
  return mode === 'bulk' ? { table: subject.table.table } : { protocol: '1', table: unquotedName(subject.table) };
}

/** Partitions under which an offset may be stored, newest form first. */
export function storedPartitions(subject: ReadSubject): SourcePartition[] {
  if ('query' in subject) return [{ query: 'query' }];
  return [{ protocol: '1', table: unquotedName(subject.table) }, { table: subject.table.table }];
}

/**
 * The stored form of a position, its keys in Java's order; null if there is nothing to store. Java has numbers only; the text form is ours.
 */
export function offsetOf({ timestamp, incrementing }: SourcePosition): SourceOffset | null {
  if (timestamp === null && incrementing === null) return null;
  return {
    ...(timestamp !== null && { timestamp_nanos: BigInt(timestamp.nanos) }),
    ...(typeof incrementing === 'bigint' && { incrementing }),
    ...(typeof incrementing === 'string' && { incrementing_text: incrementing }),
    ...(timestamp !== null && { timestamp: BigInt(timestamp.ms) }),
  };
}

const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * The position of a stored offset. Milliseconds come first, then `timestamp_nanos` replaces the whole fraction of the second; old
 * offsets have none.
 * @throws ConnectException for values that are not whole numbers, nanoseconds of a second or a text
 */
export function positionOfOffset(offset: SourceOffset | null): SourcePosition {
  const whole = (key: string): bigint | null => {
    const stored = offset?.[key];
    if (stored === undefined || stored === null) return null;
    if (typeof stored === 'bigint') return stored;
    throw new ConnectError('ConnectException', `The offset ${key} ${JSON.stringify(String(stored))} is not a whole number`);
  };
  const [ms, nanos] = [whole('timestamp'), whole('timestamp_nanos')];
  if (nanos !== null && (nanos < 0n || nanos >= NANOS_PER_SECOND)) {
    throw new ConnectError('ConnectException', `The offset timestamp_nanos ${nanos} is not between 0 and 999999999`);
  }
  const text = offset?.incrementing_text ?? null;
  if (text !== null && typeof text !== 'string')
    throw new ConnectError('ConnectException', `The offset incrementing_text ${String(text)} is not a text`);
  return { timestamp: ms === null ? null : instantOfStored(ms, nanos), incrementing: text ?? whole('incrementing') };
}

function instantOfStored(ms: bigint, nanos: bigint | null): Instant {
  const withinSecond = ((ms % 1000n) + 1000n) % 1000n;
  const fraction = nanos ?? withinSecond * NANOS_PER_MS;
  return { ms: Number(ms - withinSecond + fraction / NANOS_PER_MS), nanos: Number(fraction) };
}

/** Nanoseconds since 1970. */
export function nanosOf({ ms, nanos }: Instant): bigint {
  return BigInt(Math.floor(ms / 1000)) * NANOS_PER_SECOND + BigInt(nanos);
}

/** The instant of nanoseconds since 1970. */
export function instantOfNanos(nanos: bigint): Instant {
  const fraction = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return { ms: Number((nanos - fraction) / NANOS_PER_MS + fraction / NANOS_PER_MS), nanos: Number(fraction) };
}

/** The later of two positions with the same parts; of texts the second one, since the database has ordered them. */
export function laterOf(a: SourcePosition, b: SourcePosition): SourcePosition {
  const byTime = a.timestamp === null || b.timestamp === null ? 0 : compareInstants(a.timestamp, b.timestamp);
  const isLater = byTime > 0 || (byTime === 0 && numberOf(a) > numberOf(b));
  return isLater ? a : b;
}

/** The number of a position; 0 if it has none. */
export const numberOf = ({ incrementing }: SourcePosition): bigint => (typeof incrementing === 'bigint' ? incrementing : 0n);

/** Orders instants. */
export function compareInstants(a: Instant, b: Instant): number {
  return Math.floor(a.ms / 1000) - Math.floor(b.ms / 1000) || a.nanos - b.nanos;
}
