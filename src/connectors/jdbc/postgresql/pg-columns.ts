/** Columns of PostgreSQL, from its catalogue. */

import type { RawRow } from '../database/connection';
import { type Column, PLAIN_COLUMN, type SqlType } from '../database/values/column';
import { arrayLiteral } from './wire/pg-array';

const TYPES: ReadonlyMap<string, SqlType> = new Map(
  Object.entries({
    bool: 'BOOLEAN',
    int2: 'SMALLINT',
    int4: 'INTEGER',
    int8: 'BIGINT',
    oid: 'BIGINT',
    float4: 'REAL',
    float8: 'DOUBLE',
    money: 'DOUBLE',
    numeric: 'NUMERIC',
    char: 'TEXT',
    bpchar: 'TEXT',
    varchar: 'TEXT',
    text: 'TEXT',
    name: 'TEXT',
    json: 'TEXT',
    jsonb: 'TEXT',
    uuid: 'TEXT',
    xml: 'TEXT',
    bytea: 'BYTES',
    date: 'DATE',
    time: 'TIME',
    timetz: 'TIME',
    timestamp: 'TIMESTAMP',
    timestamptz: 'TIMESTAMP',
    bit: 'BIT',
  } as const),
);

/** The kind of enums, which are read as text. */
const ENUM = 'e';

/**
 * Types by oid and modifier, with what a catalogue knows of a column: name, base type (behind domains), its kind, the schema and name to
 * cast to, modifier, not null, identity or sequence, any default. Rows in this order are what `columnOf` reads.
 */
export const COLUMN_FIELDS = `a.attname,
  COALESCE(base.typname, t.typname), COALESCE(base.typtype, t.typtype),
  tn.nspname, t.typname,
  CASE WHEN t.typtype = 'd' AND t.typtypmod <> -1 THEN t.typtypmod ELSE a.atttypmod END,
  a.attnotnull OR (t.typtype = 'd' AND t.typnotnull),
  a.attidentity <> '' OR COALESCE(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false),
  a.atthasdef OR a.attidentity <> ''`;

export const COLUMN_JOINS = `JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type base ON t.typtype = 'd' AND base.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum`;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A column of a row that has `COLUMN_FIELDS`. */
export function columnOf(row: RawRow): Column {
  const [name, typeName, kind, castSchema, castName, modifier, notNull, autoIncrement, hasDefault] = row.map(String) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    ...PLAIN_COLUMN,
    name,
    typeName,
    castType: `${quote(castSchema)}.${quote(castName)}`,
    ...(typeName.startsWith('_') && { arrayText: arrayLiteral }),
    type: kind === ENUM ? 'TEXT' : (TYPES.get(typeName) ?? 'OTHER'),
    ...sizesOf(typeName, Number(modifier)),
    withTimeZone: typeName === 'timestamptz' || typeName === 'timetz',
    nullable: notNull !== 't',
    autoIncrement: autoIncrement === 't',
    hasDefault: hasDefault === 't',
  };
}

/** The column of the elements of an array. */
export function elementColumn(column: Column): Column {
  const typeName = column.typeName.slice(1);
  return { ...column, typeName, type: TYPES.get(typeName) ?? 'OTHER', withTimeZone: typeName === 'timestamptz' || typeName === 'timetz' };
}

/** Precision and scale from the type modifier, which is -1 if there are none. */
function sizesOf(typeName: string, modifier: number): Pick<Column, 'precision' | 'scale'> {
  if (modifier < 0) return { precision: typeName === 'bit' ? 1 : null, scale: null };
  // The scale is a signed number of 11 bits.
  if (typeName === 'numeric') return { precision: ((modifier - 4) >> 16) & 0xffff, scale: (((modifier - 4) & 0x7ff) ^ 1024) - 1024 };
  if (typeName === 'varchar' || typeName === 'bpchar') return { precision: modifier - 4, scale: null };
  if (typeName === 'bit') return { precision: modifier, scale: null };
  return { precision: null, scale: modifier };
}

/** `pg_class.relkind` by JDBC's types of tables. */
export const RELKIND_OF_TYPE: Readonly<Record<string, string>> = {
  TABLE: 'r',
  'PARTITIONED TABLE': 'p',
  VIEW: 'v',
  'MATERIALIZED VIEW': 'm',
  'FOREIGN TABLE': 'f',
  SEQUENCE: 'S',
  INDEX: 'i',
  'PARTITIONED INDEX': 'I',
  TYPE: 'c',
};
