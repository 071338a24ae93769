/** JSON whose numbers keep their spelling: to Jackson, `1.50` in a map of strings is the string `1.50`. */
import { toError } from '../../errors';
import { type NameListener, parseJson as parseExactly } from './exact-json';

/**
 * Parses JSON with every number as its spelling; only for settings, where a number and its text mean the same.
 * @throws SyntaxError that says what was found and where
 */
export function parseJson(text: string, onName?: NameListener): unknown {
  try {
    return parseExactly(text, spelling => spelling, onName);
  } catch (error) {
    throw new SyntaxError(toError(error).message);
  }
}
