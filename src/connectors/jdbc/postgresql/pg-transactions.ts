/** Transactions under way: rows that they have written show later, with the time at which they began. */
import { ConnectError } from '../../../errors';
import type { Connection } from '../database/connection';
import { type Instant, instantOf } from '../database/values/timestamp-mapping';
import { UTC } from '../database/values/zone-offset';

/** Sessions of other users are hidden from a user without rights, which shows in the text of their statements only. */
const OLDEST_SQL = `SELECT (min(xact_start) AT TIME ZONE 'UTC')::text, COALESCE(bool_or(query = '<insufficient privilege>'), false)::text
  FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_type = 'client backend' OR backend_type IS NULL)`;

/** See `Dialect.oldestTransaction`. Prepared transactions and those of a server that this one is a replica of are not seen. */
export async function oldestTransaction(connection: Connection): Promise<Instant | null> {
  const [row] = await connection.query(OLDEST_SQL);
  const [start, isHidden] = row ?? [];
  if (String(isHidden).startsWith('t')) {
    throw new ConnectError('ConnectException', 'timestamp.wait.for.transactions=true needs a user with the role pg_read_all_stats');
  }
  return start === null || start === undefined ? null : instantOf(String(start), UTC);
}
