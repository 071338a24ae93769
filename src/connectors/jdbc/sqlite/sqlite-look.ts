/** Opens a file of SQLite to inspect it: creates nothing, and leaves nothing behind. */
import fs from 'node:fs';
import path from 'node:path';
import type { SqliteDatabase, SqliteModule } from './sqlite-driver';

/** Files beside a database that is open or was not closed: opening it for writing would apply them. */
const BESIDE_OPEN = ['-wal', '-journal'];

/**
 * Opens an existing file without changing it; for a missing file, an empty database in memory.
 * @param timeout how long to wait for the lock of another process, in ms
 * @throws what the driver throws
 */
export function openToLook(Database: SqliteModule, file: string, timeout: number): SqliteDatabase {
  const isThere = fs.existsSync(file);
  const willBeMade = !isThere && fs.statSync(path.dirname(file), { throwIfNoEntry: false })?.isDirectory() === true;
  if (willBeMade || file === ':memory:') return new Database(':memory:', { timeout });
  if (!isThere || BESIDE_OPEN.some(end => fs.existsSync(file + end))) return new Database(file, { timeout, readonly: true });
  // To read a file in WAL mode, SQLite creates two files beside it, and removes them only if it may write.
  const database = new Database(file, { timeout, fileMustExist: true });
  database.pragma('query_only = 1');
  return database;
}
