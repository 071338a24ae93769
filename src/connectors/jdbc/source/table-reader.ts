/** Reads one table, or one query, again and again: what is new since the last time, in order. */
import type { SourceOffset, SourcePartition, SourceRecord } from '../../../data/record';
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Column } from '../database/column';
import type { BindValue, Connection, RawRow, ReadLimit, RowCursor } from '../database/connection';
import type { TableId } from '../database/table-id';
import { unquotedName } from '../database/table-id';
import { RowConverter } from './row-converter';
import type { SourceSettings } from './source-settings';

/** What is read: a table that exists, or the query of the settings. */
export type ReadSubject = { readonly table: TableId } | { readonly query: string };

/** A row's place in its column; null in bulk mode, which has none. */
type Position = bigint | null;

/** The query under way. */
interface OpenQuery {
  readonly cursor: RowCursor;
  readonly converter: RowConverter;
  /** Where the incrementing column stands in a row; -1 in bulk mode. */
  readonly position: number;
}

/** Where rows of this subject say that they come from; a worker of Java finds its own offsets there. */
export function partitionOf(subject: ReadSubject, mode: string): SourcePartition {
  if ('query' in subject) return { query: 'query' };
  return mode === 'bulk' ? { table: subject.table.table } : { protocol: '1', table: unquotedName(subject.table) };
}

/** Partitions under which an offset may be stored, the newest form first. */
export function storedPartitions(subject: ReadSubject): SourcePartition[] {
  if ('query' in subject) return [{ query: 'query' }];
  return [{ protocol: '1', table: unquotedName(subject.table) }, { table: subject.table.table }];
}

export class TableReader {
  /** When the next query is due, in milliseconds since 1970; 0 at first, so at once. */
  dueAtMs = 0;
  private open: OpenQuery | null = null;
  private readonly partition: SourcePartition;
  private readonly topic: string;
  private readonly name: string | null;

  /** @param last the greatest number that was read; rows above it are new */
  constructor(
    private readonly subject: ReadSubject,
    private readonly settings: SourceSettings,
    private last: bigint,
    private readonly logger: Logger,
  ) {
    this.partition = partitionOf(subject, settings.mode);
    this.name = 'table' in subject ? subject.table.table : null;
    this.topic = settings.topicPrefix + (this.name ?? '');
  }

  /** True while rows of a query are still to be read. */
  get isOpen(): boolean {
    return this.open !== null;
  }

  /** For messages. */
  get label(): string {
    return 'table' in this.subject ? unquotedName(this.subject.table) : 'the query';
  }

  /**
   * The next rows as records; none when the query has come to its end, and the next one is not yet due.
   * @throws DatabaseError; DataException for a value that does not fit its field
   */
  async read(connection: Connection, limit: ReadLimit): Promise<SourceRecord[]> {
    this.open ??= await this.begin(connection, limit.rows);
    const rows = await this.open.cursor.read(limit);
    if (rows.length === 0) await this.finish();
    const { open } = this;
    return open ? rows.map(row => this.record(row, open)) : [];
  }

  /** Ends a query under way; the next `read` begins a new one behind the last row. */
  async abandon(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.cursor.close();
  }

  private async finish(): Promise<void> {
    await this.abandon();
    this.dueAtMs = Date.now() + this.settings.pollIntervalMs;
  }

  private async begin(connection: Connection, fetchRows: number): Promise<OpenQuery> {
    const { connection: by, mapping } = this.settings;
    const source = this.fromClause();
    const columns = await ('table' in this.subject
      ? connection.columnsOfTable(this.subject.table)
      : connection.columnsOfQuery(this.subject.query));
    if (columns.length === 0) throw new ConnectError('ConnectException', `There is no ${this.label} any more`);
    const converter = new RowConverter(by.dialect, columns, this.name, mapping);
    if (converter.dropped.length > 0) {
      this.logger.warn(
        `These columns of ${this.label} have types that no type of Connect fits, and are left out: ${converter.dropped.join(', ')}`,
      );
    }
    const column = this.incrementingColumn(columns);
    const { sql, params } = this.statement(source, columns, column);
    const cursor = await connection.openCursor(sql, params, fetchRows);
    return { cursor, converter, position: column === null ? -1 : columns.indexOf(column) };
  }

  private fromClause(): string {
    const { dialect, quoting } = this.settings.connection;
    // a line of its own, in case the query ends in a comment
    return 'table' in this.subject ? dialect.identifiers.table(this.subject.table, quoting) : `(${this.subject.query}\n) source`;
  }

  private incrementingColumn(columns: readonly Column[]): Column | null {
    const { mode, incrementingColumn: wanted } = this.settings;
    if (mode === 'bulk') return null;
    const column = columns.find(({ name, autoIncrement }) => (wanted === '' ? autoIncrement : name === wanted));
    if (column) return column;
    const what = wanted === '' ? 'auto-increment column' : `column ${wanted}`;
    throw new ConnectError('ConnectException', `There is no ${what} in ${this.label} to read it by`);
  }

  private statement(source: string, columns: readonly Column[], column: Column | null): { sql: string; params: BindValue[] } {
    const { querySuffix, connection } = this.settings;
    const { identifiers, parameter } = connection.dialect;
    const list = columns.map(({ name }) => identifiers.name(name, connection.quoting)).join(', ');
    const suffix = querySuffix === '' ? '' : ` ${querySuffix}`;
    if (column === null) return { sql: `SELECT ${list} FROM ${source}${suffix}`, params: [] };
    const name = identifiers.name(column.name, connection.quoting);
    const sql = `SELECT ${list} FROM ${source} WHERE ${name} > ${parameter(1, column)} ORDER BY ${name} ASC${suffix}`;
    return { sql, params: [this.last] };
  }

  private record(row: RawRow, { converter, position }: OpenQuery): SourceRecord {
    const value = converter.convert(row);
    const at = this.positionOf(row, position);
    if (at !== null) this.last = at;
    return {
      topic: this.topic,
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: converter.schema,
      value,
      timestamp: null,
      headers: [],
      sourcePartition: this.partition,
      sourceOffset: offsetOf(at),
    };
  }

  private positionOf(row: RawRow, position: number): Position {
    if (position < 0) return null;
    const text = String(row[position]).replace(/\.0*$/, '');
    if (/^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return BigInt(text);
    throw new ConnectError(
      'ConnectException',
      `The incrementing column of ${this.label} holds ${text}, which is no whole number of 64 bits`,
    );
  }
}

/** The stored form of a position. */
function offsetOf(position: Position): SourceOffset | null {
  return position === null ? null : { incrementing: position };
}

/** The position of a stored offset; null if there is none. */
export function positionOfOffset(offset: SourceOffset | null): bigint | null {
  const stored = offset?.incrementing;
  if (stored === undefined || stored === null) return null;
  if (typeof stored === 'bigint') return stored;
  throw new ConnectError(
    'ConnectException',
    `The stored offset ${JSON.stringify(String(stored))} of the incrementing column is no whole number`,
  );
}
