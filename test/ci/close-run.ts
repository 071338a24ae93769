/**
 * The end of a CI run: `node dist/test/ci/close-run.js [--jest FILE] [--suite NAME=OUTPUT,LIST]...` adds up what has run,
 * says what is wrong, and prints the closing line `N passed, M failed`. Exits 1 if anything failed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareWithNotYet, parseNotYet, parseResults } from './compare-expected';

/** Counts of a part of the run; `skipped` holds tests left out and cases that are known not to hold yet. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly remarks: readonly string[];
}

/** The part that Jest ran, from the text of its JSON report; nothing to read counts as one failure. */
export function tallyJest(report: string | undefined): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0, remarks: ['npm test: no report, it failed before its first test'] };
  const counts = JSON.parse(report) as Record<string, number> & { success: boolean };
  const count = (name: string): number => counts[name] ?? 0;
  const brokenFiles = count('numRuntimeErrorTestSuites');
  const failed = count('numFailedTests') + brokenFiles;
  return {
    passed: count('numPassedTests'),
    failed: failed === 0 && !counts.success ? 1 : failed,
    skipped: count('numPendingTests') + count('numTodoTests'),
    remarks: brokenFiles === 0 ? [] : [`npm test: ${brokenFiles} test files could not run`],
  };
}

/** The part that a suite of cases ran, from its output and its list. */
export function tallySuite(name: string, output: string, list: string): Tally {
  const { passed, notYet, problems } = compareWithNotYet(parseResults(output), parseNotYet(list));
  const waiting = notYet === 0 ? [] : [`${name}: ${notYet} cases do not hold yet, as listed`];
  return { passed, failed: problems.length, skipped: notYet, remarks: [...problems.map(problem => `${name}: ${problem}`), ...waiting] };
}

/** The closing line of all parts. */
export function closingLine(parts: readonly Tally[]): string {
  const total = (field: 'passed' | 'failed' | 'skipped'): number => parts.reduce((sum, part) => sum + part[field], 0);
  const skipped = total('skipped');
  return `${total('passed')} passed, ${total('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

function readSuite(argument: string): Tally {
  const [name = '', files = ''] = argument.split('=');
  const [output = '', list = ''] = files.split(',');
  const text = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return tallySuite(name, text(output), text(list));
}

function main(): void {
  const { values } = parseArgs({ options: { jest: { type: 'string' }, suite: { type: 'string', multiple: true, default: [] } } });
  const jest = values.jest === undefined ? [] : [tallyJest(existsSync(values.jest) ? readFileSync(values.jest, 'utf8') : undefined)];
  const parts = [...jest, ...values.suite.map(readSuite)];
  for (const remark of parts.flatMap(part => part.remarks)) process.stdout.write(`${remark}\n`);
  process.stdout.write(`${closingLine(parts)}\n`);
  process.exitCode = parts.some(part => part.failed > 0) ? 1 : 0;
}

if (require.main === module) main();
