/** Up to when rows are read: what is younger may still be joined by rows that are older, or of the same time. */
import type { Connection } from '../database/connection';
import { readDatabaseClock } from '../database/database-clock';
import { type Instant, instantOfMs } from '../database/values/timestamp-mapping';
import type { Criteria } from './criteria';
import { compareInstants } from './source-offset';
import type { SourceSettings } from './source-settings';

/** The clock is read to this many digits of a second. */
const CLOCK_DIGITS = 3;

/**
 * The clock of the database less the delay, or the start of the oldest transaction under way where that is waited for. Where rows have
 * whole seconds and no number beside them, the second that goes on is left for later: its next row would look as if it had been read.
 * @throws DatabaseError
 */
export async function endOfQuery(
  { timestamps, incrementing, readsTimestamps }: Criteria,
  { connection: by, timestampDelayMs, waitsForTransactions }: SourceSettings,
  connection: Connection,
): Promise<Instant> {
  const clock = await readDatabaseClock(by.dialect, connection, timestampDelayMs);
  // a text has whole seconds mostly: CURRENT_TIMESTAMP of SQLite writes such
  const finest = readsTimestamps ? 0 : Math.min(...timestamps.map(column => digitsOf(column)));
  const digits = incrementing === null ? finest : CLOCK_DIGITS;
  const unitMs = 10 ** (CLOCK_DIGITS - digits);
  const end = instantOfMs(Math.floor(clock.ms / unitMs) * unitMs);
  const oldest = waitsForTransactions ? await by.dialect.oldestTransaction?.(connection) : null;
  return oldest && compareInstants(oldest, end) < 0 ? oldest : end;
}

/** Days are not waited for: rows of today would come tomorrow. */
function digitsOf({ type, scale }: Criteria['timestamps'][number]): number {
  return type === 'TIMESTAMP' && scale !== null && scale >= 0 ? Math.min(scale, CLOCK_DIGITS) : CLOCK_DIGITS;
}
