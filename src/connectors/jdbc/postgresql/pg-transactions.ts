/** Open transactions: their rows become visible later, with the time at which the transaction began. */
import { ConnectError } from '../../../errors';
import type { Connection } from '../database/connection';
import { type Instant, instantOf } from '../database/values/timestamp-mapping';
import { UTC } from '../database/values/zone-offset';

/** For a user without rights, sessions of other users are hidden; only the text of their statements shows that. */
const OLDEST_SQL = `SELECT (min(xact_start) AT TIME ZONE 'UTC')::text, COALESCE(bool_or(query = '<insufficient privilege>'), false)::text
  FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_type = 'client backend' OR backend_type IS NULL)`;

/** See `Dialect.oldestTransaction`. Does not see prepared transactions, nor those on the primary of a replica. */
export async function oldestTransaction(connection: Connection): Promise<Instant | null> {
  const [row] = await connection.query(OLDEST_SQL);
  const [start, isHidden] = row ?? [];
  if (String(isHidden).startsWith('t')) {
    throw new ConnectError('ConnectException', 'timestamp.wait.for.transactions=true needs a user with the role pg_read_all_stats');
  }
  return start === null || start === undefined ? null : instantOf(String(start), UTC);
}
