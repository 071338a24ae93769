/** What a fault is, and what may come of it. */
import type { Arena } from './arena/arena';

/** What is promised: the default; or, by `exactly.once.source.support` for a source and by `file.exactly.once` for a file sink, more. */
export type Mode = 'at-least-once' | 'exactly-once';

/** `short` is part of `npm test`, `usual` is `npm run faults`, `long` has the waits and numbers as they were asked for. */
export type Scale = 'short' | 'usual' | 'long';

/** One run of a fault. */
export interface Trial {
  readonly mode: Mode;
  readonly scale: Scale;
  readonly arena: Arena;
}

/** The counts of the ledger after a fault, against what is allowed. */
export interface Outcome {
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** `none`, or what may come twice. */
  readonly mayRepeat: 'none' | 'after the last commit' | 'what was in flight';
  /** Duplicates that are none of those that may come twice. */
  readonly tooMany: number;
  /** Figures of this run. */
  readonly note: string;
}

/** A fault of the list, with one description for all modes and scales. */
export interface Fault {
  readonly name: string;
  /** Its numbers in the list of 34 faults that the README speaks of; empty for one that is not on it. */
  readonly numbers: readonly number[];
  readonly what: string;
  readonly modes: readonly Mode[];
  /** The modes in which it is part of `npm test`. */
  readonly short: readonly Mode[];
  /** It measures memory or times: nothing else may run meanwhile. */
  readonly alone?: true;
  /** @throws Error when something is not as it must be that counts do not tell, such as a worker that ends */
  run(trial: Trial): Promise<Outcome>;
}

/** The modes of a source that this version has. */
export const SOURCE_MODES: readonly Mode[] = ['at-least-once', 'exactly-once'];

/** A number for each scale. */
export function scaled<T>(trial: Trial, values: Readonly<Record<Scale, T>>): T {
  return values[trial.scale];
}

/** What is wrong with an outcome, in words; nothing when the fault holds. */
export function violations({ lost, reordered, tooMany }: Outcome): string[] {
  const counts = { lost, reordered, 'duplicated beyond what is allowed': tooMany };
  return Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${count} ${what}`);
}

/** Settings of a worker that make its sources keep the promise of a mode. */
export function modeSettings(mode: Mode): Readonly<Record<string, string>> {
  return mode === 'exactly-once' ? { 'exactly.once.source.support': 'enabled' } : {};
}

/** Texts against those that should have come, each as often as it should. */
export function compareTexts(expected: readonly string[], found: readonly (string | null)[]): Omit<Outcome, 'mayRepeat' | 'note'> {
  const missing = new Map<string, number>();
  for (const text of expected) missing.set(text, (missing.get(text) ?? 0) + 1);
  let duplicated = 0;
  for (const text of found) {
    const left = missing.get(text ?? '') ?? 0;
    if (left > 0) missing.set(text ?? '', left - 1);
    else duplicated++;
  }
  const lost = [...missing.values()].reduce((sum, left) => sum + left, 0);
  const same = lost + duplicated === 0;
  const reordered = same ? expected.filter((text, i) => text !== found[i]).length : 0;
  return { lost, duplicated, reordered, tooMany: duplicated };
}
