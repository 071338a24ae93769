/** A setting as it was given, with its origin, so that a problem can be reported with file and line, however late it is found. */

/** The origin of a setting's text. */
export type Origin =
  | { readonly by: 'file'; readonly file: string; readonly line: number }
  | { readonly by: 'REST' | 'default' }
  /** The worker overrides it because of an option. */
  | { readonly by: 'override'; readonly asked: string }
  /** Variables supply it or a part of it: which, and where they are named. */
  | { readonly by: 'provider'; readonly variables: readonly string[]; readonly named: Origin };

export interface Setting {
  readonly key: string;
  /** Variables unresolved. */
  readonly text: string;
  readonly origin: Origin;
}

/** The texts by key, in the order of the settings. */
export function textsOf(settings: readonly Setting[]): Record<string, string> {
  return Object.fromEntries(settings.map(({ key, text }) => [key, text]));
}

/**
 * `w.properties:3`, or with a variable `w.properties:3, from ${env:NAME}`; empty if there is no place to look at.
 * @param named a file that the message names already: then only `line 3`
 */
export function describeOrigin(origin: Origin, named?: string): string {
  switch (origin.by) {
    case 'file':
      return origin.file === named ? `line ${origin.line}` : `${origin.file}:${origin.line}`;
    case 'override':
      return `set by ${origin.asked}`;
    case 'provider':
      return [describeOrigin(origin.named, named), `from ${origin.variables.join(', ')}`].filter(text => text !== '').join(', ');
    default:
      return '';
  }
}

/** The origin of each setting. */
export type OriginOf = (key: string) => Origin;

/** For a request body, whose sender knows where its settings come from. */
export const fromRest: OriginOf = () => ({ by: 'REST' });

/** Each key with its place, if it has one: `a at w.properties:3, b at w.properties:5`. @param shown how a key is shown */
export function listKeys(keys: readonly string[], originOf: OriginOf, shown = (key: string): string => key): string {
  const item = (key: string): string => {
    const place = describeOrigin(originOf(key));
    return place === '' ? shown(key) : `${shown(key)} at ${place}`;
  };
  return keys.map(item).join(', ');
}

/** Gives the line, from 1, of an index in a text; indexes must not decrease from call to call. */
export function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return at => {
    for (; next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}
