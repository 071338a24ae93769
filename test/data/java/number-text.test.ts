import { readFileSync } from 'node:fs';
import { parseBigInteger, parseDouble, parseFloat32, parseInteger, parseLong } from '../../../src/data/java/number-text';
import { inRepository } from '../../helpers/paths';

type Answer = string | null;
/** A text, and what Java reads from it. */
type Row = readonly [text: string, int8: Answer, int32: Answer, int64: Answer, float32: Answer, float64: Answer];

const ROWS = (JSON.parse(readFileSync(inRepository('test', 'fixtures', 'number-texts.json'), 'utf8')) as { rows: Row[] }).rows;

describe('texts of numbers are read as Java reads them', () => {
  test.each(ROWS)('%j', (text, int8, int32, int64, float32, float64) => {
    const integers = [parseInteger(text, 8), parseInteger(text, 32), parseLong(text)];
    expect(integers.map(value => (value === null ? null : String(value)))).toEqual([int8, int32, int64]);
    // compared as numbers, since Java 17 does not always print the shortest text
    const float = float32 === null ? null : Math.fround(Number(float32));
    expect([parseFloat32(text), parseDouble(text)]).toEqual([float, float64 === null ? null : Number(float64)]);
  });
});

test('a BigInteger has no limit', () => {
  expect(parseBigInteger('-99999999999999999999')).toBe(-99999999999999999999n);
  expect(parseBigInteger('1.0')).toBeNull();
});

test.each([
  ['digits', `${'1'.repeat(200_000)}x`],
  ['digits after the point', `.${'1'.repeat(200_000)}x`],
  ['blanks', `1${' '.repeat(200_000)}x`],
])('a long text that is no number after all is refused at once: %s', (_, text) => {
  const start = performance.now();
  expect([parseDouble(text), parseFloat32(text), parseLong(text)]).toEqual([null, null, null]);
  expect(performance.now() - start).toBeLessThan(2000);
});
