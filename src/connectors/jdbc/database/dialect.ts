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
  /** Gives up a connection that is not there by then. */
  readonly timeoutMs: number;
  /** How long to wait for the lock of another process (SQLite only); 0 on the main thread, which must not block. */
  readonly busyTimeoutMs: number;
  /** Leaves values of rows out of errors (`trim.sensitive.log`). */
  readonly hidesValues: boolean;
  /** True where nothing may be created or changed by connecting: settings are only being looked at (SQLite, whose databases are files). */
  readonly looksOnly?: boolean;
}

/** What must not be shown of a connection. */
export function discretionOf({ address, hidesValues }: ConnectOptions): Discretion {
  return { secrets: [address.password ?? '', ...address.properties.secrets()], hidesValues };
}

/** Which tables to look for. */
export interface TableSearch {
  /** Pattern of LIKE as the user gives it, a backslash before a sign that means itself; null: the database that the URL names, exactly. */
  readonly catalogPattern: string | null;
  /** The same for schemas; null means any, the empty text tables without a schema. */
  readonly schemaPattern: string | null;
  /** In the words of JDBC, e.g. TABLE, VIEW, PARTITIONED TABLE; in upper case. Null: whatever there is. */
  readonly types: readonly string[] | null;
}

/** A table, view or the like that is there. */
export interface FoundTable extends TableId {
  /** In the words of `TableSearch.types`. */
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

/** How statements are written. */
export interface StatementOptions {
  readonly quoting: 'always' | 'never';
  readonly flavour: Flavour;
}

/** Levels of `transaction.isolation.mode` besides DEFAULT. */
export type IsolationLevel = 'READ_UNCOMMITTED' | 'READ_COMMITTED' | 'REPEATABLE_READ' | 'SERIALIZABLE' | 'SQL_SERVER_SNAPSHOT';

/** A kind of database. Methods that make SQL escape every name; nothing here touches the outside but `connect`. */
export interface Dialect {
  /** As `dialect.name` has it, e.g. `PostgreSqlDatabaseDialect`. */
  readonly name: string;
  /** For messages: `PostgreSQL`. */
  readonly product: string;
  readonly identifiers: IdentifierRules;
  /** Loads the driver, and opens a connection of which every session setting is known. @throws DatabaseError, ConnectException without driver */
  connect(options: ConnectOptions): Promise<Connection>;
  /** Takes a table's name apart: one, two or three parts, quoted or not. @throws ConnectException for what is not a name */
  parseTable(name: string): TableId;
  /** Tables and views that there are. @throws DatabaseError */
  listTables(connection: Connection, search: TableSearch): Promise<FoundTable[]>;
  /** Exact name of a table that a user named: in the current schema if the name has none; null if it is not there. */
  findTable(connection: Connection, table: TableId, types: readonly string[] | null): Promise<FoundTable | null>;
  /** Names of the primary key's columns, in the order of the key; none if the table has none. */
  primaryKey(connection: Connection, table: TableId): Promise<string[]>;
  /** All unique keys of a table, where an upsert goes by any of them; absent where it goes by the key of the record alone. */
  uniqueKeys?(connection: Connection, table: TableId): Promise<readonly UniqueKey[]>;
  /** A query of one row and one column: the clock of the database, as a text that `mapColumn` reads as TIMESTAMP in UTC. */
  readonly currentTimestampSql: string;
  /**
   * When the oldest transaction of another session began that is under way; null if there is none. Absent where a database does not tell.
   * @throws DatabaseError; ConnectException where the user may not see the sessions of others
   */
  oldestTransaction?(connection: Connection): Promise<Instant | null>;
  /** The statement that sets how a session's transactions are kept apart; null for a level that the database does not know. */
  isolationSql(level: IsolationLevel): string | null;
  /** How a query that was written for the driver of Java reads here; absent: as it is. */
  queryText?(query: string): string;
  /** How values of a column become values of Connect; null where Java would drop the column. */
  mapColumn(column: Column, options: MappingOptions): ColumnMapping | null;
  /** What to select in place of a column that the driver would not hand over as `mapColumn` needs it. @param name as SQL has it */
  selectExpression?(column: Column, name: string): string;
  /**
   * Whether timestamp columns hold what does not compare as `temporalBinding` has it: for databases whose types bind nobody.
   * @param from what stands after FROM @param names as SQL has them @throws DatabaseError
   */
  holdsOtherThanMillis?(connection: Connection, from: string, names: readonly string[]): Promise<boolean>;
  /** Microseconds since 1970 of such a column, as an expression that compares and sorts. */
  microsExpression?(name: string, options: MappingOptions): string;
  /** Whether a value is of its column's kind, but larger than the field that the column's type makes. */
  isTooSmall?(column: Column, raw: unknown): boolean;
  /** The column with a type that holds such a value too. */
  widerColumn?(column: Column, raw: unknown): Column;
  /** True where types of columns bind nobody: a column of texts may hold numbers. */
  readonly typesBindNobody?: boolean;
  /** True where dates and timestamps may be `infinity` and `-infinity`. */
  readonly hasInfinity?: boolean;
  /** A parameter at this place (from 1), cast to the column's type where the database wants that. */
  parameter(place: number, column: Column | null): string;
  /**
   * How values of a kind go to a column that may be of another kind. Absent where the database converts them by itself as it does with those
   * of its Java driver. @param isArray the kind is that of the elements, and the column one of arrays
   */
  assign?(column: Column, kind: ValueKind, isArray: boolean): Assignment;
  /** A column of the type that the elements of an array have. Absent where there are no arrays. */
  elementColumn?(column: Column): Column;
  /** True where a column of instants reads a text with an offset by itself. */
  readonly readsOffsets?: boolean;
  /** The type of a new column. @throws ConnectException for a schema that the database has no type for */
  columnType(column: NewColumn, flavour: Flavour): string;
  /** CREATE TABLE. */
  createTable(table: TableId, columns: readonly NewColumn[], options: StatementOptions): string;
  /** ALTER TABLE that adds columns; several statements where the database wants one each. */
  addColumns(table: TableId, columns: readonly NewColumn[], options: StatementOptions): string[];
  /** Whether CREATE and ALTER end the transaction they stand in. */
  readonly ddlCommits: boolean;
  /** Numbers that no column holds, or that the driver would make NULL of. */
  readonly unstorableNumbers: readonly number[];
  /** How the value of a field goes to the database: see `bindValue`. */
  readonly temporalBinding: TemporalBinding;
}
