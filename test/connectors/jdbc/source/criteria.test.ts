import { type Column, PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { UTC, ZoneOffset } from '../../../../src/connectors/jdbc/database/values/zone-offset';
import { POSTGRESQL } from '../../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { Criteria } from '../../../../src/connectors/jdbc/source/criteria';
import { checkOffsetAlteration } from '../../../../src/connectors/jdbc/source/offset-alterations';
import { RowSequence } from '../../../../src/connectors/jdbc/source/row-sequence';
import { offsetOf, positionOfOffset } from '../../../../src/connectors/jdbc/source/source-offset';
import { SQLITE } from '../../../../src/connectors/jdbc/sqlite/sqlite-dialect';

const id: Column = { ...PLAIN_COLUMN, name: 'id', type: 'BIGINT', typeName: 'int8', castType: 'int8', autoIncrement: true };
const time = (name: string, type: 'TIMESTAMP' | 'DATE' = 'TIMESTAMP'): Column => ({
  ...PLAIN_COLUMN,
  name,
  type,
  typeName: 'timestamp',
  castType: type.toLowerCase(),
});
const columns = [id, time('ts'), time('Upd'), time('day', 'DATE')];
const mapping = { numericMapping: 'none', granularity: 'connect_logical', zone: UTC, isJulian: false, flavour: 'confluent' } as const;
const criteria = (timestamps: string[], incrementing: string | null, zone = UTC, dialect = POSTGRESQL): Criteria =>
  new Criteria('t', columns, { timestamps, incrementing }, { dialect, quoting: 'always', mapping: { ...mapping, zone } });

const noon = { ms: Date.parse('2024-05-01T12:00:00.123Z'), nanos: 123_456_000 };
const end = { ms: Date.parse('2024-05-02T00:00:00Z'), nanos: 0 };

test('each mode has its condition and its order; several timestamps count as the first that is not NULL', () => {
  const after = { timestamp: noon, incrementing: 7n };
  expect(criteria([], null).condition({ after, end: null })).toEqual({ sql: '', params: [] });
  expect(criteria([], '').condition({ after, end: null })).toEqual({
    sql: ' WHERE "id" > $1::int8 ORDER BY "id" ASC',
    params: [7n],
  });
  expect(criteria(['ts'], null).condition({ after, end })).toEqual({
    sql: ' WHERE "ts" < $1::timestamp AND "ts" > $2::timestamp ORDER BY "ts" ASC',
    params: ['2024-05-02 00:00:00.000', '2024-05-01 12:00:00.123456'],
  });
  const both = criteria(['upd', 'ts'], 'id', new ZoneOffset('Asia/Kolkata')).condition({ after, end });
  const coalesced = 'COALESCE("Upd", "ts")';
  expect(both.sql).toBe(
    ` WHERE ${coalesced} < $1::timestamp AND ${coalesced} >= $2::timestamp AND (${coalesced} > $3::timestamp OR "id" > $4::int8)` +
      ` ORDER BY ${coalesced} ASC, "id" ASC`,
  );
  expect(both.params).toEqual(['2024-05-02 05:30:00.000', '2024-05-01 17:30:00.123456', '2024-05-01 17:30:00.123456', 7n]);
});

test('a day is compared as its midnight, and SQLite compares milliseconds', () => {
  const after = { timestamp: noon, incrementing: null };
  expect(criteria(['day'], null).condition({ after, end }).sql).toContain('"day" > $2::timestamp');
  expect(criteria(['ts'], null, UTC, SQLITE).condition({ after, end }).params).toEqual([BigInt(end.ms), BigInt(noon.ms)]);
});

test('columns that are not there are named; an incrementing column is found by its exact name only', () => {
  expect(() => criteria(['gone'], null)).toThrow('no column gone in t');
  expect(() => criteria([], 'ID')).toThrow('no column ID in t');
});

test('a row stands where its first timestamp that is not NULL is, to the nanosecond, before 1970 too', () => {
  const at = (ts: string, upd: string | null): unknown => criteria(['upd', 'ts'], 'id').positionOf(['9', ts, upd, null]);
  expect(at('2024-05-01 12:00:00.123456', null)).toEqual({ timestamp: noon, incrementing: 9n });
  expect(at('2024-05-01 12:00:00.123456', '2024-05-02 00:00:00')).toEqual({ timestamp: end, incrementing: 9n });
  expect(at('1969-12-31 23:59:59.999999', null)).toEqual({ timestamp: { ms: -1, nanos: 999_999_000 }, incrementing: 9n });
  for (const bad of ['1.5', 'x', '9223372036854775808', null])
    expect(() => criteria([], 'id').positionOf([bad])).toThrow('not a whole number of 64 bits');
});

test('offsets have the form and the order of Java, and come back as they were', () => {
  const offset = offsetOf({ timestamp: noon, incrementing: 3n });
  expect(Object.entries(offset ?? {})).toEqual([
    ['timestamp_nanos', 123_456_000n],
    ['incrementing', 3n],
    ['timestamp', BigInt(noon.ms)],
  ]);
  expect(positionOfOffset(offset)).toEqual({ timestamp: noon, incrementing: 3n });
  expect(positionOfOffset({ timestamp: BigInt(noon.ms) }).timestamp).toEqual({ ms: noon.ms, nanos: 123_000_000 });
  expect(positionOfOffset({ timestamp: -1n, timestamp_nanos: 5n }).timestamp).toEqual({ ms: -1000, nanos: 5 });
  expect(offsetOf({ timestamp: null, incrementing: null })).toBeNull();
  for (const bad of [{ incrementing: '3' }, { timestamp: 1.5 }, { timestamp: 1n, timestamp_nanos: 1_000_000_000n }])
    expect(() => positionOfOffset(bad)).toThrow(/is not a whole number|is not between/);
});

test('only offsets that a task could start with may be set', () => {
  const table = { protocol: '1', table: 'public.t' };
  for (const good of [
    { incrementing: 1n },
    { timestamp: 1n, timestamp_nanos: 0n },
    { timestamp: 9223372036825200000n },
    { incrementing: 2n ** 63n - 1n },
    null,
  ])
    expect(() => checkOffsetAlteration({ partition: table, offset: good })).not.toThrow();
  expect(() => checkOffsetAlteration({ partition: { query: 'query' }, offset: { incrementing: 1n } })).not.toThrow();
  for (const partition of [null, {}, { table: 1 }, { protocol: '2', table: 't' }, { query: 'SELECT' }])
    expect(() => checkOffsetAlteration({ partition, offset: null })).toThrow(/[Pp]artition/);
  for (const offset of [
    {},
    { position: 1n },
    { incrementing: 'x' },
    { timestamp_nanos: 1n },
    { timestamp: 2n ** 63n - 1n },
    { timestamp: 1.5 },
  ])
    expect(() => checkOffsetAlteration({ partition: table, offset })).toThrow(/[Oo]ffset/);
});

describe('what is safe to store after each row', () => {
  const start = { timestamp: { ms: 0, nanos: 0 }, incrementing: null };
  const day = (n: number): string => `2024-01-0${n} 00:00:00`;
  const ms = (n: number): number => Date.parse(`2024-01-0${n}T00:00:00Z`);

  /** The day each row reaches, for rows that come in pieces; 0 is the start. */
  function reached(pieces: readonly (readonly number[])[]): (number | undefined)[] {
    const rows = new RowSequence(criteria(['ts'], null), start);
    const placed = pieces.flatMap(piece => rows.next(piece.map(n => [null, day(n)])));
    return [...placed, ...rows.end()].map(row => [0, ms(1), ms(2), ms(3)].indexOf(row.reached.timestamp?.ms ?? -1));
  }

  test.each([
    [[[1, 1, 2, 2, 3]], [0, 1, 1, 2, 3]],
    [
      [[1], [1], [2], [2], [3]],
      [0, 1, 1, 2, 3],
    ],
    [
      [[1, 1], [1]],
      [0, 0, 1],
    ],
    [[[]], []],
  ])('rows of %j reach %j: a group of ties only with its last row', (pieces, expected) => {
    expect(reached(pieces)).toEqual(expected);
  });

  test('rows that have a number too are each their own', () => {
    const rows = new RowSequence(criteria(['ts'], 'id'), start);
    expect(rows.next([['5', day(1)]]).map(row => row.reached.incrementing)).toEqual([5n]);
    expect(rows.end()).toEqual([]);
  });
});
