/** Columns of SQLite: by declared type, not by value, so that a schema does not change from query to query. */

import type { RawRow } from '../database/connection';
import { type Column, PLAIN_COLUMN, type SqlType } from '../database/values/column';

/** The types of the Java driver, which takes some integers for unsigned. */
const TYPES: ReadonlyMap<string, readonly [type: SqlType, unsigned: boolean]> = new Map(
  Object.entries({
    BOOLEAN: ['BOOLEAN', false],
    TINYINT: ['TINYINT', true],
    SMALLINT: ['SMALLINT', true],
    INT2: ['SMALLINT', true],
    INT: ['INTEGER', true],
    MEDIUMINT: ['INTEGER', true],
    INTEGER: ['INTEGER', false],
    BIGINT: ['BIGINT', false],
    INT8: ['BIGINT', false],
    'UNSIGNED BIG INT': ['BIGINT', false],
    REAL: ['REAL', false],
    FLOAT: ['DOUBLE', false],
    DOUBLE: ['DOUBLE', false],
    'DOUBLE PRECISION': ['DOUBLE', false],
    DECIMAL: ['DECIMAL', false],
    NUMERIC: ['NUMERIC', false],
    NUMBER: ['NUMERIC', false],
    BLOB: ['BYTES', false],
    BINARY: ['BYTES', false],
    VARBINARY: ['BYTES', false],
    DATE: ['DATE', false],
    DATETIME: ['TIMESTAMP', false],
    TIMESTAMP: ['TIMESTAMP', false],
  } as const),
);

/** A column by its declared type, which may be empty; unknown words count as text. */
export function columnOfDeclaration(name: string, declared: string): Column {
  const [, word = '', precision, scale] = /^([^(]*)(?:\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\))?$/.exec(declared.trim()) ?? [];
  const [type, unsigned] = TYPES.get(word.trim().toUpperCase()) ?? ['TEXT', false];
  return {
    ...PLAIN_COLUMN,
    name,
    type,
    unsigned,
    typeName: declared,
    precision: precision === undefined ? null : Number(precision),
    scale: scale === undefined ? null : Number(scale),
  };
}

/** Rows of this query are what `columnOfRow` reads; it includes generated columns, but not hidden columns of virtual tables. */
export const COLUMNS_SQL = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid';

/**
 * A column of the catalogue.
 * @param isRowid the column is the table's `INTEGER PRIMARY KEY`, which SQLite fills in by itself
 */
export function columnOfRow(row: RawRow, isRowid: boolean): Column {
  const [name, declared, notNull, defaultValue, , hidden] = row;
  return {
    ...columnOfDeclaration(String(name), String(declared ?? '')),
    nullable: Number(notNull) === 0,
    autoIncrement: isRowid,
    hasDefault: isRowid || defaultValue !== null || Number(hidden) > 1,
  };
}

/** The name of the INTEGER PRIMARY KEY column, which is the rowid; undefined if there is none. */
export function rowidOf(rows: readonly RawRow[]): unknown {
  const keys = rows.filter(row => Number(row[4]) > 0);
  const [only] = keys;
  return keys.length === 1 && String(only?.[1]).toUpperCase() === 'INTEGER' ? only?.[0] : undefined;
}
