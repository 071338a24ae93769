/** Bounds on what a list of aliases may ask for. */
import type { Validator } from '../../api/config-validators';
import { ConnectError } from '../../errors';

/** Each alias adds some ten keys to every answer about a connector, with its name in each, and a list of all classes there are. */
const MAX_ALIASES = 100;
const MAX_ALIAS_LENGTH = 200;

/** Refuses more aliases than anybody has use for: a request of 1 MB would make an answer of hundreds. */
export const boundedAliases: Validator = (key, value) => {
  if (!Array.isArray(value)) return;
  if (value.length > MAX_ALIASES) throw refused(key, `has ${value.length} aliases: at most ${MAX_ALIASES} are allowed`);
  const long = (value as readonly string[]).find(alias => alias.length > MAX_ALIAS_LENGTH);
  if (long === undefined) return;
  throw refused(key, `has an alias of ${long.length} characters, ${long.slice(0, 20)}...: at most ${MAX_ALIAS_LENGTH} are allowed`);
};

const refused = (key: string, why: string): ConnectError => new ConnectError('ConfigException', `Configuration '${key}' ${why}`);

/** The aliases if they are within the bounds, else none: the key's own validator says what is wrong. */
export function withinBounds(aliases: readonly string[]): readonly string[] {
  try {
    boundedAliases('', aliases);
    return aliases;
  } catch {
    return [];
  }
}
