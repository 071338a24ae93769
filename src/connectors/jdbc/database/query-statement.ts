/** Where the query of the settings stands in the statements that are run. */
import { ConnectError } from '../../../errors';
import type { Connection } from './connection';
import type { Column } from './values/column';

/** A query that a condition or a list of columns is put around: a line end, in case the query ends in a comment. */
export const derivedTable = (query: string): string => `(${query}\n) source`;

/** The statement of mode bulk: the query as it is, since a database need not keep the order of what stands in parentheses. */
export const bulkStatement = (query: string, suffix: string): string => (suffix === '' ? query : `${query}\n${suffix}`);

/** A statement with the columns that the query has in a mode, and refused by the database where it would refuse the one that is run. */
export function describedStatement(query: string, mode: string, suffix: string): string {
  return mode === 'bulk' ? bulkStatement(query, suffix) : `SELECT * FROM ${derivedTable(query)}`;
}

/** The columns of a query. @throws DatabaseError; ConnectException for a statement that returns no rows, such as SELECT INTO */
export async function columnsOfQuery(connection: Connection, statement: string): Promise<Column[]> {
  const columns = await connection.columnsOfQuery(statement);
  if (columns.length > 0) return columns;
  throw new ConnectError('ConnectException', 'The query returns no columns, so there is nothing to read');
}

/** Whether a text begins as a query does, behind comments and parentheses. */
export function beginsAsQuery(text: string): boolean {
  for (let at = 0; ; ) {
    const rest = text.slice(at, at + 16);
    if (/^[\s(]/.test(rest)) at++;
    else if (rest.startsWith('--')) at = endOf(text, '\n', at);
    else if (rest.startsWith('/*')) at = endOf(text, '*/', at + 2);
    else return /^(?:select|with|values|table)\b/i.test(rest);
  }
}

/** The place after the next such text. */
function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found + what.length;
}
