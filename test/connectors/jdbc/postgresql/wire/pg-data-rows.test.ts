/** Rows must come out the same however the network cuts them, and the driver must get every other byte in its order. */
import { EventEmitter } from 'node:events';
import { PgDataRows } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-data-rows';
import type { PgCursor, PgField, PgIncoming, PgSocket } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-driver';
import { readerOfType } from '../../../../../src/connectors/jdbc/postgresql/wire/pg-value-readers';

const INT8 = 20;
const TEXT = 25;

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

function dataRow(...values: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(values.length);
  const fields = values.map(value => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value ?? '')]);
  });
  return message('D', count, ...fields);
}

/** A connection on which the driver notes what it reads. */
function wireOf(): { wire: PgIncoming; events: EventEmitter; send(bytes: Buffer): void; seen(): Buffer } {
  const socket = new EventEmitter();
  const read: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => read.push(Buffer.from(chunk)));
  const events = Object.assign(new EventEmitter(), { stream: Object.assign(socket, { destroy: () => {} }) as unknown as PgSocket });
  return { wire: events as unknown as PgIncoming, events, send: bytes => void socket.emit('data', bytes), seen: () => Buffer.concat(read) };
}

/** A cursor whose answer is given by hand. */
class HandCursor implements PgCursor {
  done: (() => void) | null = null;

  read(_: number, done: (error: Error | undefined, rows: unknown[][], result: never) => void): void {
    this.done = () => done(undefined, [], undefined as never);
  }

  close(done: () => void): void {
    done();
  }
}

const field = (dataTypeID: number): Partial<PgField> => ({ dataTypeID });
const NOTICE = message('N', Buffer.from('a notice'));
const SUSPENDED = message('s');
const LONG = 'x'.repeat(300);

test.each([1, 2, 3, 7, 64, 10_000])('pieces of %d bytes', size => {
  const { wire, events, send, seen } = wireOf();
  const cursor = new HandCursor();
  const rows = new PgDataRows(cursor, wire);
  events.emit('rowDescription', { fields: [field(INT8), field(TEXT)] });
  const stream = Buffer.concat([NOTICE, dataRow('1', LONG), dataRow(null, 'é'), NOTICE, dataRow('-7', ''), SUSPENDED]);
  const got: unknown[][] = [];
  rows.read(10, (_, taken) => got.push(...taken));
  for (let at = 0; at < stream.length; at += size) send(stream.subarray(at, at + size));
  cursor.done?.();
  expect(got).toEqual([
    [1, LONG],
    [null, 'é'],
    [-7, ''],
  ]);
  expect(seen()).toEqual(Buffer.concat([NOTICE, NOTICE, SUSPENDED]));
});

test('when it is closed the driver reads on, with what is left', () => {
  const { wire, send, seen } = wireOf();
  const rows = new PgDataRows(new HandCursor(), wire);
  send(NOTICE.subarray(0, 4));
  expect(seen()).toHaveLength(0);
  rows.close(() => {});
  send(NOTICE.subarray(4));
  expect(seen()).toEqual(NOTICE);
});

test.each<[number, string, unknown]>([
  [16, 't', true],
  [16, 'f', false],
  [23, '-2147483648', -2_147_483_648],
  [20, '999999999999999', 999_999_999_999_999],
  [20, '-9223372036854775808', '-9223372036854775808'],
  [701, 'Infinity', 'Infinity'],
  [1700, '-12.50', '-12.50'],
  [1114, '2024-02-29 12:34:56', Date.UTC(2024, 1, 29, 12, 34, 56)],
  [1114, '2024-02-29 12:34:56.7', Date.UTC(2024, 1, 29, 12, 34, 56, 700)],
  [1114, '1969-12-31 23:59:59.999', -1],
  [1184, '2024-02-29 12:34:56.789+00', Date.UTC(2024, 1, 29, 12, 34, 56, 789)],
  [1184, '2024-02-29 12:34:56+05:30', '2024-02-29 12:34:56+05:30'],
  [1114, '2024-02-29 12:34:56.789123', '2024-02-29 12:34:56.789123'],
  [1114, '10000-01-01 00:00:00', '10000-01-01 00:00:00'],
  [1114, '0044-03-15 00:00:00 BC', '0044-03-15 00:00:00 BC'],
  [1114, '0044-03-15 00:00:00', '0044-03-15 00:00:00'],
  [1114, 'infinity', 'infinity'],
])('type %d: %s', (type, text, expected) => {
  const bytes = Buffer.from(`..${text}..`);
  expect(readerOfType(type)(bytes, 2, bytes.length - 2)).toEqual(expected);
});
