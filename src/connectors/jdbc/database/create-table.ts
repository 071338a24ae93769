/** CREATE TABLE and ALTER TABLE, as far as databases agree. */
import { BigDecimal } from '../../../data/java/big-numbers';
import type { Schema } from '../../../data/schema/schema';
import { ConnectError } from '../../../errors';
import type { Dialect, NewColumn, StatementOptions } from './dialect';
import type { TableId } from './table-id';
import { binderFor } from './values/value-binding';
import { UTC } from './values/zone-offset';

/** What differs between databases in these statements. */
export interface TableSyntax {
  /** `ADD`, `ADD COLUMN`. */
  readonly add: string;
  /** One ALTER TABLE for each column. */
  readonly oneAtATime: boolean;
  /** Bytes as a literal of SQL. */
  bytes(value: Buffer): string;
  boolean(value: boolean): string;
  /** Text as a literal of SQL, its quotes escaped. */
  text(value: string): string;
}

/** The syntax of nearly all databases. */
export const STANDARD_SYNTAX: TableSyntax = {
  add: 'ADD',
  oneAtATime: false,
  bytes: value => `X'${value.toString('hex')}'`,
  boolean: value => (value ? '1' : '0'),
  text: value => `'${value.replaceAll("'", "''")}'`,
};

type TableDialect = Pick<Dialect, 'identifiers' | 'columnType'>;

/** CREATE TABLE with the key at its end. */
export function createTableSql(
  dialect: TableDialect,
  syntax: TableSyntax,
  table: TableId,
  columns: readonly NewColumn[],
  options: StatementOptions,
): string {
  const keys = columns.filter(column => column.primaryKey).map(column => dialect.identifiers.name(column.name, options.quoting));
  const parts = columns.map(column => columnSql(dialect, syntax, column, options));
  if (keys.length > 0) parts.push(`PRIMARY KEY(${keys.join(',')})`);
  return `CREATE TABLE ${dialect.identifiers.table(table, options.quoting)} (\n${parts.join(',\n')})`;
}

/** ALTER TABLE ... ADD. */
export function addColumnsSql(
  dialect: TableDialect,
  syntax: TableSyntax,
  table: TableId,
  columns: readonly NewColumn[],
  options: StatementOptions,
): string[] {
  const additions = columns.map(column => `${syntax.add} ${columnSql(dialect, syntax, column, options)}`);
  const alter = `ALTER TABLE ${dialect.identifiers.table(table, options.quoting)} `;
  return syntax.oneAtATime ? additions.map(addition => alter + addition) : [alter + additions.join(',\n')];
}

function columnSql(dialect: TableDialect, syntax: TableSyntax, column: NewColumn, { quoting, flavour }: StatementOptions): string {
  const { schema, name } = column;
  const head = `${dialect.identifiers.name(name, quoting)} ${dialect.columnType(column, flavour)}`;
  if (schema.defaultValue !== null && schema.defaultValue !== undefined) return `${head} DEFAULT ${literal(syntax, column)}`;
  return schema.optional && !column.primaryKey ? `${head} NULL` : `${head} NOT NULL`;
}

/** A default as SQL, every quote escaped. */
function literal(syntax: TableSyntax, { name, schema }: NewColumn): string {
  const bind = binderFor(name, schema, { temporal: 'text', zone: UTC, dateZone: UTC, isJulian: false });
  const value = bind(schema.defaultValue);
  if (schema.defaultValue instanceof BigDecimal) return String(value);
  if (typeof value === 'boolean') return syntax.boolean(value);
  if (Buffer.isBuffer(value)) return syntax.bytes(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return syntax.text(String(value));
  if (Number.isFinite(value)) return String(value);
  throw new ConnectError('ConnectException', `The default of field ${name} is ${value}, which cannot be written as a literal of SQL`);
}

/** The error for a field that no column of a new table can have. */
export function unmappedType(field: string, { name, type }: Schema): ConnectError {
  return new ConnectError(
    'ConnectException',
    `${name ?? field} (${type}) type doesn't have a mapping to the SQL database column type\n  Hint: field ${field} is not a plain value. Make its ` +
      'column yourself, as JSON or text, or take it apart by the transformation Flatten, or out by ReplaceField',
  );
}
