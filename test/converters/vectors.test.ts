import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runVector } from '../helpers/vector-classes';
import { readVectors } from '../helpers/vectors';

const FIXTURES = join(process.cwd(), 'test/fixtures/vectors');
const FILES = ['converters', 'headers'].flatMap(folder => readdirSync(join(FIXTURES, folder)).map(file => join(FIXTURES, folder, file)));

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
