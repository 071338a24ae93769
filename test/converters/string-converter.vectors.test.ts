import { join } from 'node:path';
import { StringConverter } from '../../src/converters/string-converter';
import { readVectors, runConverterCase } from '../helpers/vectors';

const { cases } = readVectors(join(process.cwd(), 'test/fixtures/vectors/converters/StringConverter.json'));

describe('StringConverter answers as Java does', () => {
  test.each(cases.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { got, expected } = runConverterCase(vector, () => new StringConverter());
    expect(got).toBe(expected);
  });
});
