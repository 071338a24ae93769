/** Opens a file of SQLite only to look at it: nothing is made, and nothing stays behind. */
import fs from 'node:fs';
import path from 'node:path';
import type { SqliteDatabase, SqliteModule } from './sqlite-driver';

/** What lies beside a file that somebody has open, or that nobody has closed: a right to write would have it worked in. */
const BESIDE_OPEN = ['-wal', '-journal'];

/**
 * A file that is there, which cannot be changed; an empty database in memory stands in for one that is still to be made.
 * @param timeout how long to wait for the lock of another process, in ms
 * @throws what the driver throws
 */
export function openToLook(Database: SqliteModule, file: string, timeout: number): SqliteDatabase {
  const isThere = fs.existsSync(file);
  const willBeMade = !isThere && fs.statSync(path.dirname(file), { throwIfNoEntry: false })?.isDirectory() === true;
  if (willBeMade || file === ':memory:') return new Database(':memory:', { timeout });
  if (!isThere || BESIDE_OPEN.some(end => fs.existsSync(file + end))) return new Database(file, { timeout, readonly: true });
  // to read a file in WAL mode SQLite makes two beside it, and removes them again only for who may write
  const database = new Database(file, { timeout, fileMustExist: true });
  database.pragma('query_only = 1');
  return database;
}
