import { readdirSync } from 'node:fs';
import { inRepository } from '../helpers/paths';
import { answersFor, runVector } from '../helpers/vectors/vector-classes';
import { readVectors } from '../helpers/vectors/vectors';

/** The golden vectors, and odd records with settings made at random, for which Java was asked in the same form. */
const FOLDERS = ['vectors/transforms', 'vectors/predicates', 'java/odd-records'];

const FILES = FOLDERS.flatMap(folder => {
  const path = inRepository('test', 'fixtures', folder);
  return readdirSync(path).map(file => readVectors(`${path}/${file}`));
});

describe.each(FILES.filter(file => answersFor(file.class)).map(file => [file.class, file] as const))(
  '%s answers as Java does',
  (javaClass, { cases }) => {
    test.each(cases.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
      const result = runVector(javaClass, vector);
      expect(result?.got).toBe(result?.expected);
    });
  },
);
