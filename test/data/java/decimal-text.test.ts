import { BigDecimal } from '../../../src/data/java/big-numbers';
import { readDecimal } from '../../../src/data/java/decimal-text';
import { seeded } from '../../../src/testing/data/random';

const NEITHER = 'is neither a decimal digit number, decimal point, nor "e" notation exponential mark.';

test.each([
  ['1.50', 150n, 2],
  ['-.5', -5n, 1],
  ['+7.', 7n, 0],
  ['1e2147483647', 1n, -2147483647],
  ['1e-2147483647', 1n, 2147483647],
  ['1e+00000000000005', 1n, -5],
  ['\u0661\u0662.\u0665', 125n, 1],
  ['\u06f15', 15n, 0],
  ['1e\u0663', 1n, -3],
  ['\uff11', 1n, 0],
])('reads %p', (text, unscaled, scale) => expect(BigDecimal.parse(text)).toEqual(new BigDecimal(unscaled, scale)));

test.each([
  ['', ''],
  ['+', 'No digits found.'],
  ['.', 'No digits found.'],
  ['e5', 'No digits found.'],
  ['e', ''],
  ['1e', ''],
  ['1e+', ''],
  ['1.2.3', 'Character array contains more than one decimal point.'],
  ['12345678901234567890.1.1', 'Character array contains more than one decimal point.'],
  ['abc', `Character a ${NEITHER}`],
  [' 1', `Character   ${NEITHER}`],
  ['--1', `Character - ${NEITHER}`],
  ['NaN', `Character N ${NEITHER}`],
  ['1f', `Character f ${NEITHER}`],
  ['1\u{1d7d8}', `Character \ud835 ${NEITHER}`],
  ['123456789012345678901234567890x', 'Character array is missing "e" notation exponential mark.'],
  ['12345678901234567890ex', 'Not a digit.'],
  ['1e5.5', 'Not a digit.'],
  ['1e5e5', 'Not a digit.'],
  ['0e99999999999', 'Too many nonzero exponent digits.'],
  ['1e2147483648', 'Exponent overflow.'],
  ['1e-2147483649', 'Exponent overflow.'],
  ['1e-2147483648', 'Scale out of range.'],
  ['1.0e-2147483647', 'Scale out of range.'],
])('refuses %p as Java does', (text, message) => {
  expect(() => BigDecimal.parse(text)).toThrow(expect.objectContaining({ code: 'NumberFormatException', message }) as Error);
});

test('short numbers are read as long ones are', () => {
  const random = seeded(21);
  for (let round = 0; round < 3000; round++) {
    const digits = String(random(1_000_000_000)).slice(0, 1 + random(9));
    const at = random(digits.length + 1);
    const text = (random(2) === 0 ? '-' : '') + (random(4) === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`);
    // zeros in front change nothing but the length
    const long = text.replace(/^-?/, sign => `${sign}${'0'.repeat(20)}`);
    expect([text, readDecimal(text)]).toEqual([text, readDecimal(long)]);
  }
});

test.each(['', '-', '.', '-.', '--1', '1-', '1.2.3', '1 ', '1e', '+', 'x'])('%p is no short number either', text => {
  expect(() => readDecimal(text)).toThrow(expect.objectContaining({ code: 'NumberFormatException' }));
});
