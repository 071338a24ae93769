/** Reads the new rows of one table or query again and again, in order. */
import { NO_COLUMN, type RecordBatch, valueBatch } from '../../../data/batch/record-batch';
import { RowColumn } from '../../../data/batch/row-column';
import type { SourceOffset, SourcePartition } from '../../../data/record/record';
import { ConnectError, toError } from '../../../errors';
import type { Logger } from '../../../log';
import type { BindValue, Connection, ReadLimit, RowCursor } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { bulkStatement, columnsOfQuery, derivedTable, describedStatement } from '../database/query-statement';
import type { Column } from '../database/values/column';
import type { Instant } from '../database/values/timestamp-mapping';
import { Criteria } from './criteria';
import { endOfQuery } from './end-of-query';
import { LateRows } from './late-rows';
import { RowConverter } from './row-converter';
import { type PlacedRow, RowSequence } from './row-sequence';
import { labelOf, laterOf, offsetOf, partitionOf, type ReadSubject, type SourcePosition } from './source-offset';
import type { SourceSettings } from './source-settings';

/** Converters from rows to records. */
interface Converters {
  readonly value: RowConverter;
  /** Null if records have no keys. */
  readonly key: RowConverter | null;
}

/** The open query. */
interface OpenQuery {
  readonly cursor: RowCursor;
  columns: readonly Column[];
  /** Columns of the key; null for none. */
  readonly keyNames: readonly string[] | null;
  converters: Converters;
  readonly sequence: RowSequence;
}

/** A batch that is being filled. */
interface OpenBatch {
  readonly rows: RowColumn;
  readonly keys: RowColumn | null;
  /** The position to store once each row is sent. */
  readonly reached: SourcePosition[];
}

const NO_OFFSET = (): null => null;

/** How often a table's columns are described for one query before an error counts. */
const MAX_DESCRIPTIONS = 3;

export class TableReader {
  /** When the next query is due, in milliseconds since 1970; 0 for the first, which is due at once. */
  dueAtMs = 0;
  private open: OpenQuery | null = null;
  /** Why the row after the last record cannot be converted; thrown once the rows before it are sent. */
  private failure: Error | null = null;
  /** Columns with values beyond their declared type, and the value; they stay wider. */
  private readonly widened = new Map<string, unknown>();
  /** The notes that were logged last. */
  private noted = '';
  private isGone = false;
  private readonly lateRows: LateRows;
  private readonly partition: SourcePartition;
  private readonly topic: string;
  private readonly name: string | null;

  /**
   * @param last the position up to which rows were read, with the parts that the mode uses
   * @param skip called for a row that cannot be converted: counts it if errors are tolerated, else throws
   */
  constructor(
    private readonly subject: ReadSubject,
    private readonly settings: SourceSettings,
    private last: SourcePosition,
    private readonly skip: (error: Error) => void,
    private readonly logger: Logger,
  ) {
    this.lateRows = new LateRows(settings.lookBack);
    this.partition = partitionOf(subject, settings.mode);
    this.name = 'table' in subject ? subject.table.table : null;
    this.topic = settings.topicOf(subject);
  }

  /** True while rows of a query are still to be read. */
  get isOpen(): boolean {
    return this.open !== null;
  }

  /**
   * The next rows, in a batch for each schema; empty at the end of the query, until the next one is due.
   * @throws DatabaseError; DataException for a value that does not fit its field
   */
  async read(connection: Connection, limit: ReadLimit): Promise<RecordBatch[]> {
    if (this.failure !== null) throw this.failure;
    for (let descriptions = 1; ; descriptions++) {
      const isNew = this.open === null;
      try {
        return await this.readOn(connection, limit);
      } catch (error) {
        // The table may have been altered since its columns were described.
        const mayBeOutdated = isNew && error instanceof DatabaseError && error.kind === 'definition';
        if (!mayBeOutdated || descriptions === MAX_DESCRIPTIONS) throw error;
        await this.abandon();
      }
    }
  }

  private async readOn(connection: Connection, limit: ReadLimit): Promise<RecordBatch[]> {
    this.open ??= await this.begin(connection, limit.rows);
    const { open } = this;
    if (open === null) return [];
    const rows = await open.cursor.read(limit);
    const batches = this.batchesOf(rows.length === 0 ? open.sequence.end() : open.sequence.next(rows), open);
    if (rows.length === 0) await this.finish();
    return batches;
  }

