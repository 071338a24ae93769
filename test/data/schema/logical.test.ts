import { BigDecimal, tenTo } from '../../../src/data/java/big-numbers';
import { decimalFromBytes, decimalScale } from '../../../src/data/schema/logical';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';

const schemaOf = (scale: string) =>
  new SchemaBuilder('BYTES').name('org.apache.kafka.connect.data.Decimal').parameter('scale', scale).build();

test.each(['-100000', '0', '+38', '100000'])('a scale of %s is one', scale => {
  expect(decimalScale(schemaOf(scale))).toBe(Number(scale));
});

test.each(['-100000000', '100001', '2147483647', '-2147483648', '9999999999', '', 'x', '1e9', '0x10', '1 ', '99999999999999999999'])(
  'a scale of %j is none, whatever it would take',
  scale => {
    expect(() => decimalFromBytes(schemaOf(scale), Buffer.from([1]))).toThrow(/^Invalid scale parameter found in Decimal schema: /);
  },
);

test('A number of ten characters is not written out to a gigabyte', () => {
  for (const text of ['1e-2000000000', '1e2000000000', '-1e100000000']) {
    const value = BigDecimal.parse(text);
    expect(() => value.toPlainString()).toThrow(/is too long to be written without an exponent$/);
    expect(value.toString().length).toBeLessThan(20);
  }
  expect(() => tenTo(100_000_000)).toThrow('A number with an exponent of 100000000 is too long to be written out');
  expect(tenTo(3)).toBe(1000n);
});
