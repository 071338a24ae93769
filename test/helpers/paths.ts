import path from 'node:path';

/** The folder of package.json; tests run from `dist/test`, what they read lies in `test`. */
export const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

/** A compiled program or module of the tests, by its path below `test`, as another process loads it. */
export function compiledTest(name: string): string {
  return inRepository('dist', 'test', name);
}

/** A path below the folder of package.json. */
export function inRepository(...parts: string[]): string {
  return path.join(repositoryRoot, ...parts);
}
