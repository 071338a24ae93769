/** Finds the key that a misspelt one may mean. */

/** The number of tolerated mistakes grows with the length: one in this many characters. */
const CHARACTERS_A_MISTAKE = 5;

/**
 * The known key most similar to the given one, or the only one that the given one is a prefix of (`linger` for `linger.ms`); undefined if
 * there is none. Of equally similar ones the first is taken.
 */
export function nearestKey(key: string, known: Iterable<string>): string | undefined {
  const keys = [...known];
  const longer = keys.filter(candidate => candidate.startsWith(`${key}.`));
  return mostLikeOf(key, keys) ?? (longer.length === 1 ? longer[0] : undefined);
}

/** The most similar of these, at most a few mistakes apart; undefined if there is none. Of equally similar ones the first is taken. */
export function mostLikeOf(key: string, known: Iterable<string>): string | undefined {
  const given = normalize(key);
  const limit = Math.max(1, Math.floor(given.length / CHARACTERS_A_MISTAKE));
  let nearest: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const other = normalize(candidate);
    if (Math.abs(other.length - given.length) >= least) continue;
    const distance = editDistance(given, other);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Upper case, underscores, hyphens and a missing plural s (`bootstrap.server`) do not count as mistakes. */
const normalize = (key: string): string => key.toLowerCase().replace(/[_-]/g, '.').replace(/s$/, '');

/** The number of insertions, deletions, replacements and swaps of neighbours between two texts. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

const at = (row: readonly number[], index: number): number => row[index] as number;
