/** What the storms on JDBC connectors share: a database of their own, the worker, those who kill them, and the counts. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeFile, type Ledger, numberedLine } from '../../helpers/processes/line-feeder';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { dumpValues, endOffset, lastValues, produceFile } from '../../helpers/servers/kafka-io';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';
import type { Trial } from '../fault';

/** Generous, since the machine may be slow: nothing here is measured by it. */
const PATIENCE_MS = 120_000;
/** How long a server is away. */
const AWAY_MS = 300;

export type DatabaseName = 'postgresql' | 'mariadb';
export type Target = 'worker' | 'database' | 'broker' | 'all';

/** How a database makes rows by itself. */
interface RowSql {
  start(): Promise<DatabaseServer>;
  readonly timestamp: string;
  readonly now: string;
  /** The numbered line of a number. */
  line(number: string): string;
  /** A source of numbers `i` for FROM, both ends included. */
  numbers(from: number, to: number): string;
}

const DATABASES: Readonly<Record<DatabaseName, RowSql>> = {
  postgresql: {
    start: () => Postgres.start(),
    timestamp: 'timestamp',
    now: "now() AT TIME ZONE 'UTC'",
    line: number => `lpad(${number}::text, 9, '0') || ' ' || repeat('.', 53)`,
    numbers: (from, to) => `generate_series(${from}, ${to}) AS n(i)`,
  },
  mariadb: {
    start: () => MariaDb.start(),
    timestamp: 'datetime(6)',
    now: 'UTC_TIMESTAMP(6)',
    line: number => `concat(lpad(${number}, 9, '0'), ' ', repeat('.', 53))`,
    numbers: (from, to) => `(SELECT seq AS i FROM seq_${from}_to_${to}) AS n`,
  },
};

const RECORD_SCHEMA = JSON.stringify({
  type: 'struct',
  optional: false,
  fields: [
    { field: 'id', type: 'int64' },
    { field: 'v', type: 'string' },
  ],
});

export class JdbcStorm {
  readonly table = 'storm';
  readonly topic: string;
  private readonly dir = new TempDir('fault');
  private worker: WorkerProcess | undefined;

  private constructor(
    private readonly trial: Trial,
    private readonly bootstrap: string,
    private readonly database: DatabaseServer,
    private readonly sql: RowSql,
  ) {
    this.topic = trial.arena.freshTopic();
  }

  /** Runs a storm on a database of its own, and clears it away however that ends. */
  static async use<T>(trial: Trial, name: DatabaseName, run: (storm: JdbcStorm) => Promise<T>): Promise<T> {
    const { bootstrap } = await trial.arena.broker();
    const sql = DATABASES[name];
    const storm = new JdbcStorm(trial, bootstrap, await sql.start(), sql);
    try {
      return await run(storm);
    } finally {
      await storm.close();
    }
  }

  /** Starts a worker where the last one ended. @param connector settings of the connector besides its name and the database */
  async startWorker(worker: Settings, connector: Settings): Promise<void> {
    this.worker = await startWorker({
      bootstrap: this.bootstrap,
      dir: this.dir,
      worker,
      connectors: [{ name: this.topic, 'tasks.max': 1, 'connection.backoff.ms': 200, ...this.database.settings(), ...connector }],
      startTimeoutMs: PATIENCE_MS,
    });
  }

  /** Kills, and starts again what is not the worker. */
  async strike(target: Target): Promise<void> {
    const broker = await this.trial.arena.broker();
    const parts = {
      worker: { kill: () => this.worker?.kill9() },
      database: { kill: () => this.database.kill(), restart: () => this.database.restart() },
      broker: { kill: () => broker.kill(), restart: () => broker.restart() },
    };
    const hit: { kill(): unknown; restart?(): Promise<void> }[] = target === 'all' ? Object.values(parts) : [parts[target]];
    await Promise.all(hit.map(part => part.kill()));
    await sleep(AWAY_MS);
    await Promise.all(hit.map(part => part.restart?.()));
  }

  /** Waits for something of a worker that lives, and shows what that said if it does not come. */
  async alive(what: string, check: () => Promise<boolean>, everyMs = 200): Promise<void> {
    const look = (): Promise<boolean> => {
      assert(this.worker?.child.alive, 'the worker has ended');
      return check();
    };
    await waitFor(what, look, { timeoutMs: PATIENCE_MS, everyMs }).catch(error => {
      throw new Error(`${error.message}\n${this.worker?.output.slice(-3000) ?? ''}`);
    });
  }

  // --- a source: from the table to the topic

  async createSourceTable(): Promise<void> {
    const columns = `id bigint NOT NULL PRIMARY KEY, ts ${this.sql.timestamp} NOT NULL, v varchar(100) NOT NULL`;
    await this.database.sql(`CREATE TABLE ${this.table} (${columns});`);
  }

  /** Inserts rows `from .. to - 1`, all of the same timestamp. */
  async insertRows(from: number, to: number): Promise<void> {
    const { now, line, numbers } = this.sql;
    await this.database.sql(`INSERT INTO ${this.table} (id, ts, v) SELECT i, ${now}, ${line('i')} FROM ${numbers(from, to - 1)};`);
  }

  /** End offset of the topic: the records in it, and in transactions their markers too. */
  reached(): Promise<number> {
    return endOffset(this.bootstrap, this.topic);
  }

  /** Waits until the last of this many rows is in the topic. */
  async lastLine(rows: number): Promise<void> {
    const last = numberedLine(rows - 1).trimEnd();
    await this.alive('the last line', async () => (await lastValues(this.bootstrap, this.topic)).includes(last));
  }

  async judgeTopic(rows: number): Promise<Ledger> {
    await dumpValues(this.bootstrap, this.topic, this.dir.file('topic'));
    return judgeFile(this.dir.file('topic'), rows);
  }

  // --- a sink: from the topic to the table

  /** Writes records of rows `from .. to - 1` to the topic. */
  async produceRows(from: number, to: number): Promise<void> {
    const record = (id: number): string =>
      `{"schema":${RECORD_SCHEMA},"payload":{"id":${id},"v":${JSON.stringify(numberedLine(id).trimEnd())}}}\n`;
    const lines = Array.from({ length: to - from }, (_, i) => record(from + i)).join('');
    await produceFile(this.bootstrap, this.topic, this.dir.write('records', lines));
  }

  /** Rows of the table, repeated ones too: a look that is cheap enough to take often. Zero while there is no table. */
  async arrivedRows(): Promise<number> {
    return Number(await this.ifThere(`SELECT count(*) FROM ${this.table};`, '0'));
  }

  /** Rows of the table, different ids among them, and rows that are not as they were sent; zeros while there is no table. */
  async countRows(): Promise<{ rows: number; ids: number; wrong: number }> {
    const wrong = `CASE WHEN v = ${this.sql.line('id')} THEN 0 ELSE 1 END`;
    const text = await this.ifThere(`SELECT count(*), count(DISTINCT id), coalesce(sum(${wrong}), 0) FROM ${this.table};`, '0 0 0');
    const [rows = 0, ids = 0, different = 0] = text.split(/[\t| ]/).map(Number);
    return { rows, ids, wrong: different };
  }

  private ifThere(sql: string, otherwise: string): Promise<string> {
    return this.database.sql(sql).catch((error: Error) => {
      if (/exist/.test(error.message)) return otherwise;
      throw error;
    });
  }

  private async close(): Promise<void> {
    await this.worker?.kill9();
    await this.database.stop();
    this.dir.remove();
  }
}
