/** Text as a literal of PostgreSQL. */

/** The same text whatever `standard_conforming_strings` says: with a backslash in it, it is written in the form that says what one means. */
export function pgLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}
