/**
 * What config providers have supplied in this process: a password, perhaps. Whatever is shown to somebody (lines of the log, traces,
 * answers of REST) goes through `hideSecrets` at the place where it leaves, so that nobody who makes an error has to know of secrets.
 */

/** Shorter values hide nothing, and would garble every text. */
const MIN_LENGTH = 4;
/** Shorter values are hidden only where they stand alone. */
const MIN_LENGTH_WITHIN = 8;
/** Words that many settings have. */
const PLAIN = /^(?:true|false|null|none|all|\d{1,5})$/i;
/** Of a list; what is longer is no password. */
const MAX_ITEMS = 20;
/** More would slow the log down; the oldest are forgotten first. */
const MAX_KNOWN = 1000;

/** A value, and what is shown in its place. */
export type Hidden = readonly [value: string, shown: string];

/** What is shown by value, oldest first. */
const known = new Map<string, string>();
/** Finds all of them; null when it has to be made again. */
let pattern: RegExp | null = null;

/** Has a value hidden from now on. @param shown what stands for it, e.g. `${file:/etc/secrets:password}` */
export function rememberSecret(value: string, shown: string): void {
  for (const form of formsOf(value)) {
    if (form.length < MIN_LENGTH || PLAIN.test(form) || known.has(form)) continue;
    known.set(form, shown);
    pattern = null;
  }
  for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MAX_KNOWN))) known.delete(oldest);
}

/** The text with variables in the place of all values that were remembered. */
export function hideSecrets(text: string): string {
  if (known.size === 0) return text;
  pattern ??= patternOf([...known.keys()], MIN_LENGTH_WITHIN);
  return text.replace(pattern, found => known.get(found) ?? found);
}

/** The text with these values hidden, however short they are. */
export function hideValues(text: string, hidden: readonly Hidden[]): string {
  const shownFor = new Map(hidden.flatMap(([value, shown]) => formsOf(value).map((form): Hidden => [form, shown])));
  if (shownFor.size === 0) return text;
  return text.replace(patternOf([...shownFor.keys()], 0), found => shownFor.get(found) ?? found);
}

/** The longest of several that begin alike is found. @param minWithin shorter values are found only where they stand alone */
function patternOf(values: readonly string[], minWithin: number): RegExp {
  const alternatives = [...values]
    .sort((a, b) => b.length - a.length)
    .map(value => (value.length < minWithin ? `(?<![\\p{L}\\p{N}])${escaped(value)}(?![\\p{L}\\p{N}])` : escaped(value)));
  return new RegExp(alternatives.join('|'), 'gu');
}

const escaped = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * How a value may stand in a text: as it is, without the blanks around it, as a JSON text, as the number or the items of the list that a
 * setting reads in it; and each long line of a key file.
 */
function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const lines = trimmed.split(/\r?\n/).filter(line => line.length >= MIN_LENGTH_WITHIN);
  const items = trimmed.split(',', MAX_ITEMS).map(item => item.trim());
  const number = /^[+-]?0*(\d+)$/.exec(trimmed)?.[1] ?? '';
  const quoted = JSON.stringify(trimmed).slice(1, -1);
  return [...new Set([trimmed, quoted, number, ...lines, ...items.filter(item => item.length >= MIN_LENGTH)])].filter(form => form !== '');
}
