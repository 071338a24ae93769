/** How a log line shows foreign texts, such as names of files, settings and records. */

/** Characters that end a line, move the cursor, or change the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u;
const ALL_UNSEEN = new RegExp(UNSEEN, 'gu');
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
/** UTF-16 units of a line, so that a request of 2 MiB cannot fill the log. */
const MAX_LINE_LENGTH = 65_536;

/**
 * The text with `
 * `, `\u001b` and the like in place of invisible control characters.
 */
export function visibleText(text: string): string {
  if (!UNSEEN.test(text)) return text;
  return text.replace(ALL_UNSEEN, char => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `visibleText` of as much as fits into a line; the rest is counted. */
export function boundedLine(text: string): string {
  if (text.length <= MAX_LINE_LENGTH) return visibleText(text);
  return `${visibleText(text.slice(0, MAX_LINE_LENGTH))}... and ${text.length - MAX_LINE_LENGTH} more characters`;
}
