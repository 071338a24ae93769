import { join } from 'node:path';
import { JsonConverter } from '../../src/converters/json-converter';
import { readVectors, runConverterCase } from '../helpers/vectors';

const { cases } = readVectors(join(process.cwd(), 'test/fixtures/vectors/converters/JsonConverter.json'));

describe('JsonConverter answers as Java does', () => {
  test.each(cases.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { got, expected } = runConverterCase(vector, () => new JsonConverter());
    expect(got).toBe(expected);
  });
});
