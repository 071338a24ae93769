/** The databases that JDBC lanes work with, each started when a lane wants it, and kept until the end of the run. */
import { readConnectionSettings } from '../../src/connectors/jdbc/config/connection-settings';
import { SINK_DEFS } from '../../src/connectors/jdbc/config/sink-keys';
import type { Connection } from '../../src/connectors/jdbc/database/connection';
import type { Settings } from '../helpers/processes/worker-process';
import { MariaDb } from '../helpers/servers/mariadb';
import { Postgres } from '../helpers/servers/postgres';
import { TempDir } from '../helpers/temp-dir';

/** A kind of database, with the SQL in which it differs. */
export interface DatabaseKind {
  readonly name: 'postgresql' | 'mariadb' | 'sqlite';
  /** A table expression of the numbers 1 to `rows`, in a column `i`. */
  numbers(rows: number): string;
  /** The columns of the table of six: key, text, double, timestamp, decimal, boolean. */
  readonly columns: string;
  /** Their values, from the number `i`. */
  readonly values: string;
  start(): Promise<{ readonly settings: Settings; stop(): Promise<void> }>;
}

const COUNTING = (rows: number): string =>
  `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n) AS numbers`;

export const DATABASES: readonly DatabaseKind[] = [
  {
    name: 'postgresql',
    numbers: rows => `generate_series(1, ${rows}) AS i`,
    columns: 'id BIGINT PRIMARY KEY, name VARCHAR(60), score DOUBLE PRECISION, at TIMESTAMP(3), price DECIMAL(12,2), done BOOLEAN',
    values:
      "i, 'customer number ' || i || ' of many', i / 7.0, TIMESTAMP '2024-01-01' + i * INTERVAL '1.234 s', i % 100000 / 100.0, i % 2 = 1",
    start: () => Postgres.start().then(server => ({ settings: server.settings(), stop: () => server.stop() })),
  },
  {
    name: 'mariadb',
    numbers: rows => `(SELECT seq AS i FROM seq_1_to_${rows}) AS numbers`,
    columns: 'id BIGINT PRIMARY KEY, name VARCHAR(60), score DOUBLE, at DATETIME(3), price DECIMAL(12,2), done BOOLEAN',
    values:
      "i, CONCAT('customer number ', i, ' of many'), i / 7.0, TIMESTAMPADD(MICROSECOND, i * 1234000, '2024-01-01'), i % 100000 / 100.0, i % 2 = 1",
    start: () => MariaDb.start().then(server => ({ settings: server.settings(), stop: () => server.stop() })),
  },
  {
    name: 'sqlite',
    numbers: COUNTING,
    columns: 'id BIGINT PRIMARY KEY, name VARCHAR(60), score DOUBLE, at TIMESTAMP, price DECIMAL(12,2), done BOOLEAN',
    values: "i, 'customer number ' || i || ' of many', i / 7.0, 1704067200000 + i * 1234, i % 100000 / 100.0, i % 2",
    async start() {
      const dir = new TempDir('bench-sqlite');
      return { settings: { 'connection.url': `jdbc:sqlite:${dir.file('bench.db')}` }, stop: async () => dir.remove() };
    },
  },
];

/** A database that runs, and a connection to look at it. */
export interface BenchDatabase {
  readonly kind: DatabaseKind;
  /** Settings `connection.*` of a connector. */
  readonly settings: Settings;
  readonly connection: Connection;
  stop(): Promise<void>;
}

const running = new Map<string, Promise<BenchDatabase>>();

/** The database of a kind, started at the first call. */
export function databaseOf(kind: DatabaseKind): Promise<BenchDatabase> {
  const known = running.get(kind.name) ?? start(kind);
  running.set(kind.name, known);
  return known;
}

async function start(kind: DatabaseKind): Promise<BenchDatabase> {
  const { settings, stop } = await kind.start();
  const { dialect, options } = readConnectionSettings(SINK_DEFS.confluent.parse({ ...settings } as Record<string, string>), 'task');
  const connection = await dialect.connect(options);
  return { kind, settings, connection, stop: () => connection.close().then(stop) };
}

/** Ends all that were started. */
export async function stopDatabases(): Promise<void> {
  for (const database of running.values()) await (await database).stop();
  running.clear();
}
