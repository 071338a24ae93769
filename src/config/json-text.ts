/** JSON in which numbers keep their own text: to Jackson, `1.50` in a map of strings is the string `1.50`. */

/** A string, or a number outside of strings. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON with every number as the text it was written in; for settings only, where a number and its text mean the same.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  JSON.parse(text);
  return JSON.parse(text.replace(STRING_OR_NUMBER, token => (token.startsWith('"') ? token : `"${token}"`)));
}
