/**
 * The values that config providers have supplied in this process, such as passwords. All output (log lines, traces, REST responses) passes
 * through `hideSecrets` where it leaves the process, so that code which reports an error need not know of secrets.
 */

/** Shorter values are no secrets, and replacing them would garble every text. */
const MIN_LENGTH = 4;
/** Shorter values are hidden only where they stand alone. */
const MIN_LENGTH_WITHIN = 8;
/** Values that are too common to be secret. */
const PLAIN = /^(?:true|false|null|none|all|\d{1,5})$/i;
/** A longer list is not taken for a password. */
const MAX_ITEMS = 20;
/** More values would slow the log down; the oldest are forgotten first. */
const MAX_KNOWN = 1000;
/** The same limit for their total length, in characters. */
const MAX_KNOWN_LENGTH = 16 * 1024 * 1024;
/** Only the beginning of a longer value is searched for: patterns of long values do not compile. */
const BEGINNING_LENGTH = 64;

/** A value, and what is shown in its place. */
export type Hidden = readonly [value: string, shown: string];

/** What to show instead, by value; oldest first. */
const known = new Map<string, string>();
let knownLength = 0;
/** Finds all known values; null when it must be built again. */
let search: Search | null = null;

/** Hides a value from now on. @param shown what to show instead, e.g. `${file:/etc/secrets:password}` */
export function rememberSecret(value: string, shown: string): void {
  for (const form of formsOf(value)) {
    if (form.length < MIN_LENGTH || PLAIN.test(form) || known.has(form)) continue;
    known.set(form, shown);
    knownLength += form.length;
    search = null;
  }
  for (const oldest of known.keys()) {
    if (known.size <= MAX_KNOWN && knownLength <= MAX_KNOWN_LENGTH) break;
    known.delete(oldest);
    knownLength -= oldest.length;
  }
}

/** The text with all remembered values replaced by their variables. */
export function hideSecrets(text: string): string {
  if (known.size === 0) return text;
  search ??= new Search([...known.keys()], MIN_LENGTH_WITHIN);
  return search.replace(text, known);
}

/** The text with these values hidden, however short they are. */
export function hideValues(text: string, hidden: readonly Hidden[]): string {
  const forms = hidden.flatMap(([value, shown]) => formsOf(value).map((form, rank) => ({ form, shown, rank })));
  // Whole values take precedence over single lines of them.
  const shownFor = new Map(
    forms
      .sort((a, b) => a.rank - b.rank)
      .slice(0, MAX_KNOWN)
      .map(({ form, shown }): Hidden => [form, shown]),
  );
  return shownFor.size === 0 ? text : new Search([...shownFor.keys()], 0).replace(text, shownFor);
}

/** Finds values in texts; of several that begin alike, the longest. */
class Search {
  private readonly beginnings: RegExp;
  /** Longer values by their beginning, sorted. */
  private readonly longer = new Map<string, string[]>();

  /** @param minWithin shorter values are found only where they stand alone */
  constructor(values: readonly string[], minWithin: number) {
    const found = values.map(beginningOf).sort((a, b) => b.length - a.length);
    for (const value of values) {
      const beginning = beginningOf(value);
      if (beginning.length < value.length) this.longer.set(beginning, [...(this.longer.get(beginning) ?? []), value]);
    }
    for (const alike of this.longer.values()) alike.sort((a, b) => (a < b ? -1 : 1));
    const alternatives = [...new Set(found)].map(value =>
      value.length < minWithin ? `(?<![\\p{L}\\p{N}])${escaped(value)}(?![\\p{L}\\p{N}])` : escaped(value),
    );
    this.beginnings = new RegExp(alternatives.join('|'), 'gu');
  }

  /** The text with each value replaced; of a text that only begins like a long value, the matching part is hidden. */
  replace(text: string, shownFor: ReadonlyMap<string, string>): string {
    const parts: string[] = [];
    let copied = 0;
    this.beginnings.lastIndex = 0;
    for (let match = this.beginnings.exec(text); match; match = this.beginnings.exec(text)) {
      const { value, length } = this.longestAt(text, match.index, match[0]);
      parts.push(text.slice(copied, match.index), shownFor.get(value) ?? '');
      copied = match.index + length;
      this.beginnings.lastIndex = copied;
    }
    return parts.join('') + text.slice(copied);
  }

  /** The value that shares the longest beginning with the text; in sorted order it is a neighbour of it. @returns also the shared length */
  private longestAt(text: string, at: number, beginning: string): { readonly value: string; readonly length: number } {
    const alike = this.longer.get(beginning) ?? [];
    let best = { value: alike[0] ?? beginning, length: beginning.length };
    for (let [low, high] = [0, alike.length]; low < high; ) {
      const middle = (low + high) >> 1;
      const value = alike[middle] ?? '';
      const length = commonLength(value, text, at);
      // A complete value takes precedence over a longer one of which only a part matches.
      if (length > best.length || (length === best.length && length === value.length)) best = { value, length };
      if (length === value.length || value.charCodeAt(length) < text.charCodeAt(at + length)) low = middle + 1;
      else high = middle;
    }
    return best;
  }
}

/** The part of a value that is searched for; never half of a surrogate pair, which would not be found. */
function beginningOf(value: string): string {
  const beginning = value.slice(0, BEGINNING_LENGTH);
  return /[\ud800-\udbff]$/.test(beginning) && beginning.length < value.length ? beginning.slice(0, -1) : beginning;
}

function commonLength(value: string, text: string, at: number): number {
  let length = 0;
  while (length < value.length && value.charCodeAt(length) === text.charCodeAt(at + length)) length++;
  return length;
}

const escaped = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * The forms in which a value may occur in a text: as it is, trimmed, escaped as JSON, as the number or the list items that a setting reads
 * from it, and each long line of a key file.
 */
function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const lines = trimmed.split(/\r?\n/).filter(line => line.length >= MIN_LENGTH_WITHIN);
  const items = trimmed.split(',', MAX_ITEMS).map(item => item.trim());
  const number = /^[+-]?0*(\d+)$/.exec(trimmed)?.[1] ?? '';
  const quoted = JSON.stringify(trimmed).slice(1, -1);
  return [...new Set([trimmed, quoted, number, ...lines, ...items.filter(item => item.length >= MIN_LENGTH)])].filter(form => form !== '');
}
