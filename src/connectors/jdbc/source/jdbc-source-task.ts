/** The task of JdbcSource: queries its tables one after the other, each when it is due (io.aiven.connect.jdbc.source.JdbcSourceTask). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Props } from '../../../api/connector';
import type { SourceTask, SourceTaskContext } from '../../../api/source';
import type { SourceRecord } from '../../../data/record';
import { ConnectError, toError } from '../../../errors';
import { getLogger, type Logger } from '../../../log';
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import type { Flavour } from '../database/flavour';
import { openConnection } from '../database/open-connection';
import { readSourceSettings, type SourceSettings } from './source-settings';
import { positionOfOffset, type ReadSubject, storedPartitions, TableReader } from './table-reader';

/** Rows of one batch may take about this much memory. */
const MAX_BATCH_BYTES = 4 << 20;
/** A wait is cut into pieces, after each of which the worker looks whether the task is to end. */
const MAX_WAIT_MS = 1000;

export class JdbcSourceTask implements SourceTask {
  private context: SourceTaskContext | null = null;
  private settings: SourceSettings | null = null;
  private connection: Connection | null = null;
  private readers: TableReader[] | null = null;
  private logger: Logger = getLogger('io.aiven.connect.jdbc.source.JdbcSourceTask');

  constructor(private readonly flavour: Flavour) {}

  /** Reads the settings only: the database may be away. @throws ConfigException, ConnectException for what is not built yet */
  start(props: Props, context: SourceTaskContext): void {
    this.context = context;
    this.logger = this.logger.withContext(`[${props.name}|task-${context.taskId.slice(context.taskId.lastIndexOf('-') + 1)}] `);
    const settings = readSourceSettings(props, this.flavour);
    if (settings.mode !== 'bulk' && settings.mode !== 'incrementing') {
      throw new ConnectError('ConnectException', `mode=${settings.mode} is not supported`);
    }
    this.settings = settings;
  }

  async poll(): Promise<SourceRecord[] | null> {
    const { settings, context } = this;
    if (!settings || !context) return null;
    const signal = context.signal();
    if (settings.tables === null) return this.pause(MAX_WAIT_MS, signal);
    try {
      this.connection ??= await this.connect(settings, signal);
      this.readers ??= await this.openReaders(settings, this.connection, context);
      const reader = nextReader(this.readers);
      if (reader === null) return this.pause(this.untilDueMs(), signal);
      const records = await reader.read(this.connection, { rows: settings.maxBatchRows, bytes: MAX_BATCH_BYTES });
      return records.length === 0 ? null : records;
    } catch (error) {
      if (signal.aborted) return null;
      return this.recover(error, settings, signal);
    }
  }

  private connect({ connection }: SourceSettings, signal: AbortSignal): Promise<Connection> {
    const { attempts, backoffMs, dialect, options } = connection;
    return openConnection(dialect, options, { attempts, backoffMs, signal, logger: this.logger });
  }

  private async openReaders(settings: SourceSettings, connection: Connection, context: SourceTaskContext): Promise<TableReader[]> {
    if (settings.query !== null) return [this.openReader({ query: settings.query }, settings, context)];
    const { dialect } = settings.connection;
    const readers: TableReader[] = [];
    for (const name of settings.tables ?? []) {
      const table = dialect.parseTable(name);
      if ((await connection.columnsOfTable(table)).length === 0) throw new ConnectError('ConnectException', `There is no table ${name}`);
      readers.push(this.openReader({ table }, settings, context));
    }
    return readers;
  }

  private openReader(subject: ReadSubject, settings: SourceSettings, { offsetStorageReader }: SourceTaskContext): TableReader {
    const offsets = storedPartitions(subject).map(partition => offsetStorageReader.offset(partition));
    const stored = positionOfOffset(offsets.find(offset => offset !== null) ?? null);
    return new TableReader(subject, settings, stored ?? settings.incrementingInitial, this.logger);
  }

  private untilDueMs(): number {
    const dueAtMs = Math.min(...(this.readers ?? []).map(reader => reader.dueAtMs));
    return Math.max(1, Math.min(MAX_WAIT_MS, dueAtMs - Date.now()));
  }

  private async pause(ms: number, signal: AbortSignal): Promise<null> {
    await sleep(ms, undefined, { signal }).catch(() => {});
    return null;
  }

  /** What may pass is tried again over a new connection; rows that were already read are not read again. */
  private async recover(error: unknown, { connection }: SourceSettings, signal: AbortSignal): Promise<null> {
    if (!(error instanceof DatabaseError && error.retriable)) throw error;
    this.logger.warn(`A query has failed and will be repeated: ${toError(error).message}`);
    await this.disconnect();
    return this.pause(connection.backoffMs, signal);
  }

  private async disconnect(): Promise<void> {
    for (const reader of this.readers ?? []) await reader.abandon();
    await this.connection?.close();
    this.connection = null;
  }

  /** Nothing is due, and no rows are waiting. */
  drained(): boolean {
    return this.readers !== null && nextReader(this.readers) === null;
  }

  async stop(): Promise<void> {
    await this.disconnect();
  }
}

/** The reader to go on with: one whose query is under way, or else the one that has waited longest among those that are due. */
function nextReader(readers: readonly TableReader[]): TableReader | null {
  const open = readers.find(reader => reader.isOpen);
  if (open) return open;
  const [first] = [...readers].sort((a, b) => a.dueAtMs - b.dueAtMs);
  return first && first.dueAtMs <= Date.now() ? first : null;
}
