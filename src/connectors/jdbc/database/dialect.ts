/** What differs between databases: names, catalogue, types, statements. One folder a database implements it. */
import type { Schema } from '../../../data/schema/schema';
import type { JdbcAddress } from '../url/jdbc-address';
import type { Connection } from './connection';
import type { Discretion } from './database-error';
import type { IdentifierRules, TableId } from './table-id';
import type { Column } from './values/column';
import type { ColumnMapping, MappingOptions } from './values/column-mapping';
import type { Flavour } from './values/flavour';
import type { Instant } from './values/timestamp-mapping';
import type { TemporalBinding } from './values/value-binding';
import type { Assignment, ValueKind } from './values/value-kind';

/** How to connect. */
export interface ConnectOptions {
  readonly address: JdbcAddress;
  /** Time limit of opening a connection. */
  readonly timeoutMs: number;
  /** How long to wait for the lock of another process (SQLite only); 0 on the main thread, which must not block. */
  readonly busyTimeoutMs: number;
  /** Omits values of rows from errors (`trim.sensitive.log`). */
  readonly hidesValues: boolean;
  /**
   * True if connecting must not create or change anything, because settings are only being validated (SQLite, whose databases are files).
   */
  readonly looksOnly?: boolean;
}

/** What must not be shown in errors of a connection. */
export function discretionOf({ address, hidesValues }: ConnectOptions): Discretion {
  return { secrets: [address.password ?? '', ...address.properties.secrets()], hidesValues };
}

/** Which tables to look for. */
export interface TableSearch {
  /** The user's LIKE pattern, with a backslash as escape; null: exactly the database of the URL. */
  readonly catalogPattern: string | null;
  /** The same for schemas; null means any, the empty text means tables without a schema. */
  readonly schemaPattern: string | null;
  /** JDBC's types, e.g. TABLE, VIEW, PARTITIONED TABLE; in upper case. Null: all types. */
  readonly types: readonly string[] | null;
}

/** An existing table, view or the like. */
export interface FoundTable extends TableId {
  /** One of JDBC's types, as in `TableSearch.types`. */
  readonly type: string;
}

/** A unique index, or the primary key. */
export interface UniqueKey {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A column to create, as a record describes it. */
export interface NewColumn {
  readonly name: string;
  readonly schema: Schema;
  readonly primaryKey: boolean;
  /** Digits after the second that timestamps have (`timestamp.fields.list`). Absent: 3, as a Timestamp of Connect. */
  readonly secondDigits?: number;
}

/** Options of writing statements. */
export interface StatementOptions {
  readonly quoting: 'always' | 'never';
  readonly flavour: Flavour;
}

/** Levels of `transaction.isolation.mode` besides DEFAULT. */
export type IsolationLevel = 'READ_UNCOMMITTED' | 'READ_COMMITTED' | 'REPEATABLE_READ' | 'SERIALIZABLE' | 'SQL_SERVER_SNAPSHOT';

/** A kind of database. Methods that build SQL escape every name; only those that take a connection, and `connect`, do I/O. */
export interface Dialect {
  /** As `dialect.name` has it, e.g. `PostgreSqlDatabaseDialect`. */
  readonly name: string;
  /** For messages: `PostgreSQL`. */
  readonly product: string;
  readonly identifiers: IdentifierRules;
  /**
   * Loads the driver, and opens a connection with defined session settings.
   * @throws DatabaseError, ConnectException without the driver
   */
  connect(options: ConnectOptions): Promise<Connection>;
  /** Parses a table's name of one, two or three parts, quoted or not. @throws ConnectException for an invalid name */
  parseTable(name: string): TableId;
  /** Existing tables and views. @throws DatabaseError */
  listTables(connection: Connection, search: TableSearch): Promise<FoundTable[]>;
  /** Exact name of a table that a user named, in the current schema if the name has none; null if it does not exist. */
  findTable(connection: Connection, table: TableId, types: readonly string[] | null): Promise<FoundTable | null>;
  /** Names of the primary key's columns, in the order of the key; none if the table has none. */
  primaryKey(connection: Connection, table: TableId): Promise<string[]>;
  /** All unique keys of a table, if an upsert may match any of them; absent if it matches the key of the record only. */
  uniqueKeys?(connection: Connection, table: TableId): Promise<readonly UniqueKey[]>;
  /** A query of one row and one column: the clock of the database, as a text that `mapColumn` reads as TIMESTAMP in UTC. */
  readonly currentTimestampSql: string;
  /**
   * When the oldest open transaction of another session began; null if there is none. Absent if the database does not tell.
   * @throws DatabaseError; ConnectException where the user may not see the sessions of others
   */
  oldestTransaction?(connection: Connection): Promise<Instant | null>;
  /** The statement that sets the isolation level of a session; null for a level that the database does not know. */
  isolationSql(level: IsolationLevel): string | null;
  /** Translates a query that was written for the Java driver; absent: unchanged. */
  queryText?(query: string): string;
  /** How values of a column become values of Connect; null if Java would drop the column. */
  mapColumn(column: Column, options: MappingOptions): ColumnMapping | null;
  /** What to select instead of a column that the driver would not return as `mapColumn` needs it. @param name as SQL has it */
  selectExpression?(column: Column, name: string): string;
  /**
   * True if timestamp columns hold values that do not compare as `temporalBinding` writes them: for databases that do not enforce types.
   * @param from what stands after FROM @param names as SQL has them @throws DatabaseError
   */
  holdsOtherThanMillis?(connection: Connection, from: string, names: readonly string[]): Promise<boolean>;
  /** An expression for the microseconds since 1970 of such a column, for comparing and sorting. */
  microsExpression?(name: string, options: MappingOptions): string;
  /** True if a value fits its column, but not the field that the column's type maps to. */
  isTooSmall?(column: Column, raw: unknown): boolean;
  /** The column with a wider type that holds such a value too. */
  widerColumn?(column: Column, raw: unknown): Column;
  /** True if column types are not enforced: a text column may hold numbers. */
  readonly typesBindNobody?: boolean;
  /** True if dates and timestamps may be `infinity` and `-infinity`. */
  readonly hasInfinity?: boolean;
  /** A parameter at this place (from 1), cast to the column's type if the database needs that. */
  parameter(place: number, column: Column | null): string;
  /**
   * How values of a kind are assigned to a column that may be of another kind. Absent if the database converts them by itself as it does
   * with those of its Java driver.
   * @param isArray the kind is that of the elements of an array column
   */
  assign?(column: Column, kind: ValueKind, isArray: boolean): Assignment;
  /** A column with the type of an array's elements. Absent if there are no arrays. */
  elementColumn?(column: Column): Column;
  /** True if columns of instants parse texts with an offset. */
  readonly readsOffsets?: boolean;
  /** The type of a new column. @throws ConnectException for a schema without a type in the database */
  columnType(column: NewColumn, flavour: Flavour): string;
  /** CREATE TABLE. */
  createTable(table: TableId, columns: readonly NewColumn[], options: StatementOptions): string;
  /** ALTER TABLE that adds columns; one statement per column if the database needs that. */
  addColumns(table: TableId, columns: readonly NewColumn[], options: StatementOptions): string[];
  /** Whether CREATE and ALTER commit the current transaction. */
  readonly ddlCommits: boolean;
  /** Numbers that no column holds, or that the driver would write as NULL. */
  readonly unstorableNumbers: readonly number[];
  /** How dates and times are bound. */
  readonly temporalBinding: TemporalBinding;
}
