import { DatabaseError } from '../../../../../src/connectors/jdbc/database/database-error';
import { pgError } from '../../../../../src/connectors/jdbc/postgresql/pg-errors';
import type { PgCursor } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-driver';
import { PgRowCursor } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-row-cursor';

/** pg-cursor when its connection dies between the end of the rows and the server's "ready": it never calls back. */
const SILENT: PgCursor = { read: () => {}, close: () => {} };
const LIMIT = { rows: 10, bytes: 1000 };
const LOSS = new Error('Connection terminated unexpectedly');

function silentCursor(): PgRowCursor {
  return new PgRowCursor(SILENT, 100, error => pgError(error, { secrets: [], hidesValues: false }));
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

/** A server with this many rows, which answers each request when it is told to. */
class SlowCursor implements PgCursor {
  readonly asked: number[] = [];
  private answers: (() => void)[] = [];
  private next = 0;

  constructor(private readonly rows: number) {}

  read(count: number, done: (error: Error | undefined, rows: unknown[][], result: never) => void): void {
    this.asked.push(count);
    const from = this.next;
    this.next = Math.min(this.rows, from + count);
    const rows = Array.from({ length: this.next - from }, (_, i) => [String(from + i)]);
    this.answers.push(() => done(undefined, rows, undefined as never));
  }

  close(done: () => void): void {
    done();
  }

  answer(): void {
    this.answers.shift()?.();
  }
}

test('the next rows are asked for before the caller wants them, and every row comes once, in order', async () => {
  const server = new SlowCursor(35);
  const cursor = new PgRowCursor(server, 10, error => pgError(error, { secrets: [], hidesValues: false }));
  const seen: unknown[] = [];
  for (;;) {
    const rows = cursor.read(LIMIT);
    server.answer();
    const got = await rows;
    if (got.length === 0) break;
    seen.push(...got.map(([id]) => Number(id)));
    if (seen.length === 10) expect(server.asked).toHaveLength(2);
  }
  expect(seen).toEqual(Array.from({ length: 35 }, (_, i) => i));
});

test('rows that were asked for ahead and fail are an error of the next read', async () => {
  const server = new SlowCursor(100);
  const cursor = new PgRowCursor(server, 10, error => pgError(error, { secrets: [], hidesValues: false }));
  const first = cursor.read(LIMIT);
  server.answer();
  expect(await first).toHaveLength(10);
  cursor.lose(LOSS);
  await expect(cursor.read(LIMIT)).rejects.toMatchObject({ kind: 'connection' });
  await cursor.close();
});
