/** Statements that set the isolation of a session. */
import type { IsolationLevel } from './dialect';

/** The statement followed by the level of the SQL standard; null for the level that only SQL Server has. */
export function standardIsolation(statement: string, level: IsolationLevel): string | null {
  return level === 'SQL_SERVER_SNAPSHOT' ? null : `${statement} ${level.replaceAll('_', ' ')}`;
}
