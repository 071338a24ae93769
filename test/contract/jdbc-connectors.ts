/** What the kits give to the JDBC connectors: a file of SQLite. */
import { INT64_SCHEMA, type Props, SchemaBuilder, type SinkPlugin, type SourcePlugin, STRING_SCHEMA, Struct } from '../../src/api';
import type { SinkTaskSubject, SourceTaskSubject } from '../../src/testing';
import { runSqlite } from '../helpers/servers/sqlite';
import { TempDir } from '../helpers/temp-dir';

const TABLES = `
CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, customer VARCHAR(50), amount DOUBLE);
INSERT INTO orders VALUES (1, 'Ada', 12.5), (2, NULL, 3), (5, 'Grace', NULL);
CREATE TABLE visits (id INTEGER NOT NULL PRIMARY KEY, page VARCHAR(50));
INSERT INTO visits VALUES (1, '/'), (2, '/a');
`;

const database = (file: string): Props => ({ 'connection.url': `jdbc:sqlite:${file}` });

/** Settings of a task, as its connector makes them. @param tables as the task gets them, a comma between */
const sourceProps = (file: string, tables: string): Props => ({
  name: 'source',
  ...database(file),
  mode: 'incrementing',
  'incrementing.column.name': 'id',
  'topic.prefix': 'shop-',
  'poll.interval.ms': '10',
  // A query that is read to its end lets go of the file, which others are to write.
  'batch.max.rows': '4',
  tables,
  'tables.fetched': 'true',
});

export function jdbcSource(plugin: SourcePlugin): SourceTaskSubject {
  return {
    plugin,
    prepare: () => {
      const dir = new TempDir('contract');
      const file = dir.file('shop.db');
      runSqlite(file, TABLES);
      return {
        props: sourceProps(file, '"orders","visits"'),
        records: 5,
        add: () => void runSqlite(file, "INSERT INTO visits VALUES (9, '/b')"),
        close: () => dir.remove(),
      };
    },
    badSettings: { mode: 'sideways', 'connection.url': 'jdbc:abacus:x' },
    away: { ...sourceProps('/nowhere/at/all.db', '"orders"'), 'connection.backoff.ms': '10' },
  };
}

const ROW = SchemaBuilder.struct().field('id', INT64_SCHEMA).field('name', STRING_SCHEMA).build();

export function jdbcSink(plugin: SinkPlugin, more: Props, writesOnce: boolean): SinkTaskSubject {
  return {
    plugin,
    prepare: () => {
      const dir = new TempDir('contract');
      const file = dir.file('shop.db');
      runSqlite(file, 'CREATE TABLE orders (id INTEGER, name VARCHAR(50))');
      return {
        props: { name: 'sink', topics: 'orders', ...database(file), ...more },
        topic: 'orders',
        record: n => ({ valueSchema: ROW, value: new Struct(ROW).put('id', BigInt(n)).put('name', `record ${n}`) }),
        written: () => runSqlite(file, 'SELECT id FROM orders ORDER BY rowid').split('\n').filter(Boolean).map(Number),
        fail: () => void runSqlite(file, 'ALTER TABLE orders RENAME TO gone'),
        mend: () => void runSqlite(file, 'ALTER TABLE gone RENAME TO orders'),
        close: () => dir.remove(),
      };
    },
    badSettings: { 'insert.mode': 'sideways', 'connection.url': 'jdbc:abacus:x' },
    writesOnce,
    canFail: true,
  };
}
