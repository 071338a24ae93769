import { join } from 'node:path';
import { ByteArrayConverter } from '../../src/converters/byte-array-converter';
import { readVectors, runConverterCase } from '../helpers/vectors';

const { cases } = readVectors(join(process.cwd(), 'test/fixtures/vectors/converters/ByteArrayConverter.json'));

describe('ByteArrayConverter answers as Java does', () => {
  test.each(cases.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { got, expected } = runConverterCase(vector, () => new ByteArrayConverter());
    expect(got).toBe(expected);
  });
});
