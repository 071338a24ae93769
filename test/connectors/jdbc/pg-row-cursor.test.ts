import { DatabaseError } from '../../../src/connectors/jdbc/database/database-error';
import type { PgCursor } from '../../../src/connectors/jdbc/postgresql/pg-driver';
import { pgError } from '../../../src/connectors/jdbc/postgresql/pg-errors';
import { PgRowCursor } from '../../../src/connectors/jdbc/postgresql/pg-row-cursor';

/** pg-cursor when its connection dies between the end of the rows and the server's "ready": it never calls back. */
const SILENT: PgCursor = { read: () => {}, close: () => {} };
const LIMIT = { rows: 10, bytes: 1000 };
const LOSS = new Error('Connection terminated unexpectedly');

function silentCursor(): PgRowCursor {
  return new PgRowCursor(SILENT, 100, error => pgError(error, []));
}

test('a read that is under way when the connection is lost fails, as one that may be repeated', async () => {
  const cursor = silentCursor();
  const rows = cursor.read(LIMIT);
  cursor.lose(LOSS);
  await expect(rows).rejects.toMatchObject({ kind: 'connection', message: LOSS.message });
  await expect(rows).rejects.toBeInstanceOf(DatabaseError);
});

test('a read after the loss fails too, and is not taken for the end of the rows', async () => {
  const cursor = silentCursor();
  cursor.lose(LOSS);
  await expect(cursor.read(LIMIT)).rejects.toMatchObject({ kind: 'connection' });
});

test('closing ends, whether the connection is lost before or meanwhile', async () => {
  const before = silentCursor();
  before.lose(LOSS);
  await before.close();
  const meanwhile = silentCursor();
  const closed = meanwhile.close();
  meanwhile.lose(LOSS);
  await closed;
});
