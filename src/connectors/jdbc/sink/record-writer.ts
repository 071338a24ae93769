/**
 * Writes the records of one `put`: in one transaction, with bad rows separated from good ones, and tables described again when they have
 * changed.
 */
import { type ErrantRecordReporter, keyOfPartition, type TopicPartition } from '../../../api/sink';
import type { SinkRecord } from '../../../data/record/record';
import { ConnectError, toError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { isRowError, writeAround } from './bad-rows';
import { type ConsumedOffsets, nextOffsets, partitionsOf } from './consumed-offsets';
import type { OpenDatabase } from './open-database';
import { aboutRecord, placeOf, refusedTombstone } from './record-kinds';
import { type RecordShape, RecordShapes } from './record-shape';
import { planRows, type RowPlan } from './row-plan';
import { type SinkSettings, tableNameOf } from './sink-settings';
import { groupRows, type PlannedRow, withoutNamesakes } from './table-batch';
import { MissingTable, type TableDefinition, TableDefinitions } from './table-definitions';
import { describeUpsertRisk } from './upsert-keys';

/** A row and its record. */
interface RecordRow extends PlannedRow {
  readonly record: SinkRecord;
}

interface BadRecord {
  readonly record: SinkRecord;
  readonly error: Error;
}

/** Another task, or an earlier attempt, has written some of these records already. */
class OffsetsHaveMoved extends Error {}

/** The database has refused the commit, because of deferred constraints. */
class CommitRefused extends Error {
  constructor(readonly refusal: DatabaseError) {
    super(refusal.message);
  }
}

/** How carefully rows are written, to find bad ones. */
interface Care {
  /** Halves refused batches. */
  readonly halves: boolean;
  /** Checks deferred constraints before the commit. */
  readonly checks: boolean;
}

/** How often tables are described again for one batch before an error counts. */
const MAX_DESCRIPTIONS = 2;

export class RecordWriter {
  private readonly shapes: RecordShapes;
  private readonly definitions: TableDefinitions;
  private readonly plans = new Map<object, RowPlan>();
  private readonly tableNames = new Map<string, string>();
  /** Warnings given so far. */
  private readonly told = new Set<string>();
  /** The next offsets in the database, if they are kept there. */
  private readonly consumed = new Map<string, number>();

  /**
   * @param reporter takes bad records; null: a bad record fails the write
   * @param offsets where consumed offsets are kept, or null
   */
  constructor(
    private readonly settings: SinkSettings,
    private readonly reporter: ErrantRecordReporter | null,
    private readonly offsets: ConsumedOffsets | null,
    private readonly logger: Logger,
  ) {
    this.shapes = new RecordShapes(settings);
    this.definitions = new TableDefinitions(settings, logger);
  }

  /** Forgets the state of an earlier connection. */
  reset(): void {
    this.definitions.clear();
    this.plans.clear();
    this.shapes.clear();
  }

  /** Notes the consumed offset of a partition. */
  noteConsumed(partition: TopicPartition, next: number | null): void {
    if (next === null) this.consumed.delete(keyOfPartition(partition));
    else this.consumed.set(keyOfPartition(partition), next);
  }

  /** Writes all of the records, or none. @throws DatabaseError; ConnectException, and the reporter's errors, for a bad record */
  async write(database: OpenDatabase, records: readonly SinkRecord[]): Promise<void> {
    let care: Care = { halves: false, checks: false };
    for (let descriptions = 0; ; ) {
      try {
        await this.attempt(database, records, care);
        return;
      } catch (thrown) {
        const error = thrown instanceof CommitRefused ? thrown.refusal : thrown;
        const checks = thrown instanceof CommitRefused && database.connection.checkConstraints !== undefined;
        await database.rollback();
        database.forgetWriters();
        this.reset();
        if (error instanceof OffsetsHaveMoved) continue;
        if (isRowError(error) && (!care.halves || (checks && !care.checks))) care = { halves: true, checks };
        else if (!mayBeOutdated(error) || ++descriptions > MAX_DESCRIPTIONS) throw error;
      }
    }
  }

  private async attempt(database: OpenDatabase, records: readonly SinkRecord[], care: Care): Promise<void> {
    const { connection } = database;
    const changesBefore = this.definitions.changeCount;
    const fresh = this.offsets ? records.filter(record => this.isFresh(record)) : records;
    if (fresh.length === 0) return;
    await connection.begin();
    const bad: BadRecord[] = [];
    const note = (record: SinkRecord, error: Error): void => this.noteBad(bad, record, error);
    const tables = await this.planAll(database, fresh, note);
    if (this.settings.connection.dialect.ddlCommits && this.definitions.changeCount > changesBefore) await connection.begin();
    const partitions = this.offsets ? partitionsOf(fresh) : [];
    await this.lockOffsets(database, partitions);
    const all = [...tables.values()];
    if (care.halves) await this.writeCarefully(database, all, care, note);
    else for (const rows of all) await database.write(groupRows(rows), this.settings.batchRows);
    const next = this.offsets ? nextOffsets(fresh) : null;
    if (next) await this.offsets?.store(connection, next, partitions);
    // Before the commit: records that were neither written nor reported must be delivered again.
    for (const { record, error } of bad) await this.reporter?.(record, error);
    await connection.commit().catch((error: unknown) => {
      throw isRowError(error) ? new CommitRefused(error) : error;
    });
    if (next) for (const [key, offset] of next) this.consumed.set(key, offset);
  }

  /** Writes the good rows, and reports the bad ones to `onBad`. */
  private async writeCarefully(
    database: OpenDatabase,
    tables: readonly (readonly RecordRow[])[],
    { checks }: Care,
    onBad: (record: SinkRecord, error: Error) => void,
  ): Promise<void> {
    const { connection } = database;
    const write = async (rows: readonly RecordRow[]): Promise<void> => {
      await database.write(groupRows(rows), this.settings.batchRows);
      if (checks) await connection.checkConstraints?.();
    };
    const refused = new Map<RecordRow, Error>();
    for (const rows of tables) {
      await writeAround(connection, rows, write, (row, error) => (checks ? refused.set(row, error) : onBad(row.record, error)));
    }
    // Rows that needed later rows for a deferred constraint are tried again, since those are there now.
    for (let before = 0; refused.size > 0 && refused.size !== before; ) {
      before = refused.size;
      for (const rows of tables) {
        const again = withoutNamesakes(rows).filter(row => refused.delete(row));
        await writeAround(connection, again, write, (row, error) => refused.set(row, error));
      }
    }
    for (const [{ record }, error] of refused) onBad(record, error);
  }

  private isFresh({ originalTopic: topic, originalKafkaPartition: partition, originalKafkaOffset }: SinkRecord): boolean {
    return originalKafkaOffset >= (this.consumed.get(keyOfPartition({ topic, partition })) ?? 0);
  }

  private async lockOffsets({ connection }: OpenDatabase, partitions: readonly TopicPartition[]): Promise<void> {
    if (!this.offsets) return;
    await this.offsets.lock(connection, partitions);
    let moved = false;
    for (const partition of partitions) {
      const stored = await this.offsets.read(connection, partition);
      moved ||= stored !== (this.consumed.get(keyOfPartition(partition)) ?? null);
      this.noteConsumed(partition, stored);
    }
    if (moved) throw new OffsetsHaveMoved();
  }

  /** Rows by table, in order of appearance. */
  private async planAll(
    database: OpenDatabase,
    records: readonly SinkRecord[],
    onBad: (record: SinkRecord, error: Error) => void,
  ): Promise<Map<string, RecordRow[]>> {
    const tables = new Map<string, RecordRow[]>();
    for (const record of records) {
      try {
        const name = this.tableNameOf(record.topic);
        const shape = this.shapes.of(record, name);
        const plan = this.plans.get(shape) ?? (await this.plan(database, name, record));
        const row = { record, plan, values: plan.row(record) };
        const rows = tables.get(name);
        if (rows) rows.push(row);
        else tables.set(name, [row]);
      } catch (error) {
        if (error instanceof DatabaseError || error instanceof MissingTable) throw error;
        onBad(record, toError(error));
      }
    }
    return tables;
  }

  private tableNameOf(topic: string): string {
    const known = this.tableNames.get(topic);
    if (known !== undefined) return known;
    const name = tableNameOf(topic, this.settings);
    const other = this.settings.tableNameNormalize ? [...this.tableNames].find(([, taken]) => taken === name) : undefined;
    if (other)
      this.logger.warn(`The topics ${other[0]} and ${topic} go to one table, ${name}, as table.name.normalize replaces characters by _`);
    this.tableNames.set(topic, name);
    return name;
  }

  private async plan({ connection }: OpenDatabase, table: string, record: SinkRecord): Promise<RowPlan> {
    const deletion = record.value === null || record.value === undefined;
    if (deletion && !this.settings.deleteEnabled) throw refusedTombstone(this.settings.pkMode);
    const shape = this.shapes.of(record, table);
    const definition = await this.definitions.resolve(connection, table, shape);
    await this.warnOfUpsert(connection, definition, shape);
    const plan = planRows(shape, definition, this.settings, deletion);
    this.warnOfUpdate(plan, definition);
    this.plans.set(shape, plan);
    return plan;
  }

  private async warnOfUpsert(connection: Connection, definition: TableDefinition, shape: RecordShape): Promise<void> {
    if (this.settings.mode !== 'upsert') return;
    const risk = await describeUpsertRisk(this.settings.connection.dialect, connection, definition, shape);
    if (risk !== null && !this.told.has(risk)) this.logger.warn(risk);
    if (risk !== null) this.told.add(risk);
  }

  /** Warns of an update without a key, which Java does silently. */
  private warnOfUpdate({ write }: RowPlan, { shown }: TableDefinition): void {
    if (write.mode !== 'update' || write.keys.length > 0 || this.told.has(shown)) return;
    this.told.add(shown);
    this.logger.warn(
      `Each record changes every row of table ${shown}: insert.mode=update finds rows by a key, and pk.mode is ${this.settings.pkMode}. ` +
        'Set pk.mode to record_key, record_value or kafka, and pk.fields to the columns of the key',
    );
  }

  private noteBad(bad: BadRecord[], record: SinkRecord, reason: Error): void {
    const isRefusal = reason instanceof DatabaseError;
    const error = isRefusal ? reason : aboutRecord(reason, record);
    if (!this.reporter) {
      const place = placeOf(record);
      this.logger.error(`The record of ${place} cannot be written: ${error.message}`);
      throw isRefusal ? new ConnectError('ConnectException', `java.sql.SQLException: ${error.message} (record of ${place})`, error) : error;
    }
    bad.push({ record, error });
  }
}

/** True if the tables may have changed, or another task may have created the table first. */
function mayBeOutdated(error: unknown): boolean {
  return error instanceof DatabaseError && (error.kind === 'definition' || error.kind === 'permanent');
}
