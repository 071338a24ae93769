/** Lists of colon-delimited pairs, e.g. `foo:bar,abc:xyz`, as settings of transformations hold them. */
import { invalidValue } from '../api/config-types';
import type { ConnectError } from '../errors';

/** Java's String.split with a plain delimiter: trailing empty parts are omitted. */
export function javaSplit(text: string, delimiter: string): string[] {
  if (text === '') return [''];
  const parts = text.split(delimiter);
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** The error for an item that is not a pair; Java always calls the setting `renames`. */
export function wrongMapping(items: readonly string[], item: string): ConnectError {
  return invalidValue('renames', items, `Invalid rename mapping: ${item}`);
}
