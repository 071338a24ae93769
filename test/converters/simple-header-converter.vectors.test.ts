import { join } from 'node:path';
import { SimpleHeaderConverter } from '../../src/converters/simple-header-converter';
import { readVectors, runHeaderConverterCase } from '../helpers/vectors';

const { cases } = readVectors(join(process.cwd(), 'test/fixtures/vectors/headers/SimpleHeaderConverter.json'));

describe('SimpleHeaderConverter answers as Java does', () => {
  test.each(cases.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { got, expected } = runHeaderConverterCase(vector, () => new SimpleHeaderConverter());
    expect(got).toBe(expected);
  });
});

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
