import { loadSqlite } from '../../../src/connectors/jdbc/sqlite/sqlite-driver';

/** Runs statements on a file of SQLite and returns the rows of the last one as text, columns with `|` between them. */
export function runSqlite(file: string, text: string): string {
  const Database = loadSqlite();
  const database = new Database(file, { timeout: 30_000 });
  try {
    const statements = text.split(/;\s*(?:\n|$|(?=[A-Z]))/).filter(statement => statement.trim() !== '');
    let rows: unknown[][] = [];
    for (const sql of statements) {
      const statement = database.prepare(sql);
      if (statement.reader) rows = statement.raw(true).all();
      else statement.run();
    }
    return rows.map(row => row.join('|')).join('\n');
  } finally {
    database.close();
  }
}
