/** Columns of MySQL and MariaDB, from their catalogue and from the protocol. */

import type { RawRow } from '../database/connection';
import { type Column, PLAIN_COLUMN, type SqlType } from '../database/values/column';
import { IS_TABLE } from './mysql-catalogue';
import type { MySqlField } from './mysql-driver';

/** Geometries, whose bytes are the server's: the number of the reference system, then well-known binary. */
const GEOMETRIES = [
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geometrycollection',
  'geomcollection',
] as const;

/** True if a column holds geometries. */
export const isGeometry = ({ typeName }: Column): boolean => GEOMETRIES.some(name => name === typeName);

const TYPES: Readonly<Record<string, SqlType>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  mediumint: 'INTEGER',
  int: 'INTEGER',
  bigint: 'BIGINT',
  float: 'REAL',
  double: 'DOUBLE',
  decimal: 'DECIMAL',
  bit: 'BIT',
  date: 'DATE',
  year: 'DATE',
  time: 'TIME',
  datetime: 'TIMESTAMP',
  timestamp: 'TIMESTAMP',
  char: 'TEXT',
  varchar: 'TEXT',
  tinytext: 'TEXT',
  text: 'TEXT',
  mediumtext: 'TEXT',
  longtext: 'TEXT',
  enum: 'TEXT',
  set: 'TEXT',
  json: 'TEXT',
  uuid: 'TEXT',
  inet4: 'TEXT',
  inet6: 'TEXT',
  binary: 'BYTES',
  varbinary: 'BYTES',
  tinyblob: 'BYTES',
  blob: 'BYTES',
  mediumblob: 'BYTES',
  longblob: 'BYTES',
  ...Object.fromEntries(GEOMETRIES.map(name => [name, 'BYTES'])),
};

/** Rows of this query are what `columnOfRow` reads; its parameters are `tableParams`. */
export const COLUMNS_SQL = `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, COALESCE(NUMERIC_PRECISION, CHARACTER_MAXIMUM_LENGTH),
  COALESCE(NUMERIC_SCALE, DATETIME_PRECISION), IS_NULLABLE, EXTRA, COALESCE(COLUMN_DEFAULT, 'NULL') <> 'NULL' OR EXTRA LIKE '%GENERATED%'
  FROM information_schema.COLUMNS
  WHERE ${IS_TABLE}
  ORDER BY ORDINAL_POSITION`;

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

/** Types that depend on the Java driver and on parameters of the URL. */
export interface DriverTypes {
  /** `tinyint(1)`. */
  readonly oneDigit: SqlType;
  readonly year: SqlType;
}

/** A column of the catalogue. */
export function columnOfRow(row: RawRow, types: DriverTypes): Column {
  const [name, dataType, columnType, precision, scale, nullable, extra, hasDefault] = row;
  const typeName = String(columnType);
  const autoIncrement = String(extra).includes('auto_increment');
  return {
    ...PLAIN_COLUMN,
    name: String(name),
    typeName,
    type: typeOf(String(dataType), typeName.startsWith('tinyint(1)'), TYPES[String(dataType)] ?? 'OTHER', types),
    precision: numberOrNull(precision),
    scale: numberOrNull(scale),
    unsigned: typeName.includes('unsigned'),
    withTimeZone: dataType === 'timestamp',
    nullable: nullable === 'YES',
    autoIncrement,
    hasDefault: autoIncrement || Number(hasDefault) === 1,
  };
}

function typeOf(dataType: string, isOneDigit: boolean, type: SqlType, types: DriverTypes): SqlType {
  return isOneDigit ? types.oneDigit : dataType === 'year' ? types.year : type;
}

/** Types of the protocol; text and blob have the same numbers and differ in their character set. */
const WIRE_TYPES: Readonly<Record<number, readonly [typeName: string, type: SqlType]>> = {
  0: ['decimal', 'DECIMAL'],
  1: ['tinyint', 'TINYINT'],
  2: ['smallint', 'SMALLINT'],
  3: ['int', 'INTEGER'],
  4: ['float', 'REAL'],
  5: ['double', 'DOUBLE'],
  7: ['timestamp', 'TIMESTAMP'],
  8: ['bigint', 'BIGINT'],
  9: ['mediumint', 'INTEGER'],
  10: ['date', 'DATE'],
  11: ['time', 'TIME'],
  12: ['datetime', 'TIMESTAMP'],
  13: ['year', 'DATE'],
  16: ['bit', 'BIT'],
  245: ['json', 'TEXT'],
  246: ['decimal', 'DECIMAL'],
  247: ['enum', 'TEXT'],
  248: ['set', 'TEXT'],
  255: ['geometry', 'BYTES'],
};

const BINARY_CHARSET = 63;
const FLAG = { notNull: 1, unsigned: 32, autoIncrement: 512 } as const;
/** The protocol's mark of a number without a fixed count of decimals. */
const NO_DECIMALS = 31;

/** A column of a result. */
export function columnOfField(field: MySqlField, types: DriverTypes): Column {
  const { columnType, columnLength, decimals, flags } = field;
  const text = field.characterSet === BINARY_CHARSET ? (['blob', 'BYTES'] as const) : (['text', 'TEXT'] as const);
  const [typeName, type] = WIRE_TYPES[columnType] ?? text;
  const unsigned = (flags & FLAG.unsigned) !== 0;
  return {
    ...PLAIN_COLUMN,
    name: field.name,
    typeName: unsigned ? `${typeName} unsigned` : typeName,
    type: typeOf(typeName, typeName === 'tinyint' && columnLength === 1, type, types),
    // The length of a decimal includes its sign and its point.
    precision: type === 'DECIMAL' ? columnLength - (unsigned ? 0 : 1) - (decimals > 0 ? 1 : 0) : columnLength,
    scale: decimals >= NO_DECIMALS ? null : decimals,
    unsigned,
    withTimeZone: typeName === 'timestamp',
    nullable: (flags & FLAG.notNull) === 0,
    autoIncrement: (flags & FLAG.autoIncrement) !== 0,
  };
}
