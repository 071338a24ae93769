/**
 * Finds new rows: builds the SQL conditions, and reads the position of a row (io.aiven.connect.jdbc.source.TimestampIncrementingCriteria).
 */
import { ConnectError } from '../../../errors';
import type { BindValue, RawRow } from '../database/connection';
import type { Dialect } from '../database/dialect';
import { type Column, columnNamed } from '../database/values/column';
import type { MappingOptions } from '../database/values/column-mapping';
import { type Instant, wallText } from '../database/values/timestamp-mapping';
import { UTC } from '../database/values/zone-offset';
import type { ColumnNames } from './column-names';
import { BEHIND_ALL, instantOfNanos, nanosOf, type SourcePosition } from './source-offset';

/** Options of the SQL. */
export interface CriteriaOptions {
  readonly dialect: Dialect;
  readonly quoting: 'always' | 'never';
  readonly mapping: MappingOptions;
  /** True if timestamps are compared by `Dialect.microsExpression` instead of as they are stored. Absent: false. */
  readonly readsTimestamps?: boolean;
}

/** The part of a statement after FROM, with a leading blank; empty in bulk mode. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly BindValue[];
}

/** Bounds of a query. */
export interface Bounds {
  /** Rows after it are new; the parts that the mode uses are known. */
  readonly after: SourcePosition;
  /** Only rows before this instant are read; null if the mode has no timestamps. */
  readonly end: Instant | null;
}

/** The position of rows in bulk mode. */
const NOWHERE: SourcePosition = { timestamp: null, incrementing: null };
/** A number that surely fits 64 bits. */
const SHORT_NUMBER = /^-?\d{1,18}$/;

const BULK: Condition = { sql: '', params: [] };

/** The columns of a query by which new rows are found. */
export class Criteria {
  /** Empty in modes without timestamps; of several the first that is not NULL counts. */
  readonly timestamps: readonly Column[];
  readonly incrementing: Column | null;
  private readonly readers: readonly { readonly place: number; readonly read: (raw: unknown) => unknown }[];
  private readonly incrementingPlace: number;

  /** @throws ConnectException for a missing column */
  constructor(
    private readonly label: string,
    columns: readonly Column[],
    names: ColumnNames,
    private readonly options: CriteriaOptions,
  ) {
    this.timestamps = names.timestamps.map(name => timestampColumn(columns, name, label));
    this.incrementing = names.incrementing === null ? null : incrementingColumn(columns, names.incrementing, label);
    this.incrementingPlace = this.incrementing === null ? -1 : columns.indexOf(this.incrementing);
    this.readers = this.timestamps.map(column => ({ place: columns.indexOf(column), read: this.nanosReader(column) }));
  }

  /** WHERE and ORDER BY. */
  condition({ after, end }: Bounds): Condition {
    const [ts, inc] = [this.timestampExpression(), this.incrementing && this.name(this.incrementing)];
    const params: BindValue[] = [];
    const instant = (value: Instant): string => {
      params.push(this.bind(value));
      return this.options.dialect.parameter(params.length, comparable(this.timestamps));
    };
    const key = (value: bigint | string): string => {
      params.push(value);
      return this.options.dialect.parameter(params.length, this.incrementing);
    };
    if (ts === null && inc === null) return BULK;
    const last = after.incrementing ?? (this.isText ? null : FIRST);
    if (ts === null) return { sql: `${last === null ? '' : ` WHERE ${inc} > ${key(last)}`} ORDER BY ${inc} ASC`, params };
    const from = after.timestamp ?? EPOCH;
    const before = end === null ? '' : `${ts} < ${instant(end)} AND `;
    const allBehind = last === BEHIND_ALL;
    if (inc === null || allBehind)
      return { sql: ` WHERE ${before}${ts} > ${instant(from)} ORDER BY ${ts} ASC${inc === null ? '' : `, ${inc} ASC`}`, params };
    // The second condition alone would be enough, but cannot use an index.
    const rest = `${ts} >= ${instant(from)}${last === null ? '' : ` AND (${ts} > ${instant(from)} OR ${inc} > ${key(last)})`}`;
    return { sql: ` WHERE ${before}${rest} ORDER BY ${ts} ASC, ${inc} ASC`, params };
  }

  /** True if rows are ordered by a text, such as a UUID. */
  get isText(): boolean {
    return this.incrementing?.type === 'TEXT';
  }

