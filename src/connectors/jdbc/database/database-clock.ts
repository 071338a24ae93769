/** The clock of the database, by which its timestamps are set. */
import { ConnectError } from '../../../errors';
import type { Connection } from './connection';
import type { Dialect } from './dialect';
import { type Instant, instantOf, instantOfMs } from './values/timestamp-mapping';
import { UTC } from './values/zone-offset';

/** The current time, truncated to milliseconds, minus a delay in milliseconds, which may be negative. @throws DatabaseError */
export async function readDatabaseClock(dialect: Dialect, connection: Connection, delayMs: number): Promise<Instant> {
  const [row] = await connection.query(dialect.currentTimestampSql);
  const text = row?.[0];
  if (text === undefined || text === null) throw new ConnectError('ConnectException', `${dialect.product} does not tell the time`);
  return instantOfMs(instantOf(String(text), UTC).ms - delayMs);
}
