/** A setting as it was given, and where: what is wrong with it can be said with its file and line, however late that is found out. */

/** Where the text of a setting comes from. */
export type Origin =
  | { readonly by: 'file'; readonly file: string; readonly line: number }
  | { readonly by: 'REST' | 'default' }
  /** Whatever was given, the worker sets it itself, since it was asked to. */
  | { readonly by: 'override'; readonly asked: string }
  /** Variables stand for it, or for a part of it: which, and where they are named. */
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
 * `w.properties:3`, or with a variable `w.properties:3, from ${env:NAME}`; empty where there is nothing to look at.
 * @param named a file that is named beside it: `line 3` is enough then
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

/** Where each setting comes from. */
export type OriginOf = (key: string) => Origin;

/** For whoever sends a body: where its settings come from need not be said. */
export const fromRest: OriginOf = () => ({ by: 'REST' });

/** Each key with its place, if it has one: `a at w.properties:3, b at w.properties:5`. @param shown what to say of a key */
export function listKeys(keys: readonly string[], originOf: OriginOf, shown = (key: string): string => key): string {
  const item = (key: string): string => {
    const place = describeOrigin(originOf(key));
    return place === '' ? shown(key) : `${shown(key)} at ${place}`;
  };
  return keys.map(item).join(', ');
}

/** Lines, from 1, of places in a text, which must be asked for in their order. */
export function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return at => {
    for (; next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}
