/** Statements that set the isolation of a session. */
import type { IsolationLevel } from './dialect';

/** The level in the words of the SQL standard behind this; null for the one that only SQL Server has. */
export function standardIsolation(statement: string, level: IsolationLevel): string | null {
  return level === 'SQL_SERVER_SNAPSHOT' ? null : `${statement} ${level.replaceAll('_', ' ')}`;
}
