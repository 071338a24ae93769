import { BigDecimal, fromTwosComplement, toTwosComplement } from '../../../src/data/java/big-numbers';

test.each([
  ['1.50', 150n, 2],
  ['-0.001', -1n, 3],
  ['1e5', 1n, -5],
  ['1.5E-3', 15n, 4],
  ['+7', 7n, 0],
  ['.5', 5n, 1],
  ['5.', 5n, 0],
])('parses %s', (text, unscaled, scale) => expect(BigDecimal.parse(text)).toEqual(new BigDecimal(unscaled, scale)));

test.each(['', '.', 'x', '1e', '1 ', '--1', '1e99999999999', 'NaN', '0x10'])('refuses %p', text => {
  expect(() => BigDecimal.parse(text)).toThrow(expect.objectContaining({ code: 'NumberFormatException' }));
});

test.each([
  [150n, 2, '1.50', '1.50'],
  [1n, -5, '1E+5', '100000'],
  [1n, 7, '1E-7', '0.0000001'],
  [1n, 6, '0.000001', '0.000001'],
  [-12345n, -2, '-1.2345E+6', '-1234500'],
  [0n, 3, '0.000', '0.000'],
  [0n, -3, '0E+3', '0'],
  [-156n, 2, '-1.56', '-1.56'],
])('text of %s with scale %s', (unscaled, scale, text, plain) => {
  expect(String(new BigDecimal(unscaled, scale))).toBe(text);
  expect(new BigDecimal(unscaled, scale).toPlainString()).toBe(plain);
});

test.each(['1e30', '12.9', '-12.9', '0.0001', '1e-400', '-1e20', '123456789012345678901234567890'])('low 64 bits of %s', text => {
  const { unscaled, scale } = BigDecimal.parse(text);
  const whole = scale > 0 ? unscaled / 10n ** BigInt(scale) : unscaled * 10n ** BigInt(-scale);
  expect(BigDecimal.parse(text).toLong()).toBe(BigInt.asIntN(64, whole));
});

test('huge exponents cost no time', () => {
  expect(BigDecimal.parse('1e2000000000').toLong()).toBe(0n);
  expect(BigDecimal.parse('1e2000000000').toBigInt()).toBeNull();
  expect(BigDecimal.parse('1e-2000000000').toBigInt()).toBe(0n);
  expect(BigDecimal.parse('1e2000000000').toDouble()).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  // the middle between 1 and the next float, and a little beside it; doubles cannot tell these apart
  ['1.000000059604644775390625', 1],
  ['1.00000005960464477539062500001', 1.0000001192092896],
  ['1.00000005960464477539062499999', 1],
  ['-1.00000005960464477539062500001', -1.0000001192092896],
  ['1e39', Number.POSITIVE_INFINITY],
  ['16777217', 16777216],
  ['0.1', Math.fround(0.1)],
  ['1e-60', 0],
])('float nearest to %s', (text, float) => expect(BigDecimal.parse(text).toFloat()).toBe(float));

test.each([0n, 1n, -1n, 127n, 128n, -128n, -129n, 255n, 256n, 32767n, 32768n, -32768n, -32769n, 10n ** 40n, -(10n ** 40n)])(
  'two’s complement of %s is the shortest',
  value => {
    const bytes = toTwosComplement(value);
    expect(fromTwosComplement(bytes)).toBe(value);
    if (bytes.length > 1) expect(fromTwosComplement(bytes.subarray(1))).not.toBe(value);
  },
);

test('numbers around every limit of bytes go to bytes and back in the shortest form', () => {
  for (let bits = 0; bits < 80; bits++) {
    for (const near of [-2n, -1n, 0n, 1n, 2n]) {
      for (const value of [(1n << BigInt(bits)) + near, -(1n << BigInt(bits)) + near]) {
        const bytes = toTwosComplement(value);
        expect(fromTwosComplement(bytes)).toBe(value);
        const shorter = BigInt.asIntN(Math.max(1, (bytes.length - 1) * 8), value);
        if (bytes.length > 1) expect(shorter).not.toBe(value);
      }
    }
  }
});
