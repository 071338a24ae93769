/** The table of the fault suite, as it is printed and as README shows it. */
import { type Fault, type Mode, type Outcome, violations } from './fault';

/** What became of one fault in one mode. */
export interface Row {
  readonly fault: Pick<Fault, 'name' | 'numbers' | 'what'>;
  readonly mode: Mode;
  /** The counts, or what was wrong before there were any. */
  readonly outcome: Outcome | { readonly error: string };
  readonly seconds: number;
}

/** True if the fault did no harm beyond what is allowed. */
export function holds({ outcome }: Row): boolean {
  return !('error' in outcome) && violations(outcome).length === 0;
}

const HEAD = ['fault', 'no.', 'mode', 'lost', 'duplicated', 'may come twice', 'reordered', 'holds', 'figures'];

/** A markdown table, a line for each fault and mode. */
export function faultTable(rows: readonly Row[]): string {
  return tableOf(rows.map(lineOf));
}

function tableOf(lines: readonly string[]): string {
  return [markdownLine(HEAD), markdownLine(HEAD.map(() => '---')), ...lines].join('\n');
}

function lineOf(row: Row): string {
  const { fault, mode, outcome } = row;
  const names = [`\`${fault.name}\``, fault.numbers.join(', '), mode];
  if ('error' in outcome) return markdownLine([...names, '?', '?', '?', '?', '**no**', firstLine(outcome.error)]);
  const { lost, duplicated, mayRepeat, reordered, note } = outcome;
  return markdownLine([...names, count(lost), count(duplicated), mayRepeat, count(reordered), holds(row) ? 'yes' : '**no**', note]);
}

/** One line a fault: its name and what is done. */
export function faultList(faults: readonly Pick<Fault, 'name' | 'what'>[]): string {
  return faults.map(({ name, what }) => `- \`${name}\`: ${what}.`).join('\n');
}

const BEGIN = '<!-- faults:start -->\n';
const END = '\n<!-- faults:end -->';

/**
 * README with a list of all faults between its marks, and a table: lines for what was run now, those that it had for what was not, none
 * for what there is no more. @throws Error when it has no such place
 */
export function putIntoReadme(readme: string, faults: readonly Fault[], rows: readonly Row[]): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error('README.md has no place for the faults');
  const known = new Map([...tableLines(readme.slice(from, to)), ...tableLines(rows.map(lineOf).join('\n'))]);
  const lines = faults.flatMap(({ name, modes }) => modes.flatMap(mode => known.get(`${name} ${mode}`) ?? []));
  return `${readme.slice(0, from + BEGIN.length)}${faultList(faults)}\n\n${tableOf(lines)}${readme.slice(to)}`;
}

/** Faults and modes in README's table, as `name mode`, in its order. */
export function faultsInReadme(readme: string): string[] {
  return [...tableLines(readme.slice(readme.indexOf(BEGIN), readme.indexOf(END))).keys()];
}

/** Lines of such a table by `name mode`. */
function tableLines(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^\| `([\w-]+)` \|[^|]*\| ([\w-]+) \|.*$/gm)].map(([line, name, mode]) => [`${name} ${mode}`, line]));
}

const count = (value: number): string => value.toLocaleString('en');
const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const markdownLine = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
