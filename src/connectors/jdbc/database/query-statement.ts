/** Builds the statements around the user's query. */
import { ConnectError } from '../../../errors';
import type { Connection } from './connection';
import type { Column } from './values/column';

/** The query as a derived table, for conditions and lists of columns; with a line end, in case the query ends in a comment. */
export const derivedTable = (query: string): string => `(${query}\n) source`;

/** The statement of mode bulk: the query unchanged, since a database need not keep the order of rows of a derived table. */
export const bulkStatement = (query: string, suffix: string): string => (suffix === '' ? query : `${query}\n${suffix}`);

/** A statement with the same columns as the one that the mode runs, which the database refuses if it would refuse that one. */
export function describedStatement(query: string, mode: string, suffix: string): string {
  return mode === 'bulk' ? bulkStatement(query, suffix) : `SELECT * FROM ${derivedTable(query)}`;
}

/** The columns of a query. @throws DatabaseError; ConnectException for a statement that returns no rows, such as SELECT INTO */
export async function columnsOfQuery(connection: Connection, statement: string): Promise<Column[]> {
  const columns = await connection.columnsOfQuery(statement);
  if (columns.length > 0) return columns;
  throw new ConnectError('ConnectException', 'The query returns no columns, so there is nothing to read');
}

/** True if a text begins with SELECT or the like, after comments and parentheses. */
export function beginsAsQuery(text: string): boolean {
  for (let at = 0; ; ) {
    const rest = text.slice(at, at + 16);
    if (/^[\s(]/.test(rest)) at++;
    else if (rest.startsWith('--')) at = endOf(text, '\n', at);
    else if (rest.startsWith('/*')) at = endOf(text, '*/', at + 2);
    else return /^(?:select|with|values|table)\b/i.test(rest);
  }
}

/** The index after the next occurrence of the text. */
function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found + what.length;
}
