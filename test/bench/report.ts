import type { Figures, Lane } from './lanes';
import { median } from './measure';
import type { SubjectName } from './subjects';

/** All runs of one subject in one lane, warm-ups left out. */
export interface Result {
  readonly lane: Pick<Lane, 'name' | 'what' | 'higherIsBetter'>;
  readonly subject: SubjectName;
  readonly runs: readonly Figures[];
}

const TITLE = { ours: 'connect-standalone', java: 'Java Connect', kcat: 'kcat' } as const;

/** A markdown table of medians with their ranges, lane by lane. */
export function markdownTable(results: readonly Result[]): string {
  const lanes = [...new Set(results.map(result => result.lane.name))];
  const rows = lanes.flatMap(lane => laneRows(results.filter(result => result.lane.name === lane)));
  const titles = ['lane', 'figure', ...Object.values(TITLE), 'better than Java'];
  return [titles, titles.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

/** The rows of one lane, a figure each. */
function laneRows(results: readonly Result[]): string[][] {
  const subjects = Object.keys(TITLE) as SubjectName[];
  const cell = (subject: SubjectName, figure: string): string => {
    const values = valuesOf(results, subject, figure);
    if (values.length === 1) return format(median(values));
    return values.length === 0 ? '-' : `${format(median(values))} (${format(Math.min(...values))}-${format(Math.max(...values))})`;
  };
  const figures = Object.keys(results[0]?.runs[0] ?? {});
  const name = results[0]?.lane.name ?? '';
  return figures.map(figure => [name, figure, ...subjects.map(subject => cell(subject, figure)), ratio(results, figure)]);
}

function valuesOf(results: readonly Result[], subject: SubjectName, figure: string): number[] {
  const runs = results.find(result => result.subject === subject)?.runs ?? [];
  return runs.map(run => run[figure] ?? Number.NaN);
}

/** How many times better ours is than Java Connect in one lane; `-` unless both have run. */
export function ratio(results: readonly Result[], figure: string): string {
  const [ours, java] = [median(valuesOf(results, 'ours', figure)), median(valuesOf(results, 'java', figure))];
  const times = results[0]?.lane.higherIsBetter.includes(figure) ? ours / java : java / ours;
  return Number.isFinite(times) ? `${times.toFixed(1)} x` : '-';
}

/** Three digits that mean something. */
export function format(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
