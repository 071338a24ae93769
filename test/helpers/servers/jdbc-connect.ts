import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';

/** Connects as a task would. */
export function connectJdbc(server: { readonly user: string; readonly password: string }, url: string): Promise<Connection> {
  const address = { ...readJdbcUrl(url), user: server.user, password: server.password };
  return dialectFor(address.kind, '').connect({ address, timeoutMs: 10_000, busyTimeoutMs: 200, hidesValues: false });
}
