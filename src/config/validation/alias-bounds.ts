/** Bounds for lists of aliases. */
import type { Validator } from '../../api/config-validators';
import { ConnectError } from '../../errors';

/** Each alias adds about ten keys to every response about a connector, each with the alias in its name, and a list of all classes. */
const MAX_ALIASES = 100;
const MAX_ALIAS_LENGTH = 200;

/** Refuses more aliases than are useful: a request of 1 MB could cause a response of hundreds of MB. */
export const boundedAliases: Validator = (key, value) => {
  if (!Array.isArray(value)) return;
  if (value.length > MAX_ALIASES) throw refused(key, `has ${value.length} aliases: at most ${MAX_ALIASES} are allowed`);
  const long = (value as readonly string[]).find(alias => alias.length > MAX_ALIAS_LENGTH);
  if (long === undefined) return;
  throw refused(key, `has an alias of ${long.length} characters, ${long.slice(0, 20)}...: at most ${MAX_ALIAS_LENGTH} are allowed`);
};

const refused = (key: string, why: string): ConnectError => new ConnectError('ConfigException', `Configuration '${key}' ${why}`);

/** The aliases if they are within the bounds, else none; the key's own validator reports the error. */
export function withinBounds(aliases: readonly string[]): readonly string[] {
  try {
    boundedAliases('', aliases);
    return aliases;
  } catch {
    return [];
  }
}
