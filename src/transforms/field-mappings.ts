/** Lists of colon-delimited pairs, e.g. `foo:bar,abc:xyz`, as settings of transformations hold them. */
import { invalidValue } from '../api/config-types';
import type { ConnectError } from '../errors';

/** String.split for a delimiter that is not a pattern: empty parts at the end are left out. */
export function javaSplit(text: string, delimiter: string): string[] {
  if (text === '') return [''];
  const parts = text.split(delimiter);
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** The error for an item that is not a pair; Java calls the setting `renames` wherever it stands. */
export function wrongMapping(items: readonly string[], item: string): ConnectError {
  return invalidValue('renames', items, `Invalid rename mapping: ${item}`);
}