  /** Rows that cannot be converted are skipped if errors are tolerated; otherwise the good rows before one are still returned. */
  private batchesOf(placed: readonly PlacedRow[], open: OpenQuery): RecordBatch[] {
    const opened = [openBatch(open.converters, placed.length)];
    for (const row of placed) {
      if (!this.lateRows.isNew(row)) continue;
      try {
        this.append(row, open, opened);
      } catch (error) {
        const refusal = this.skipped(row, error);
        if (refusal === null) continue;
        if (opened.every(({ rows }) => rows.count === 0)) throw refusal;
        this.failure = refusal;
        break;
      }
    }
    return opened.filter(({ rows }) => rows.count > 0).map(batch => this.batch(batch));
  }

  /** A row with a value beyond its column's type begins a new batch, with a wider schema from there on. */
  private append(row: PlacedRow, open: OpenQuery, opened: OpenBatch[]): void {
    let batch = opened.at(-1) as OpenBatch;
    try {
      open.converters.value.append(row.row, batch.rows);
    } catch (error) {
      if (!this.widen(row, open)) throw error;
      batch = openBatch(open.converters, 0);
      opened.push(batch);
      open.converters.value.append(row.row, batch.rows);
    }
    if (batch.keys !== null) open.converters.key?.append(row.row, batch.keys);
    // A late row must not move the position back.
    this.last = laterOf(this.last, row.reached);
    batch.reached.push(this.last);
  }

  private batch({ rows, keys, reached }: OpenBatch): RecordBatch {
    // One shared function for all rows without an offset, since it is kept for each pending row.
    const isPlaced = offsetOf(this.last) !== null;
    const offsetAt = isPlaced ? (i: number): SourceOffset | null => offsetOf(reached[i] as SourcePosition) : NO_OFFSET;
    const key = keys === null ? NO_COLUMN : ({ kind: 'rows', rows: keys } as const);
    return valueBatch(this.topic, { kind: 'rows', rows }, rows.count, this.partition, offsetAt, { key });
  }

  /** Skips a row for good. @returns null, or the error if rows must not be skipped */
  private skipped({ reached }: PlacedRow, error: unknown): Error | null {
    if (!(error instanceof ConnectError && error.code === 'DataException')) return toError(error);
    try {
      this.skip(new ConnectError('DataException', `A row of ${labelOf(this.subject)} cannot be converted. ${error.message}`, error));
    } catch (refusal) {
      return toError(refusal);
    }
    this.last = laterOf(this.last, reached);
    return null;
  }

  /** Closes an open query; the next `read` begins a new one after the last row. */
  async abandon(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.cursor.close();
  }

  private async finish(): Promise<void> {
    await this.abandon();
    this.dueAtMs = Date.now() + this.settings.pollIntervalMs;
  }

  /** Begins a query; null if the table is gone. */
  private async begin(connection: Connection, fetchRows: number): Promise<OpenQuery | null> {
    const label = labelOf(this.subject);
    const declared = await columnsOf(this.subject, connection, this.settings.mode);
    this.noteWhetherThere(declared.length > 0);
    if (this.isGone) return null;
    const columns = this.widened.size === 0 ? declared : declared.map(column => this.wider(column));
    const keyNames = await this.keyNames(connection);
    const converters = this.convertersOf(columns, keyNames);
    const { dropped } = converters.value;
    if (dropped.length > 0)
      this.logger.warn(`These columns of ${label} have types for which Connect has none, and are left out: ${dropped.join(', ')}`);
    this.note(converters.value.notes, label);
    const criteria = await this.criteria(connection, columns);
    const end = criteria.timestamps.length > 0 ? await endOfQuery(criteria, this.settings, connection) : null;
    const { sql, params } = this.statement(columns, criteria, end);
    const cursor = await connection.openCursor(sql, params, fetchRows);
    return { cursor, columns, keyNames, converters, sequence: new RowSequence(criteria, this.last) };
  }

  /** The criteria; if a table stores timestamps in several ways, they are compared by their meaning. */
  private async criteria(connection: Connection, columns: readonly Column[]): Promise<Criteria> {
    const { connection: by, mapping, columnNames } = this.settings;
    const make = (readsTimestamps: boolean): Criteria =>
      new Criteria(labelOf(this.subject), columns, columnNames(this.subject), { ...by, mapping, readsTimestamps });
    const plain = make(false);
    if (plain.timestamps.length === 0 || !by.dialect.holdsOtherThanMillis) return plain;
    return make(await by.dialect.holdsOtherThanMillis(connection, this.fromClause(), plain.timestampNames));
  }

  /** A dropped table must not fail the task, which reads others too, and may be created again. Logged once each time. */
  private noteWhetherThere(isThere: boolean): void {
    const label = labelOf(this.subject);
    if (!isThere) this.dueAtMs = Date.now() + this.settings.pollIntervalMs;
    if (this.isGone === !isThere) return;
    this.isGone = !isThere;
    if (isThere) this.logger.warn(`Table ${label} is back. Reading goes on from where it was: ${shownPosition(this.last)}`);
    else this.logger.error(`Table ${label} is gone: nothing is read from it until it is back`);
  }

