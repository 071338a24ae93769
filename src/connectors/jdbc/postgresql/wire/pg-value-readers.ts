/** Reads values of PostgreSQL's text format: as strings, except for types that are faster without. */

import { dayMillis } from '../../database/values/temporal-value';
import { readAscii, readUtf8 } from '../../database/values/wire-text';

/** Reads a value from the bytes of its text. */
export type ValueReader = (bytes: Buffer, start: number, end: number) => unknown;

/** Oids of `pg_type`. */
const TYPE_ID = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
};

const READERS: ReadonlyMap<number, ValueReader> = new Map<number, ValueReader>([
  [TYPE_ID.bool, (bytes, start) => bytes[start] === 0x74],
  [TYPE_ID.int2, readInteger],
  [TYPE_ID.int4, readInteger],
  [TYPE_ID.int8, readInteger],
  [TYPE_ID.oid, readInteger],
  [TYPE_ID.float4, readAscii],
  [TYPE_ID.float8, readAscii],
  [TYPE_ID.numeric, readAscii],
  [TYPE_ID.timestamp, readTimestamp],
  [TYPE_ID.timestamptz, readTimestamp],
]);

/** The reader of a type by oid. */
export const readerOfType = (typeId: number): ValueReader => READERS.get(typeId) ?? readUtf8;

/** Digits of which any number is exact in JavaScript. */
const SAFE_DIGITS = 15;
const ZERO = 0x30;
const MINUS = 0x2d;
const DASH = MINUS;
const BLANK = 0x20;
const COLON = 0x3a;
const POINT = 0x2e;
const PLUS = 0x2b;

function readInteger(bytes: Buffer, start: number, end: number): number | string {
  if (end - start > SAFE_DIGITS) return readAscii(bytes, start, end);
  return bytes[start] === MINUS ? 0 - digits(bytes, start + 1, end) : digits(bytes, start, end);
}

/** The number of these digits; NaN if one of them is not a digit. */
function digits(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `2024-02-29 12:34:56.789`, or with `+00`, as milliseconds of the wall clock time; as a string if milliseconds would lose something. */
function readTimestamp(bytes: Buffer, start: number, end: number): number | string {
  const isUtc = bytes[end - 3] === PLUS && bytes[end - 2] === ZERO && bytes[end - 1] === ZERO;
  const length = (isUtc ? end - 3 : end) - start;
  const millis =
    length === 19 ? 0 : length <= 23 && length > 20 ? digits(bytes, start + 20, start + length) * 10 ** (23 - length) : Number.NaN;
  const isPlain =
    bytes[start + 4] === DASH &&
    bytes[start + 7] === DASH &&
    bytes[start + 10] === BLANK &&
    bytes[start + 13] === COLON &&
    bytes[start + 16] === COLON &&
    (length === 19 || bytes[start + 19] === POINT);
  const year = digits(bytes, start, start + 4);
  const seconds =
    digits(bytes, start + 11, start + 13) * 3600 + digits(bytes, start + 14, start + 16) * 60 + digits(bytes, start + 17, start + 19);
  // Comparisons with NaN are false.
  if (!(isPlain && year >= 100 && seconds >= 0 && millis >= 0)) return readAscii(bytes, start, end);
  return dayMillis(year, digits(bytes, start + 5, start + 7), digits(bytes, start + 8, start + 10)) + seconds * 1000 + millis;
}
