/** Cases that are meant to come out otherwise than in Java. */
import { readFileSync } from 'node:fs';
import { inRepository } from '../../helpers/paths';
import type { FactChanges } from './facts';

/** One reason, and what it changes in each case: `file: case`, and the facts as they are here (null: not there). */
export interface JdbcDifference {
  readonly reason: string;
  readonly cases: Readonly<Record<string, FactChanges>>;
}

/** The list, as README shows it. */
export function readJdbcDifferences(): readonly JdbcDifference[] {
  return JSON.parse(readFileSync(inRepository('test/vectors/jdbc/differences.json'), 'utf8')) as JdbcDifference[];
}

/** All changes that are meant to be, by `file: case`; one case may have several reasons. @throws Error for a fact with two reasons */
export function intendedChanges(list: readonly JdbcDifference[]): ReadonlyMap<string, FactChanges> {
  const intended = new Map<string, FactChanges>();
  for (const [label, changes] of list.flatMap(({ cases }) => Object.entries(cases))) {
    const known = intended.get(label) ?? {};
    const twice = Object.keys(changes).find(fact => fact in known);
    if (twice !== undefined) throw new Error(`${label} has two reasons for ${twice}`);
    intended.set(label, { ...known, ...changes });
  }
  return intended;
}
