import path from 'node:path';

/** The folder of package.json; tests run from `dist/test`, what they read lies in `test`. */
export const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

/** Where the figures of the benchmark are recorded, and those of the fault suite. */
export const BENCH_PAGE = 'test/bench/README.md';
export const FAULTS_PAGE = 'test/faults/README.md';

/** A compiled program or module of the tests, by its path below `test`, as another process loads it. */
export function compiledTest(name: string): string {
  return inRepository('dist', 'test', name);
}

/** A path below the folder of package.json. */
export function inRepository(...parts: string[]): string {
  return path.join(repositoryRoot, ...parts);
}
