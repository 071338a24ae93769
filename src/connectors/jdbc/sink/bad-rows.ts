/** Finds the rows of a batch that a database refuses. */
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';

/** True for an error that a single row can cause. */
export function isRowError(error: unknown): error is DatabaseError {
  // 21000: two rows of a batch are one for the table, though their keys differ as texts
  return error instanceof DatabaseError && (error.kind === 'data' || error.sqlState === '21000');
}

/**
 * Writes rows in order, halving what is refused until each bad row is alone; all others are written. The transaction goes on.
 * @param write writes some of the rows
 * @param onBad called for each bad row, in order; what it throws ends the writing
 * @throws DatabaseError for errors that no single row can cause
 */
export async function writeAround<Row>(
  connection: Connection,
  rows: readonly Row[],
  write: (rows: readonly Row[]) => Promise<void>,
  onBad: (row: Row, error: Error) => void,
): Promise<void> {
  if (rows.length === 0) return;
  await connection.setSavepoint();
  try {
    await write(rows);
    await connection.releaseSavepoint();
    return;
  } catch (error) {
    if (!isRowError(error)) throw error;
    await connection.rollbackToSavepoint();
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      onBad(row, error);
      return;
    }
  }
  const half = rows.length >> 1;
  await writeAround(connection, rows.slice(0, half), write, onBad);
  await writeAround(connection, rows.slice(half), write, onBad);
}
