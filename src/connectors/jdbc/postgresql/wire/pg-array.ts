/** PostgreSQL's arrays as text: one parameter for all values of a column. */

import type { BindValue } from '../../database/connection';
import { DatabaseError } from '../../database/database-error';
import type { TextBuffer } from '../../database/values/text-buffer';

/** A value in the server's text format. @throws DatabaseError (`data`) for text with U+0000, which PostgreSQL cannot hold */
export function pgText(value: BindValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new DatabaseError('data', 'ERROR: invalid byte sequence for encoding "UTF8": 0x00', '22021');
    return value;
  }
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return String(value);
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The array of a column of rows. @param text a buffer, which is overwritten */
export function columnLiteral(rows: readonly (readonly BindValue[])[], column: number, text: TextBuffer): string {
  text.clear();
  text.addByte(OPEN_BRACE);
  for (let i = 0; i < rows.length; i++) {
    if (i > 0) text.addByte(COMMA);
    const value = rows[i]?.[column] ?? null;
    if (typeof value !== 'string' || !text.addQuoted(value, QUOTE)) text.add(element(value));
  }
  text.addByte(CLOSE_BRACE);
  return text.view().toString('utf8');
}

/** `{1,NULL,"a \"b\""}`. */
export function arrayLiteral(values: readonly BindValue[]): string {
  return `{${values.map(element).join(',')}}`;
}

/** Characters to escape in a text of an array. */
const TO_ESCAPE = /["\\\0]/;

function element(value: BindValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && !TO_ESCAPE.test(value)) return `"${value}"`;
  return `"${(pgText(value) ?? '').replace(/["\\]/g, '\\$&')}"`;
}
