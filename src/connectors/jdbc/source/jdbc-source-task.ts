/** The task of JdbcSource: queries its tables in turn, each when it is due (io.aiven.connect.jdbc.source.JdbcSourceTask). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Props } from '../../../api/connector';
import type { SourceTask, SourceTaskContext } from '../../../api/source';
import type { RecordBatch } from '../../../data/batch/record-batch';
import { asSentence, toError } from '../../../errors';
import { getLogger, type Logger } from '../../../log';
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { openConnection } from '../database/open-connection';
import type { Flavour } from '../database/values/flavour';
import { openReaders } from './open-readers';
import { readSourceSettings, type SourceSettings } from './source-settings';
import type { TableReader } from './table-reader';

/** The approximate memory of the rows of one batch. */
const MAX_BATCH_BYTES = 4 << 20;
/** Longer waits are split, so that the worker can check whether the task is to stop. */
const MAX_WAIT_MS = 1000;

export class JdbcSourceTask implements SourceTask {
  private context: SourceTaskContext | null = null;
  private settings: SourceSettings | null = null;
  private connection: Connection | null = null;
  private readers: TableReader[] | null = null;
  /** Further batches of the last read, whose rows have another schema. */
  private ready: RecordBatch[] = [];
  /** Failed queries since the last successful one. */
  private failures = 0;
  private logger: Logger = getLogger('io.aiven.connect.jdbc.source.JdbcSourceTask');

  constructor(private readonly flavour: Flavour) {}

  /** Reads the settings only: the database may be away. @throws ConfigException */
  start(props: Props, context: SourceTaskContext): void {
    this.context = context;
    this.logger = this.logger.withContext(context.logger.context);
    this.settings = readSourceSettings(props, this.flavour);
  }

  async poll(): Promise<RecordBatch | null> {
    const waiting = this.ready.shift();
    if (waiting !== undefined) return waiting;
    const { settings, context } = this;
    if (!settings || !context) return null;
    const signal = context.signal();
    if (settings.tables === null) return this.pause(MAX_WAIT_MS, signal);
    try {
      this.connection ??= await this.connect(settings, signal);
      if (this.connection === null) return null;
      this.readers ??= await openReaders(settings, this.connection, context, this.logger);
      const reader = nextReader(this.readers);
      if (reader === null) return this.pause(this.untilDueMs(), signal);
      this.ready = await reader.read(this.connection, { rows: settings.maxBatchRows, bytes: MAX_BATCH_BYTES });
      this.failures = 0;
      return this.ready.shift() ?? null;
    } catch (error) {
      if (signal.aborted) return null;
      return this.recover(error, settings, signal);
    }
  }

  /** Null while the database is away: a task must survive that, so `connection.attempts` applies to other errors only. */
  private async connect({ connection }: SourceSettings, signal: AbortSignal): Promise<Connection | null> {
    const { attempts, backoffMs, dialect, options } = connection;
    try {
      const opened = await openConnection(dialect, options, { attempts, backoffMs, signal, logger: this.logger });
      await this.isolate(opened);
      return opened;
    } catch (error) {
      const { cause } = toError(error);
      if (!(cause instanceof DatabaseError && cause.retriable)) throw error;
      this.logger.warn(`${toError(error).message}: ${asSentence(cause.message)} It will be tried again.`);
      await this.pause(backoffMs, signal);
      return null;
    }
  }

  /** As in Java, an isolation level that the database does not know is no error. */
  private async isolate(connection: Connection): Promise<void> {
    const { isolation, connection: by } = this.settings as SourceSettings;
    if (isolation === null) return;
    const sql = by.dialect.isolationSql(isolation);
    if (sql === null) this.logger.warn(`${by.dialect.product} does not know transaction.isolation.mode=${isolation}; it is left as it is`);
    else if (connection.keepSetting) await connection.keepSetting(sql);
    else await connection.query(sql);
  }

  private untilDueMs(): number {
    const dueAtMs = Math.min(...(this.readers ?? []).map(reader => reader.dueAtMs));
    return Math.max(1, Math.min(MAX_WAIT_MS, dueAtMs - Date.now()));
  }

  private async pause(ms: number, signal: AbortSignal): Promise<null> {
    await sleep(ms, undefined, { signal }).catch(() => {});
    return null;
  }

  /** Retriable errors are retried on a new connection, up to `query.retry.attempts` times; a database that is away does not count. */
  private async recover(error: unknown, { connection, maxQueryRetries }: SourceSettings, signal: AbortSignal): Promise<null> {
    if (!(error instanceof DatabaseError && error.retriable)) throw error;
    if (error.kind !== 'connection') this.failures++;
    if (maxQueryRetries !== null && this.failures > maxQueryRetries) throw error;
    this.logger.warn(`A query has failed and will be repeated: ${toError(error).message}`);
    await this.disconnect();
    return this.pause(connection.backoffMs, signal);
  }

  private async disconnect(): Promise<void> {
    for (const reader of this.readers ?? []) await reader.abandon();
    await this.connection?.close();
    this.connection = null;
  }

  /** True if nothing is due and no rows are waiting. */
  drained(): boolean {
    return this.readers !== null && this.ready.length === 0 && nextReader(this.readers) === null;
  }

  async stop(): Promise<void> {
    await this.disconnect();
  }
}

/** The next reader: one with an open query, or else the due one that has waited longest. */
function nextReader(readers: readonly TableReader[]): TableReader | null {
  const open = readers.find(reader => reader.isOpen);
  if (open) return open;
  const [first] = [...readers].sort((a, b) => a.dueAtMs - b.dueAtMs);
  return first && first.dueAtMs <= Date.now() ? first : null;
}
