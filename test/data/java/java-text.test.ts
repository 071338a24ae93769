import { BigDecimal, BigInteger } from '../../../src/data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../../src/data/java/boxed';
import { ByteBuffer } from '../../../src/data/java/byte-buffer';
import { javaClassOf } from '../../../src/data/java/java-class';
import { dateOf, epochMillis } from '../../../src/data/java/java-date';
import { doubleText, floatText, javaText } from '../../../src/data/java/java-text';
import { INT32_SCHEMA, STRING_SCHEMA } from '../../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { Struct } from '../../../src/data/schema/struct';
import { seeded } from '../../../src/testing/data/random';

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [100, '100.0'],
  [0.001, '0.001'],
  [0.00099, '9.9E-4'],
  [9999999, '9999999.0'],
  [1e7, '1.0E7'],
  [-1e-5, '-1.0E-5'],
  [123456789012, '1.23456789012E11'],
  [5e-324, '4.9E-324'],
  [2e-323, '2.0E-323'],
  [Number.MAX_VALUE, '1.7976931348623157E308'],
  [1e23, '1.0E23'],
  [0.1 + 0.2, '0.30000000000000004'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('Double.toString of %p', (value, text) => expect(doubleText(value)).toBe(text));

test.each([
  [1.1, '1.1'],
  [16777216, '1.6777216E7'],
  [1.401298464324817e-45, '1.4E-45'],
  [3.4028234663852886e38, '3.4028235E38'],
  [123456.79, '123456.79'],
  [-0, '-0.0'],
  [1e10, '1.0E10'],
])('Float.toString of %p', (value, text) => expect(floatText(Math.fround(value))).toBe(text));

test('every float text reads back as the same float', () => {
  const view = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < 20_000; i++) {
    view.setUint32(0, Math.imul(i, 0x9e3779b1));
    const value = view.getFloat32(0);
    if (Number.isFinite(value)) expect(Math.fround(Number(floatText(value)))).toBe(value);
  }
});

const STRUCT_SCHEMA = SchemaBuilder.struct()
  .field('a', INT32_SCHEMA)
  .field('b', SchemaBuilder.array(STRING_SCHEMA).optional().build())
  .build();

test.each([
  [null, 'null'],
  ['x', 'x'],
  [true, 'true'],
  [2n ** 62n, '4611686018427387904'],
  [Int8.of(300), '44'],
  [Int16.of(70000), '4464'],
  [Int32.of(2 ** 31), '-2147483648'],
  [Float32.of(1e7), '1.0E7'],
  [new BigInteger(10n ** 30n), `1${'0'.repeat(30)}`],
  [
    new Map<unknown, unknown>([
      ['some_key', 0n],
      [null, [1, null]],
    ]),
    '{some_key=0, null=[1.0, null]}',
  ],
  [['a', 'b'], '[a, b]'],
  [[], '[]'],
  [new Map(), '{}'],
  [new Struct(STRUCT_SCHEMA).put('a', Int32.of(1)), 'Struct{a=1}'],
  [new Struct(STRUCT_SCHEMA).put('a', Int32.of(1)).put('b', ['x']), 'Struct{a=1,b=[x]}'],
  [new ByteBuffer(Buffer.from([1, 2, 3])), 'java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]'],
  [new Date(1700000000123), 'Tue Nov 14 22:13:20 UTC 2023'],
  [new Date(-1), 'Wed Dec 31 23:59:59 UTC 1969'],
  [new Date(253402300800000), 'Sat Jan 01 00:00:00 UTC 10000'],
  [new Date(-12219292800000), 'Fri Oct 15 00:00:00 UTC 1582'],
  [new Date(-12219292800001), 'Thu Oct 04 23:59:59 UTC 1582'],
  [new Date(-62135596800000), 'Mon Jan 03 00:00:00 UTC 1'],
  [dateOf(-(2n ** 63n)), 'Sun Dec 02 16:47:04 UTC 292269055'],
])('text of %p', (value, text) => expect(javaText(value)).toBe(text));

test('text of an unknown object is its own', () => {
  expect(javaText({ toString: () => 'mine' })).toBe('mine');
  expect(javaText({})).toBe('Object@0');
});

test.each([
  ['x', 'java.lang.String'],
  [1n, 'java.lang.Long'],
  [1, 'java.lang.Double'],
  [Int8.of(1), 'java.lang.Byte'],
  [Buffer.alloc(1), '[B'],
  [new BigDecimal(1n, 0), 'java.math.BigDecimal'],
  [new Date(), 'java.util.Date'],
  [[], 'java.util.ArrayList'],
  [{ javaClassName: 'java.util.UUID' }, 'java.util.UUID'],
])('class of %p', (value, name) => expect(javaClassOf(value)).toBe(name));

test('dates beyond the range of JS keep their milliseconds', () => {
  expect(epochMillis(dateOf(2n ** 63n))).toBe(-(2n ** 63n));
  expect(epochMillis(dateOf(8_640_000_000_000_001n))).toBe(8_640_000_000_000_001n);
  expect(epochMillis(new Date(Number.NaN))).toBe(0n);
  expect(javaText(dateOf(2n ** 63n - 1n))).toBe('Sun Aug 17 07:12:55 UTC 292278994');
});

test('doubles that Java writes without an exponent have the shortest digits, and always a point', () => {
  const random = seeded(31);
  for (let round = 0; round < 3000; round++) {
    const value = (random(2 ** 32) / 2 ** random(33)) * (random(2) === 0 ? 1 : -1);
    const text = doubleText(value);
    expect(Number(text)).toBe(value);
    expect(text).toMatch(/^-?\d+\.\d+(E-?\d+)?$/);
    const [digits = ''] = Math.abs(value).toExponential().split('e');
    if (!text.includes('E')) expect(text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '')).toBe(digits.replace('.', '').replace(/0+$/, ''));
  }
});
