/** Up to when rows are read: what is younger may still be joined by rows that are older. */
import type { Connection } from '../database/connection';
import { readDatabaseClock } from '../database/database-clock';
import type { Instant } from '../database/timestamp-mapping';
import { compareInstants } from './source-offset';
import type { SourceSettings } from './source-settings';

/** The clock of the database less the delay, or the start of the oldest transaction under way where that is waited for. @throws DatabaseError */
export async function endOfQuery(
  { connection: by, timestampDelayMs, waitsForTransactions }: SourceSettings,
  connection: Connection,
): Promise<Instant> {
  const end = await readDatabaseClock(by.dialect, connection, timestampDelayMs);
  const oldest = waitsForTransactions ? await by.dialect.oldestTransaction?.(connection) : null;
  return oldest && compareInstants(oldest, end) < 0 ? oldest : end;
}
