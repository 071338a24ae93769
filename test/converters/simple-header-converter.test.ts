import { SimpleHeaderConverter } from '../../src/converters/simple-header-converter';

test.each(['['.repeat(10_000), '{"a":'.repeat(10_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`])(
  'thousands of brackets end in a text or in bytes',
  text => {
    const { value } = new SimpleHeaderConverter().toConnectHeader('t', 'h', Buffer.from(text));
    expect(typeof value === 'string' || Buffer.isBuffer(value) || Array.isArray(value)).toBe(true);
  },
);

test('huge exponents cost no time', () => {
  const converter = new SimpleHeaderConverter();
  for (const text of ['1e2000000000', '1e-2000000000', '-1E+400', '1e99999999999']) {
    expect(converter.toConnectHeader('t', 'h', Buffer.from(text)).schema).not.toBeNull();
  }
});

test('the text null is neither schema nor value', () => {
  expect(new SimpleHeaderConverter().toConnectHeader('t', 'h', Buffer.from(' null '))).toEqual({ schema: null, value: null });
});
