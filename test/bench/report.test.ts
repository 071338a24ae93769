import { lineOf } from './inputs';
import { median, rate } from './measure';
import { format, markdownTable } from './report';

describe('figures of the benchmark', () => {
  test('the median is the middle, and the mean of the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect(median([])).toBeNaN();
  });

  test('a rate leaves out what was there at the first look', () => {
    expect(rate({ at: 1000, value: 500 }, { at: 3000, value: 2500 })).toBe(1000);
    expect(rate({ at: 1000, value: 500 }, { at: 1000, value: 500 })).toBeNaN();
  });

  test('are written with the digits that mean something', () => {
    expect([0.123, 12.34, 123.4, 1234567, Number.NaN].map(format)).toEqual(['0.12', '12.3', '123', '1,234,567', '?']);
  });

  test('all lines of the input have 95 bytes and differ', () => {
    const lines = [0, 1, 996, 1_999_999].map(lineOf);
    expect(lines.map(line => Buffer.byteLength(line))).toEqual([95, 95, 95, 95]);
    expect(new Set(lines).size).toBe(4);
  });

  test('the table says how many times better, whichever way better is', () => {
    const lane = { name: 'source', what: '', higherIsBetter: ['records/s'] };
    const table = markdownTable([
      {
        lane,
        subject: 'ours',
        runs: [
          { 'records/s': 300, MiB: 10 },
          { 'records/s': 500, MiB: 20 },
          { 'records/s': 400, MiB: 10 },
        ],
      },
      { lane, subject: 'java', runs: [{ 'records/s': 100, MiB: 40 }] },
      { lane: { ...lane, name: 'idle' }, subject: 'java', runs: [{ MiB: 1 }] },
    ]);
    expect(table.split('\n').slice(2)).toEqual([
      '| source | records/s | 400 (300-500) | 100 | - | 4.0 x |',
      '| source | MiB | 10.0 (10.0-20.0) | 40.0 | - | 4.0 x |',
      '| idle | MiB | - | 1.00 | - | - |',
    ]);
  });
});
