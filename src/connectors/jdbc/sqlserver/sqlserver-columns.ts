/** Columns of SQL Server. */

import type { RawRow } from '../database/connection';
import { type Column, PLAIN_COLUMN, type SqlType } from '../database/values/column';
import { nanosOfMs, timestampText, timeText } from '../database/values/temporal-value';
import { AS_IT_IS, type Assignment, type ValueKind } from '../database/values/value-kind';

const TYPES: Readonly<Record<string, SqlType>> = {
  bit: 'BOOLEAN',
  tinyint: 'SMALLINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  real: 'REAL',
  float: 'DOUBLE',
  decimal: 'DECIMAL',
  numeric: 'NUMERIC',
  money: 'DECIMAL',
  smallmoney: 'DECIMAL',
  date: 'DATE',
  time: 'TIME',
  datetime: 'TIMESTAMP',
  smalldatetime: 'TIMESTAMP',
  datetime2: 'TIMESTAMP',
  datetimeoffset: 'TIMESTAMP',
  char: 'TEXT',
  varchar: 'TEXT',
  text: 'TEXT',
  nchar: 'TEXT',
  nvarchar: 'TEXT',
  ntext: 'TEXT',
  xml: 'TEXT',
  uniqueidentifier: 'TEXT',
  binary: 'BYTES',
  varbinary: 'BYTES',
  image: 'BYTES',
  timestamp: 'BYTES',
  rowversion: 'BYTES',
};

/** The fields that `columnOfRow` reads, from `sys.columns c` and `sys.types t`. */
const FIELDS = `c.name, t.name, c.precision, c.scale, c.max_length, c.is_nullable, c.is_identity,
  CASE WHEN c.default_object_id <> 0 OR c.is_computed = 1 THEN 1 ELSE 0 END`;

export const COLUMNS_SQL = `SELECT ${FIELDS} FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.system_type_id
  WHERE c.object_id = OBJECT_ID(@p1) ORDER BY c.column_id`;

/** The columns of a query, with the same fields. */
export const RESULT_COLUMNS_SQL = `SELECT r.name, t.name, r.precision, r.scale, r.max_length, r.is_nullable, r.is_identity_column, 0
  FROM sys.dm_exec_describe_first_result_set(@p1, NULL, 0) r JOIN sys.types t ON t.user_type_id = r.system_type_id
  WHERE r.is_hidden = 0 ORDER BY r.column_ordinal`;

const NUMBERS: readonly SqlType[] = ['DECIMAL', 'NUMERIC'];

/** A column of the catalogue. */
export function columnOfRow(row: RawRow): Column {
  const [name, typeName, precision, scale, length, nullable, identity, hasDefault] = row;
  const type = TYPES[String(typeName)] ?? 'OTHER';
  return {
    ...PLAIN_COLUMN,
    name: String(name),
    typeName: String(typeName),
    type,
    precision: NUMBERS.includes(type) ? Number(precision) : Number(length),
    scale: Number(scale),
    withTimeZone: typeName === 'datetimeoffset',
    nullable: Boolean(Number(nullable)),
    autoIncrement: Boolean(Number(identity)),
    hasDefault: Boolean(Number(identity)) || Boolean(Number(hasDefault)),
  };
}

const WHOLE_NUMBERS: readonly SqlType[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];
const FRACTIONS: readonly SqlType[] = [...NUMBERS, 'REAL', 'DOUBLE'];

/**
 * Decimals are sent as text, which the server would not read as an integer if it has a point, but would read as a date if it has eight
 * digits; integers are sent as doubles, whose text has an exponent. With a cast to their own type, the server assigns or refuses them as it
 * does those of the Java driver.
 */
export function sqlServerAssignment({ type }: Column, kind: ValueKind): Assignment {
  if (kind === 'DECIMAL' && !FRACTIONS.includes(type) && type !== 'TEXT') return { valueType: 'decimal(38,10)', refusal: null };
  const isWhole = kind === 'INT8' || kind === 'INT16' || kind === 'INT32';
  return isWhole && !FRACTIONS.includes(type) && !WHOLE_NUMBERS.includes(type) ? { valueType: 'int', refusal: null } : AS_IT_IS;
}

/** Digits that are exact in a JavaScript number, which the driver returns for decimals. */
const SAFE_DIGITS = 15;
const BIGINT_DIGITS = 18;

/** The expression to select without losing digits: integers as bigint, which still sorts as a number, other long decimals as text. */
export function exactExpression({ type, typeName, precision, scale }: Column, name: string): string {
  if (typeName.endsWith('money')) return `CONVERT(varchar(30), ${name}, 2)`;
  if (!NUMBERS.includes(type) || (precision ?? 0) <= SAFE_DIGITS) return name;
  return scale === 0 && (precision ?? 0) <= BIGINT_DIGITS ? `CAST(${name} AS bigint)` : `CONVERT(varchar(41), ${name})`;
}

/**
 * With `useUTC` the driver's Date is the wall clock time as if in UTC; the fraction below a millisecond is a property beside it, in
 * seconds.
 */
export function temporalText({ type }: Column, value: Date & { readonly nanosecondsDelta?: number }): string {
  const ms = value.getTime();
  const nanos = nanosOfMs(ms) + Math.round((value.nanosecondsDelta ?? 0) * 1e9);
  return type === 'TIME' ? timeText(ms, nanos) : timestampText(ms, nanos);
}
