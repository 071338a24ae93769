/** The end of the time range of a query: rows of the same or an earlier time may still be added to younger ones. */
import type { Connection } from '../database/connection';
import { readDatabaseClock } from '../database/database-clock';
import { type Instant, instantOfMs } from '../database/values/timestamp-mapping';
import type { Criteria } from './criteria';
import { compareInstants } from './source-offset';
import type { SourceSettings } from './source-settings';

/** Digits of a second to which the clock is read. */
const CLOCK_DIGITS = 3;

/**
 * The clock of the database minus the delay, or the start of the oldest open transaction if transactions are waited for. If rows have whole
 * seconds and no incrementing column, the current second is left for later: its further rows would seem to be read already.
 * @throws DatabaseError
 */
export async function endOfQuery(
  { timestamps, incrementing, readsTimestamps }: Criteria,
  { connection: by, timestampDelayMs, waitsForTransactions }: SourceSettings,
  connection: Connection,
): Promise<Instant> {
  const clock = await readDatabaseClock(by.dialect, connection, timestampDelayMs);
  // Texts usually have whole seconds, such as those of SQLite's CURRENT_TIMESTAMP.
  const finest = readsTimestamps ? 0 : Math.min(...timestamps.map(column => digitsOf(column)));
  const digits = incrementing === null ? finest : CLOCK_DIGITS;
  const unitMs = 10 ** (CLOCK_DIGITS - digits);
  const end = instantOfMs(Math.floor(clock.ms / unitMs) * unitMs);
  const oldest = waitsForTransactions ? await by.dialect.oldestTransaction?.(connection) : null;
  return oldest && compareInstants(oldest, end) < 0 ? oldest : end;
}

/** The end of a day is not waited for: rows of today would come tomorrow. */
function digitsOf({ type, scale }: Criteria['timestamps'][number]): number {
  return type === 'TIMESTAMP' && scale !== null && scale >= 0 ? Math.min(scale, CLOCK_DIGITS) : CLOCK_DIGITS;
}
