/** A file of SQLite that settings name is looked at: nothing is made, changed or left beside it. */
import fs from 'node:fs';
import { loadSqlite } from '../../../../src/connectors/jdbc/sqlite/sqlite-driver';
import { openToLook } from '../../../../src/connectors/jdbc/sqlite/sqlite-look';
import { TempDir } from '../../../helpers/temp-dir';

const Database = loadSqlite();
let dir: TempDir;

beforeEach(() => {
  dir = new TempDir('sqlite-look');
});
afterEach(() => dir.remove());

function make(journalMode: string): string {
  const file = dir.file('x.db');
  const database = new Database(file, { timeout: 0 });
  database.pragma(`journal_mode = ${journalMode}`);
  database.prepare('CREATE TABLE t (id int)').run();
  database.close();
  return file;
}

test.each(['delete', 'wal'])('one in journal mode %s is read, stays as it is, and has nothing beside it afterwards', mode => {
  const file = make(mode);
  const before = fs.readFileSync(file);
  const database = openToLook(Database, file, 0);
  expect(database.prepare('SELECT count(*) FROM t').raw(true).all()).toEqual([[0]]);
  expect(() => database.prepare('INSERT INTO t VALUES (1)').run()).toThrow(/readonly/);
  database.close();
  expect(fs.readdirSync(dir.path)).toEqual(['x.db']);
  expect(fs.readFileSync(file)).toEqual(before);
});

test('one that another process has open keeps what that one needs', () => {
  const file = make('wal');
  const other = new Database(file, { timeout: 0 });
  other.prepare('INSERT INTO t VALUES (1)').run();
  const database = openToLook(Database, file, 0);
  expect(database.prepare('SELECT count(*) FROM t').raw(true).all()).toEqual([[1]]);
  database.close();
  other.prepare('INSERT INTO t VALUES (2)').run();
  expect(other.prepare('SELECT count(*) FROM t').raw(true).all()).toEqual([[2]]);
  other.close();
  expect(fs.readdirSync(dir.path)).toEqual(['x.db']);
});

test('one that is not there is not made', () => {
  openToLook(Database, dir.file('new.db'), 0).close();
  expect(() => openToLook(Database, dir.file('no/folder.db'), 0)).toThrow();
  expect(fs.readdirSync(dir.path)).toEqual([]);
});
