/** What makes a row new: conditions of SQL, and a row's own place (io.aiven.connect.jdbc.source.TimestampIncrementingCriteria). */
import { ConnectError } from '../../../errors';
import type { BindValue, RawRow } from '../database/connection';
import type { Dialect } from '../database/dialect';
import { type Column, columnNamed } from '../database/values/column';
import type { MappingOptions } from '../database/values/column-mapping';
import { type Instant, wallText } from '../database/values/timestamp-mapping';
import { UTC } from '../database/values/zone-offset';
import type { ColumnNames } from './column-names';
import { BEHIND_ALL, instantOfNanos, nanosOf, type SourcePosition } from './source-offset';

/** What SQL looks like here. */
export interface CriteriaOptions {
  readonly dialect: Dialect;
  readonly quoting: 'always' | 'never';
  readonly mapping: MappingOptions;
  /** Timestamps are compared as `Dialect.microsExpression` reads them, not as they are stored. Absent: false. */
  readonly readsTimestamps?: boolean;
}

/** The part of a statement after FROM, with a leading blank; empty in bulk mode. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly BindValue[];
}

/** Bounds of a query. */
export interface Bounds {
  /** Rows after it are new; both parts are known where the mode uses them. */
  readonly after: SourcePosition;
  /** Only rows before this instant are read; null where timestamps are of no concern. */
  readonly end: Instant | null;
}

/** Rows in bulk have no place. */
const NOWHERE: SourcePosition = { timestamp: null, incrementing: null };
/** A number that surely has 64 bits. */
const SHORT_NUMBER = /^-?\d{1,18}$/;

const BULK: Condition = { sql: '', params: [] };

/** The columns of one query that say what is new. */
export class Criteria {
  /** None in the modes that do without; of several the first that is not NULL counts. */
  readonly timestamps: readonly Column[];
  readonly incrementing: Column | null;
  private readonly readers: readonly { readonly place: number; readonly read: (raw: unknown) => unknown }[];
  private readonly incrementingPlace: number;

  /** @throws ConnectException for a column that is not there */
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
    // the second condition alone would say the same, but no index helps with it
    const rest = `${ts} >= ${instant(from)}${last === null ? '' : ` AND (${ts} > ${instant(from)} OR ${inc} > ${key(last)})`}`;
    return { sql: ` WHERE ${before}${rest} ORDER BY ${ts} ASC, ${inc} ASC`, params };
  }

  /** True where rows are in the order of a text, such as a UUID. */
  get isText(): boolean {
    return this.incrementing?.type === 'TEXT';
  }

  /** Where a row stands. @throws ConnectException for a value that cannot be compared; DataException for what is not a timestamp */
  positionOf(row: RawRow): SourcePosition {
    if (this.incrementing === null && this.readers.length === 0) return NOWHERE;
    return { timestamp: this.timestampOf(row), incrementing: this.incrementing === null ? null : this.keyOf(row) };
  }

  private timestampOf(row: RawRow): Instant | null {
    const reader = this.readers.find(({ place }) => row[place] !== null && row[place] !== undefined);
    if (!reader) return null;
    const instant = instantOfNanos(BigInt(reader.read(row[reader.place]) as number | bigint));
    // what is not compared must not count, or the row would be found again and again
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

  /** Whether timestamps are compared by what they say, since they are kept in several ways. */
  get readsTimestamps(): boolean {
    return this.options.readsTimestamps === true;
  }

  /** As SQL has them. */
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

/** Where the Java connectors begin when nothing is stored. */
const EPOCH: Instant = { ms: 0, nanos: 0 };
const FIRST = -1n;
const NANOS_PER_MICRO = 1000n;

/**
 * The column whose type parameters are cast to: of several the one with a zone, since the database compares them as such; a day is
 * compared as its midnight.
 */
function comparable(columns: readonly Column[]): Column {
  const column = (columns.find(({ withTimeZone }) => withTimeZone) ?? columns[0]) as Column;
  return column.type === 'TIMESTAMP' ? column : { ...column, type: 'TIMESTAMP', ...(column.castType && { castType: 'timestamp' }) };
}

const wholeMicros = ({ ms, nanos }: Instant): Instant => ({ ms, nanos: nanos - (nanos % Number(NANOS_PER_MICRO)) });

/** Exactly this name, or else the same in other upper and lower case, as Java finds it. */
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
