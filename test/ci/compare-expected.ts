/**
 * Compares a run of cases with the list of those that do not hold yet. The list may only shrink: a case on it that passes
 * is as wrong as a case beside it that fails.
 */

/** Outcome of one case. */
export interface CaseResult {
  /** `theme: name`, or `file: case`. */
  readonly label: string;
  readonly passed: boolean;
}

/** The cases of a run, sorted by what the list says of them. */
export interface Comparison {
  /** Cases that passed and are not on the list. */
  readonly passed: number;
  /** Cases that failed as the list says. */
  readonly notYet: number;
  /** What is wrong, one line each; empty for a good run. */
  readonly problems: readonly string[];
}

/**
 * Reads results from lines `ok - LABEL` and `not ok - LABEL`, either with a duration such as ` (1.2 s)` at the end; all
 * other lines say nothing.
 */
export function parseResults(output: string): CaseResult[] {
  const lines = output.matchAll(/^(not )?ok - (.*?)(?: \(\d+(?:\.\d+)? m?s\))?$/gm);
  return [...lines].map(([, not, label = '']) => ({ label, passed: not === undefined }));
}

/** Reads a list: an entry on each line, blank lines and those that begin with `#` left out. */
export function parseNotYet(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
}

/**
 * An entry of the list is the label of a case, or what stands before the first `: ` of labels (a whole theme or file). It must
 * meet a case that fails; the entry of a whole theme allows its other cases to pass.
 */
export function compareWithNotYet(results: readonly CaseResult[], notYet: readonly string[]): Comparison {
  const listed = new Set(notYet);
  const groupOf = (label: string): string => label.split(': ')[0] ?? '';
  const isListed = ({ label }: CaseResult): boolean => listed.has(label) || listed.has(groupOf(label));
  const failed = results.filter(result => !result.passed);
  const met = new Set(failed.flatMap(({ label }) => [label, groupOf(label)]));
  const known = new Set(results.flatMap(({ label }) => [label, groupOf(label)]));
  const stale = [...listed].filter(entry => !met.has(entry));
  return {
    passed: results.filter(result => result.passed && !listed.has(result.label)).length,
    notYet: failed.filter(isListed).length,
    problems: [
      ...failed.filter(result => !isListed(result)).map(({ label }) => `failed: ${label}`),
      ...stale.map(entry => `on the list, but ${known.has(entry) ? 'passes (take it off)' : 'no such case'}: ${entry}`),
      ...(results.length === 0 ? ['no case has run'] : []),
    ],
  };
}
