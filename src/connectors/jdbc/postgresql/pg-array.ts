/** Arrays of PostgreSQL as text: one parameter for all values of a column. */

import type { BindValue } from '../database/connection';
import { DatabaseError } from '../database/database-error';

/** A value as the server reads it. @throws DatabaseError (`data`) for text with U+0000, which PostgreSQL cannot hold */
export function pgText(value: BindValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new DatabaseError('data', 'ERROR: invalid byte sequence for encoding "UTF8": 0x00', '22021');
    return value;
  }
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return String(value);
}

/** The array of a column of rows. */
export function columnLiteral(rows: readonly (readonly BindValue[])[], column: number): string {
  let text = '{';
  for (let i = 0; i < rows.length; i++) text += (i === 0 ? '' : ',') + element(rows[i]?.[column] ?? null);
  return `${text}}`;
}

/** `{1,NULL,"a \"b\""}`. */
export function arrayLiteral(values: readonly BindValue[]): string {
  return `{${values.map(element).join(',')}}`;
}

/** What a text in an array cannot hold as it is. */
const TO_ESCAPE = /["\\\0]/;

function element(value: BindValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && !TO_ESCAPE.test(value)) return `"${value}"`;
  return `"${(pgText(value) ?? '').replace(/["\\]/g, '\\$&')}"`;
}
