import type { RawRow } from '../../../../src/connectors/jdbc/database/connection';
import { LateRows } from '../../../../src/connectors/jdbc/source/late-rows';
import type { PlacedRow } from '../../../../src/connectors/jdbc/source/row-sequence';
import type { SourcePosition } from '../../../../src/connectors/jdbc/source/source-offset';

const number = (n: number): SourcePosition => ({ timestamp: null, incrementing: BigInt(n) });
const time = (ms: number): SourcePosition => ({ timestamp: { ms, nanos: (ms % 1000) * 1e6 }, incrementing: null });
const placed = (row: RawRow, at: SourcePosition): PlacedRow => ({ row, at, reached: at });

/** What a query over these numbers sends; each row holds its number. */
function query(late: LateRows, last: number, rows: readonly number[]): number[] {
  const from = Number(late.begin(number(last)).incrementing);
  return rows.filter(n => n > from && late.isNew(placed([String(n), 'v'], number(n))));
}

test('a row that shows up behind the last one is sent, and none that was sent before', () => {
  const late = new LateRows({ timestampMs: 0, incrementing: 10n });
  expect(query(late, -1, [1, 2, 4])).toEqual([1, 2, 4]);
  expect(query(late, 4, [1, 2, 3, 4])).toEqual([3]);
  expect(query(late, 4, [1, 2, 3, 4, 20])).toEqual([20]);
  expect(query(late, 20, [1, 11, 20])).toEqual([11]);
});

test('without a window nothing is read again, nor left out', () => {
  const late = new LateRows({ timestampMs: 0, incrementing: 0n });
  expect(late.begin(number(7))).toEqual(number(7));
  expect([1, 2].map(() => late.isNew(placed(['x'], number(1))))).toEqual([true, true]);
});

test('rows that are alike are counted, not taken for one; a changed row is another one', () => {
  const late = new LateRows({ timestampMs: 1000, incrementing: 0n });
  const sentOf = (rows: readonly RawRow[]): boolean[] => {
    late.begin(time(5000));
    return rows.map(row => late.isNew(placed(row, time(5000))));
  };
  expect(sentOf([['a'], ['a']])).toEqual([true, true]);
  expect(sentOf([['a'], ['a'], ['a'], ['b']])).toEqual([false, false, true, true]);
  expect(sentOf([[null], ['null'], [Buffer.from('a')], ['a', null], ['an', 'ull']])).toEqual([true, true, true, true, true]);
});

test('the window of time begins behind its first instant, before 1970 too', () => {
  const late = new LateRows({ timestampMs: 1500, incrementing: 0n });
  expect(late.begin(time(5000))).toEqual({ timestamp: { ms: 3500, nanos: 500_000_000 }, incrementing: 2n ** 63n - 1n });
  expect(late.begin(time(0)).timestamp).toEqual({ ms: -1500, nanos: 500_000_000 });
});

test('where more rows are in the window than can be remembered it gets shorter: what is forgotten is not sent twice', () => {
  const late = new LateRows({ timestampMs: 0, incrementing: 1000n }, 3);
  const all = Array.from({ length: 50 }, (_, i) => i + 1);
  expect(query(late, -1, all)).toEqual(all);
  expect(query(late, 50, all)).toEqual([]);
  expect(query(late, 50, [...all, 51])).toEqual([51]);
});

test('the window ends where there are no more numbers, or times that all databases know', () => {
  const late = new LateRows({ timestampMs: Number.MAX_SAFE_INTEGER, incrementing: 2n ** 63n - 1n });
  expect(late.begin(number(-5)).incrementing).toBe(-(2n ** 63n));
  expect(late.begin(time(0)).timestamp).toEqual({ ms: -62_135_596_800_000, nanos: 0 });
  const earlier = { timestamp: { ms: -62_200_000_000_000, nanos: 0 }, incrementing: null };
  expect(late.begin(earlier).timestamp?.ms).toBeLessThan(-62_200_000_000_000);
});