  /** The position of a row. @throws ConnectException for a value that cannot be compared; DataException for an invalid timestamp */
  positionOf(row: RawRow): SourcePosition {
    if (this.incrementing === null && this.readers.length === 0) return NOWHERE;
    return { timestamp: this.timestampOf(row), incrementing: this.incrementing === null ? null : this.keyOf(row) };
  }

  private timestampOf(row: RawRow): Instant | null {
    const reader = this.readers.find(({ place }) => row[place] !== null && row[place] !== undefined);
    if (!reader) return null;
    const instant = instantOfNanos(BigInt(reader.read(row[reader.place]) as number | bigint));
    // Digits that are not compared must not count, or the row would be found again and again.
    return this.readsTimestamps ? wholeMicros(instant) : instant;
  }

  private keyOf(row: RawRow): bigint | string {
    const value = row[this.incrementingPlace];
    if (this.isText && typeof value === 'string') return value;
    const raw = String(value);
    if (SHORT_NUMBER.test(raw)) return BigInt(raw);
    const text = raw.replace(/\.0*$/, '');
    if (/^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return BigInt(text);
    throw new ConnectError(
      'ConnectException',
      `The incrementing column of ${this.label} holds ${text}, which is not a whole number of 64 bits`,
    );
  }

  private timestampExpression(): string | null {
    const { dialect, mapping } = this.options;
    const read = (name: string): string => (this.readsTimestamps && dialect.microsExpression?.(name, mapping)) || name;
    const names = this.timestampNames.map(read);
    return names.length > 1 ? `COALESCE(${names.join(', ')})` : (names[0] ?? null);
  }

  /** True if timestamps are compared by their meaning, since they are stored in several ways. */
  get readsTimestamps(): boolean {
    return this.options.readsTimestamps === true;
  }

  /** The names of the timestamp columns in SQL. */
  get timestampNames(): string[] {
    return this.timestamps.map(column => this.name(column));
  }

  private name(column: Column): string {
    return this.options.dialect.identifiers.name(column.name, this.options.quoting);
  }

  private bind(instant: Instant): BindValue {
    const { dialect, mapping } = this.options;
    if (this.readsTimestamps) return nanosOf(wholeMicros(instant)) / NANOS_PER_MICRO;
    if (dialect.temporalBinding === 'millis') return BigInt(instant.ms);
    return wallText(instant, comparable(this.timestamps).withTimeZone ? UTC : mapping.zone, mapping.isJulian);
  }

  private nanosReader(column: Column): (raw: unknown) => unknown {
    const { dialect, mapping } = this.options;
    const read = dialect.mapColumn({ ...column, type: 'TIMESTAMP' }, { ...mapping, granularity: 'nanos_long' });
    return raw => read?.read(raw);
  }
}

/** Where the Java connectors begin without a stored offset. */
const EPOCH: Instant = { ms: 0, nanos: 0 };
const FIRST = -1n;
const NANOS_PER_MICRO = 1000n;

/**
 * The column to whose type parameters are cast: of several the one with a zone, since the database compares them like that; a date is
 * compared as its midnight.
 */
function comparable(columns: readonly Column[]): Column {
  const column = (columns.find(({ withTimeZone }) => withTimeZone) ?? columns[0]) as Column;
  return column.type === 'TIMESTAMP' ? column : { ...column, type: 'TIMESTAMP', ...(column.castType && { castType: 'timestamp' }) };
}

const wholeMicros = ({ ms, nanos }: Instant): Instant => ({ ms, nanos: nanos - (nanos % Number(NANOS_PER_MICRO)) });

/** The column of exactly this name, or else one that differs in case only, as in Java. */
function timestampColumn(columns: readonly Column[], wanted: string, label: string): Column {
  const column = columnNamed(columns, wanted);
  if (column) return column;
  throw new ConnectError('ConnectException', `There is no column ${wanted} in ${label} to read it by`);
}

function incrementingColumn(columns: readonly Column[], wanted: string, label: string): Column {
  const column = columns.find(({ name, autoIncrement }) => (wanted === '' ? autoIncrement : name === wanted));
  if (column) return column;
  const what = wanted === '' ? 'auto-increment column' : `column ${wanted}`;
  throw new ConnectError('ConnectException', `There is no ${what} in ${label} to read it by`);
}
