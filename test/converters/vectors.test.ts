import { readdirSync } from 'node:fs';
import { inRepository } from '../helpers/paths';
import { runVector } from '../helpers/vectors/vector-classes';
import { readVectors } from '../helpers/vectors/vectors';

const FILES = ['converters', 'headers'].flatMap(folder => {
  const path = inRepository('test', 'fixtures', 'vectors', folder);
  return readdirSync(path).map(file => `${path}/${file}`);
});

describe.each(FILES.map(path => readVectors(path)).map(file => [file.class, file] as const))(
  '%s answers as Java does',
  (javaClass, { cases }) => {
    test.each(cases.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
      const result = runVector(javaClass, vector);
      expect(result?.got).toBe(result?.expected);
      expect(result?.passed).toBe(true);
    });
  },
);