  /** Logs once what was chosen for types that columns leave open. */
  private note(notes: readonly string[], label: string): void {
    const text = notes.join('; ');
    if (text !== '' && text !== this.noted) this.logger.info(`${label}: ${text}.`);
    this.noted = text;
  }

  private wider(column: Column): Column {
    if (!this.widened.has(column.name)) return column;
    return this.settings.connection.dialect.widerColumn?.(column, this.widened.get(column.name)) ?? column;
  }

  /** True if a row has values beyond the types of its columns, which are widened from here on. */
  private widen({ row }: PlacedRow, open: OpenQuery): boolean {
    const { dialect } = this.settings.connection;
    const tooSmall = open.columns.flatMap((column, i) => (dialect.isTooSmall?.(column, row[i]) ? [i] : []));
    if (tooSmall.length === 0) return false;
    for (const i of tooSmall) this.widened.set(open.columns[i]?.name ?? '', row[i]);
    open.columns = open.columns.map((column, i) => (tooSmall.includes(i) ? this.wider(column) : column));
    open.converters = this.convertersOf(open.columns, open.keyNames);
    this.note(open.converters.value.notes, labelOf(this.subject));
    return true;
  }

  private convertersOf(columns: readonly Column[], keyNames: readonly string[] | null): Converters {
    const { connection: by, mapping } = this.settings;
    const value = new RowConverter(by.dialect, columns, this.name, mapping);
    const key = keyNames && new RowConverter(by.dialect, columns, this.name, mapping, ({ name }) => keyNames.includes(name));
    return { value, key };
  }

  /** The key is a Struct of the primary key's columns. */
  private async keyNames(connection: Connection): Promise<string[] | null> {
    const { connection: by, keyMode } = this.settings;
    if (keyMode === 'none' || 'query' in this.subject) return null;
    const names = await by.dialect.primaryKey(connection, this.subject.table);
    if (names.length > 0) return names;
    throw new ConnectError('ConnectException', `${labelOf(this.subject)} has no primary key for key.mode=primary_key`);
  }

  private statement(columns: readonly Column[], criteria: Criteria, end: Instant | null): { sql: string; params: readonly BindValue[] } {
    const { querySuffix, connection, mode } = this.settings;
    const list = columns.map(column => selected(column, connection)).join(', ');
    const condition = criteria.condition({ after: this.lateRows.begin(this.last), end });
    // A list of expressions needs the query as a derived table.
    const isAsItIs = columns.every(column => isPlain(column, connection));
    if ('query' in this.subject && mode === 'bulk' && isAsItIs) {
      return { sql: bulkStatement(this.subject.query, querySuffix), params: condition.params };
    }
    const suffix = querySuffix === '' ? '' : ` ${querySuffix}`;
    return { sql: `SELECT ${list} FROM ${this.fromClause()}${condition.sql}${suffix}`, params: condition.params };
  }

  private fromClause(): string {
    const { connection } = this.settings;
    if ('query' in this.subject) return derivedTable(this.subject.query);
    return connection.dialect.identifiers.table(this.subject.table, connection.quoting);
  }
}

function shownPosition(position: SourcePosition): string {
  const parts = Object.entries(offsetOf(position) ?? {}).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? 'the first row' : `rows after ${parts.join(', ')}`;
}

/** @param capacity expected number of rows */
const openBatch = ({ value, key }: Converters, capacity: number): OpenBatch => ({
  rows: new RowColumn(value.schema, capacity),
  keys: key && new RowColumn(key.schema),
  reached: [],
});

/** True if the driver returns a column as it is needed. */
function isPlain(column: Column, { dialect }: SourceSettings['connection']): boolean {
  return (dialect.selectExpression?.(column, column.name) ?? column.name) === column.name;
}

/** The expression for a column in the list of a SELECT. */
function selected(column: Column, { dialect, quoting }: SourceSettings['connection']): string {
  const name = dialect.identifiers.name(column.name, quoting);
  const expression = dialect.selectExpression?.(column, name) ?? name;
  return expression === name ? name : `${expression} AS ${name}`;
}

/** The columns of a subject; empty if the table does not exist. */
export function columnsOf(subject: ReadSubject, connection: Connection, mode: string): Promise<Column[]> {
  if ('table' in subject) return connection.columnsOfTable(subject.table);
  return columnsOfQuery(connection, describedStatement(subject.query, mode, ''));
}
