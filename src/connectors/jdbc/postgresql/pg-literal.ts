/** Text as a literal of PostgreSQL. */

/** Independent of `standard_conforming_strings`: a text with a backslash is written in the escape form. */
export function pgLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}
