/** The task of JdbcSink: each `put` is one transaction (io.aiven.connect.jdbc.sink.JdbcSinkTask). */
import { randomUUID } from 'node:crypto';
import type { Props } from '../../../api/connector';
import type { SinkTask, SinkTaskContext, TopicPartition } from '../../../api/sink';
import type { SinkRecord } from '../../../data/record/record';
import { ConnectError, toError } from '../../../errors';
import { getLogger, type Logger } from '../../../log';
import { DatabaseError } from '../database/database-error';
import { openConnection } from '../database/open-connection';
import type { Flavour } from '../database/values/flavour';
import { ConsumedOffsets } from './consumed-offsets';
import { OpenDatabase } from './open-database';
import { RecordWriter } from './record-writer';
import { readSinkSettings, type SinkSettings } from './sink-settings';

/** The default of `batch.size`. */
const RECORDS_PER_PUT = 3000;

/** What a task has from `start` on. */
interface Started {
  readonly settings: SinkSettings;
  readonly context: SinkTaskContext;
  readonly writer: RecordWriter;
  readonly offsets: ConsumedOffsets | null;
}

export class JdbcSinkTask implements SinkTask {
  private started: Started | null = null;
  private database: OpenDatabase | null = null;
  private failures = 0;
  private readonly stopping = new AbortController();
  private logger: Logger = getLogger('io.aiven.connect.jdbc.sink.JdbcSinkTask');

  constructor(private readonly flavour: Flavour) {}

  /** Records are converted while the database writes the last batch. */
  readonly allowsFetchAhead = true;
  readonly ignoresMetadata = true;

  /** Large batches: every `put` is a transaction, whose commit costs a write to the database's disk. */
  recordsPerPut(): number {
    return RECORDS_PER_PUT;
  }

  /** Reads the settings only: the database may be away. @throws ConfigException */
  start(props: Props, context: SinkTaskContext): void {
    this.logger = this.logger.withContext(context.logger.context);
    const settings = readSinkSettings(props, this.flavour);
    const offsets = offsetsOf(settings, String(props.name));
    const writer = new RecordWriter(settings, context.errantRecordReporter, offsets, this.logger);
    this.started = { settings, context, writer, offsets };
  }

  /** With exactly-once, continues after the offsets in the database; if it is away now, records that it has are skipped later. */
  async open(partitions: readonly TopicPartition[]): Promise<void> {
    const { started } = this;
    if (!started?.offsets) return;
    try {
      const { connection } = await this.connect(started);
      for (const partition of partitions) {
        const next = await started.offsets.read(connection, partition);
        started.writer.noteConsumed(partition, next);
        if (next !== null) started.context.offset(partition, next);
      }
    } catch (error) {
      await this.disconnect();
      if (!(error instanceof DatabaseError && error.retriable)) throw error;
      this.logger.warn(`The consumed offsets cannot be read now: ${error.message}`);
    }
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    const { started } = this;
    if (!started || records.length === 0) return;
    try {
      await started.writer.write(await this.connect(started), records);
      this.failures = 0;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw await this.recover(error, started);
    }
  }

  private async connect({ settings, offsets, writer }: Started): Promise<OpenDatabase> {
    if (this.database) return this.database;
    const { dialect, options, attempts, backoffMs } = settings.connection;
    // A server that is away is waited for between puts; a refused password is retried here.
    const connection = await dialect.connect(options).catch((error: unknown) => {
      if (error instanceof DatabaseError && error.retriable) throw error;
      return openConnection(dialect, options, { attempts, backoffMs, signal: this.stopping.signal, logger: this.logger });
    });
    this.database = new OpenDatabase(connection);
    writer.reset();
    await offsets?.prepare(connection);
    return this.database;
  }

  /**
   * The error for the worker. A database that is away is waited for without limit, since no record is at fault; other retriable errors are
   * retried `max.retries` times.
   */
  private async recover(error: DatabaseError, { settings, context }: Started): Promise<ConnectError> {
    const { maxRetries, retryBackoffMs } = settings;
    if (error.kind === 'connection' || error.kind === 'transient') await this.disconnect();
    const mayPass = error.kind === 'connection' || (error.kind === 'transient' && this.failures++ < maxRetries);
    if (!mayPass) return new ConnectError('ConnectException', `java.sql.SQLException: ${error.message}`, error);
    this.logger.warn(`A batch was not written and will be repeated in ${retryBackoffMs} ms: ${toError(error).message}`);
    context.timeout(retryBackoffMs);
    return new ConnectError('RetriableException', `java.sql.SQLException: ${error.message}`, error);
  }

  private async disconnect(): Promise<void> {
    await this.database?.connection.close();
    this.database = null;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.disconnect();
  }
}

function offsetsOf({ offsetsTable, connection, flavour }: SinkSettings, connector: string): ConsumedOffsets | null {
  if (offsetsTable === null) return null;
  const { dialect, quoting } = connection;
  return new ConsumedOffsets(dialect, offsetsTable, connector, randomUUID(), { quoting, flavour });
}
