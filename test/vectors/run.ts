/**
 * `npm run vectors -- DIR`: runs every file of golden vectors below DIR against our classes. A line `ok - FILE: CASE` or
 * `not ok - FILE: CASE` for each case, with expected and got below a failure; a file nobody answers for is one failure that
 * counts all its cases; one of another format is left out, with a line `left out - FILE`. Ends with `N passed, M failed`; exit code 0 only if nothing failed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { toError } from '../../src/errors';
import { answersFor, runVector } from '../helpers/vectors/vector-classes';
import type { VectorCase, VectorResult } from '../helpers/vectors/vectors';

/** What came of one file. */
export interface FileResult {
  readonly passed: number;
  readonly failed: number;
  readonly lines: readonly string[];
}

/** All vector files below a folder, in a fixed order. */
export function vectorFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.json') && statSync(path.join(folder, name)).isFile())
    .sort();
}

/** Runs the cases of one file. @param label how its cases are called, e.g. `config/Properties` */
export function runFile(label: string, text: string): FileResult {
  const nobody = (reason: string, cases: number): FileResult => ({ passed: 0, failed: cases, lines: [`not ok - ${label}: ${reason}`] });
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return nobody(`no JSON: ${toError(error).message}`, 1);
  }
  if (!isVectorFile(file)) return nobody('no vectors: an object with `cases` is expected', 1);
  const javaClass = file.class;
  if (file.cases.length === 0) return nobody('it holds no case', 1);
  // What a connector wrote for tables, and the like: they are run by the tests of that connector.
  if (javaClass === undefined) return { passed: 0, failed: 0, lines: [`left out - ${label}: another format, it names no class`] };
  if (!answersFor(javaClass)) return nobody(`nobody answers for ${javaClass} (${file.cases.length} cases)`, file.cases.length);
  const results = file.cases.map(test => runCase(javaClass, test));
  const failed = results.filter(result => !result.passed).length;
  return { passed: results.length - failed, failed, lines: results.flatMap(result => resultLines(label, result)) };
}

function isVectorFile(file: unknown): file is { class?: string; cases: VectorCase[] } {
  return typeof file === 'object' && file !== null && 'cases' in file && Array.isArray(file.cases);
}

/** A case whose input cannot be read is a failure of that case, not the end of the run. */
function runCase(javaClass: string, test: VectorCase): VectorResult {
  try {
    const result = runVector(javaClass, test);
    if (result) return result;
  } catch (error) {
    return { name: test.name, passed: false, expected: JSON.stringify(test.expect ?? test.error), got: String(toError(error).stack) };
  }
  return { name: test.name, passed: false, expected: 'an answer', got: 'none' };
}

function resultLines(label: string, { name, passed, expected, got }: VectorResult): string[] {
  if (passed) return [`ok - ${label}: ${name}`];
  return [`not ok - ${label}: ${name}`, `    expected ${expected}`, `    got      ${got}`];
}

function main([folder]: readonly string[]): number {
  if (folder === undefined) {
    process.stderr.write('Usage: npm run vectors -- DIR\n');
    return 2;
  }
  const results = vectorFiles(folder).map(name =>
    runFile(name.slice(0, -'.json'.length).replaceAll(path.sep, '/'), readFileSync(path.join(folder, name), 'utf8')),
  );
  const total = (side: 'passed' | 'failed'): number => results.reduce((sum, result) => sum + result[side], 0);
  for (const line of results.flatMap(result => result.lines)) process.stdout.write(`${line}\n`);
  if (results.length === 0) process.stdout.write(`There are no vector files below ${folder}\n`);
  process.stdout.write(`${total('passed')} passed, ${total('failed')} failed\n`);
  return results.length > 0 && total('failed') === 0 ? 0 : 1;
}

/** The JDBC vectors need servers, and are loaded only when they are asked for. */
async function start(args: readonly string[]): Promise<number> {
  const [folder, ...others] = args.filter(arg => arg !== '--jdbc');
  if (folder === undefined || !args.includes('--jdbc')) return main(args);
  const { runJdbcVectors } = require('./jdbc/run') as typeof import('./jdbc/run');
  return runJdbcVectors(folder, others);
}

if (require.main === module) {
  void start(process.argv.slice(2)).then(code => {
    process.exitCode = code;
  });
}
