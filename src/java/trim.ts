/** String.trim: removes control characters and spaces (up to U+0020) at both ends; a no-break space stays. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

const SPACE = ' \t\n\v\f\r';

/** Removes what `\s` of java.util.regex matches at both ends. A pattern for the end would take quadratic time for blanks inside. */
export function withoutSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.includes(text.charAt(start))) start++;
  while (end > start && SPACE.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
