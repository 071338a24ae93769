/** Columns of Oracle. */

import type { RawRow } from '../database/connection';
import { type Column, PLAIN_COLUMN, type SqlType } from '../database/values/column';
import { AS_IT_IS, type Assignment, type ValueKind } from '../database/values/value-kind';
import type { OracleField } from './oracle-driver';

const TYPES: Readonly<Record<string, SqlType>> = {
  NUMBER: 'NUMERIC',
  FLOAT: 'DOUBLE',
  BINARY_FLOAT: 'REAL',
  BINARY_DOUBLE: 'DOUBLE',
  DATE: 'TIMESTAMP',
  CHAR: 'TEXT',
  NCHAR: 'TEXT',
  VARCHAR2: 'TEXT',
  VARCHAR: 'TEXT',
  NVARCHAR2: 'TEXT',
  CLOB: 'TEXT',
  NCLOB: 'TEXT',
  LONG: 'TEXT',
  RAW: 'BYTES',
  'LONG RAW': 'BYTES',
  BLOB: 'BYTES',
};

/** `TIMESTAMP(6) WITH TIME ZONE` has its digits in its name. */
function typeOf(typeName: string): SqlType {
  return typeName.startsWith('TIMESTAMP') ? 'TIMESTAMP' : (TYPES[typeName] ?? 'OTHER');
}

/** Rows of this query are what `columnOfRow` reads. */
export const COLUMNS_SQL = `SELECT COLUMN_NAME, DATA_TYPE, DATA_PRECISION, DATA_SCALE, CHAR_LENGTH, NULLABLE, IDENTITY_COLUMN, DEFAULT_LENGTH
  FROM ALL_TAB_COLUMNS WHERE OWNER = NVL(:1, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND TABLE_NAME = :2 ORDER BY COLUMN_ID`;

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

/** A column of the catalogue. */
export function columnOfRow(row: RawRow): Column {
  const [name, dataType, precision, scale, length, nullable, identity, defaultLength] = row;
  const typeName = String(dataType);
  const type = typeOf(typeName);
  return {
    ...PLAIN_COLUMN,
    name: String(name),
    typeName,
    type,
    precision: type === 'TEXT' ? numberOrNull(length) : numberOrNull(precision),
    scale: numberOrNull(scale),
    withTimeZone: typeName.includes('TIME ZONE'),
    nullable: nullable === 'Y',
    autoIncrement: identity === 'YES',
    hasDefault: identity === 'YES' || numberOrNull(defaultLength) !== null,
  };
}

/** A column of a result. */
export function columnOfField({ name, dbTypeName, nullable, precision, scale, byteSize }: OracleField): Column {
  const type = typeOf(dbTypeName);
  return {
    ...PLAIN_COLUMN,
    name,
    typeName: dbTypeName,
    type,
    precision: type === 'TEXT' ? (byteSize ?? null) : precision ? precision : null,
    // -127 means that each value has its own scale.
    scale: scale === undefined || scale === -127 ? null : scale,
    withTimeZone: dbTypeName.includes('TIME ZONE'),
    nullable,
  };
}

/** Long numbers and decimals are sent as text, and eight digits of it would be read as a date. */
export function oracleAssignment({ type }: Column, kind: ValueKind): Assignment {
  return type === 'TIMESTAMP' && (kind === 'INT64' || kind === 'DECIMAL') ? { valueType: 'NUMBER', refusal: null } : AS_IT_IS;
}
