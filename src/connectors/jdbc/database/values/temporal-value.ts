/** Parses and writes dates and times of databases, independent of the local zone and without losing digits below a millisecond. */
import { ConnectError } from '../../../../errors';
import { civilOfDays, daysOfCivil } from './civil-days';

export const MS_PER_DAY = 86_400_000;

/** The fraction of the second of milliseconds since 1970, in nanoseconds. */
export const nanosOfMs = (ms: number): number => (((ms % 1000) + 1000) % 1000) * 1e6;

/** Midnight before a wall clock time, in milliseconds. */
export const startOfDay = (ms: number): number => Math.floor(ms / MS_PER_DAY) * MS_PER_DAY;

/** A wall clock time or an instant. */
export interface TemporalValue {
  /** Milliseconds since 1970 as if in UTC, rounded down. */
  readonly ms: number;
  /** Nanoseconds of the second, 0 to 999999999, milliseconds included. */
  readonly nanos: number;
  /** The offset in the text, in milliseconds ahead of UTC; null if it has none. */
  readonly offsetMs: number | null;
}

const DATE_TIME =
  /^([+-]?\d{1,9})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?( BC)?$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?$/;

/** `2024-02-29`, `2024-02-29 12:34:56.789012+01`, with `T`, with ` BC`. @throws DataException for anything else, zero dates included */
export function readTimestamp(text: string): TemporalValue {
  return readPlainTimestamp(text) ?? readAnyTimestamp(text);
}

function readPlainTimestamp(text: string): TemporalValue | null {
  const ms = readPlainMillis(text);
  if (Number.isNaN(ms)) return null;
  const nanos = text.length === 19 ? 0 : digits(text, 20, text.length) * (POWERS[29 - text.length] as number);
  return { ms, nanos, offsetMs: null };
}

/**
 * Reads most timestamps without the regular expression: digits in their places, no zone. NaN for anything else, which may still be a
 * timestamp.
 */
export function readPlainMillis(text: string): number {
  const { length } = text;
  if (length < 19 || length > 29 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH || text.charCodeAt(10) !== BLANK)
    return Number.NaN;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON || (length > 19 && text.charCodeAt(19) !== POINT)) return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const seconds = digits(text, 11, 13) * 3600 + digits(text, 14, 16) * 60 + digits(text, 17, 19);
  const fraction = digits(text, 20, length);
  // Comparisons with NaN are false. Days after the 28th are left to the slow path, which checks the month.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && seconds >= 0 && fraction >= 0) || length === 20)
    return Number.NaN;
  const ms = length === 19 ? 0 : Math.floor((fraction * (POWERS[29 - length] as number)) / 1e6);
  return dayMillis(year, month, day) + seconds * 1000 + ms;
}

/** The last day, which rows in order of time often share. */
let knownDay = { number: Number.NaN, ms: 0 };

/** Midnight of a day, in milliseconds since 1970; the year has three or four digits. */
export function dayMillis(year: number, month: number, day: number): number {
  const number = year * 10_000 + month * 100 + day;
  if (knownDay.number !== number) knownDay = { number, ms: Date.UTC(year, month - 1, day) };
  return knownDay.ms;
}

const DASH = 0x2d;
const BLANK = 0x20;
const COLON = 0x3a;
const POINT = 0x2e;
const POWERS = Array.from({ length: 10 }, (_, i) => 10 ** i);

/** The number of these digits; NaN if one of the characters is not a digit, 0 for none. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function readAnyTimestamp(text: string): TemporalValue {
  const [, year, month, day, hours, minutes, seconds, fraction, zone, bc] = DATE_TIME.exec(text) ?? [];
  if (year === undefined) throw unreadable('date', text);
  const ofDay = secondsOfDay(hours, minutes, seconds) * 1000;
  const nanos = nanosOf(fraction);
  const ms = dayMs(bc === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day), text) + ofDay;
  return { ms: ms + Math.floor(nanos / 1e6), nanos, offsetMs: offsetOf(zone) };
}

/** `12:34:56.789+01`; 24:00:00 is the end of the day. @throws DataException for anything else, such as times of more than a day */
export function readTime(text: string): TemporalValue {
  const [, hours, minutes, seconds, fraction, zone] = TIME.exec(text) ?? [];
  const ofDay = secondsOfDay(hours, minutes, seconds) * 1000;
  if (hours === undefined || ofDay > MS_PER_DAY) throw unreadable('time of a day', text);
  const nanos = nanosOf(fraction);
  return { ms: ofDay + Math.floor(nanos / 1e6), nanos, offsetMs: offsetOf(zone) };
}

const secondsOfDay = (hours = '0', minutes = '0', seconds = '0'): number => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
const nanosOf = (fraction = ''): number => Number(fraction.padEnd(9, '0'));

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  const [, sign, hours, minutes = '0', seconds = '0'] = /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

function dayMs(year: number, month: number, day: number, text: string): number {
  const days = daysOfCivil(year, month, day);
  if (month < 1 || month > 12 || day === 0 || civilOfDays(days).month !== month) throw unreadable('date', text);
  return days * MS_PER_DAY;
}

function unreadable(what: string, text: string): ConnectError {
  return new ConnectError('DataException', `${JSON.stringify(text)} is not a ${what}`);
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));
const two = (value: number): string => TWO_DIGITS[value] ?? String(value);

/** The last day and its text, which rows in order of time often share. */
let lastDay = { ms: Number.NaN, text: '' };

/** `2024-02-29`; years before 1 count as PostgreSQL and SQL do, with ` BC`. */
export function dateText(ms: number): string {
  const dayStart = startOfDay(ms);
  if (lastDay.ms !== dayStart) lastDay = { ms: dayStart, text: textOfDay(dayStart) };
  return lastDay.text;
}

function textOfDay(ms: number): string {
  const { year, month, day } = civilOfDays(ms / MS_PER_DAY);
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shown}-${two(month)}-${two(day)}${year > 0 ? '' : ' BC'}`;
}

/** `12:34:56.789`, with as many digits of the fraction as it has, but at least 3. */
export function timeText(ms: number, nanos = nanosOfMs(ms)): string {
  const seconds = Math.floor((ms - startOfDay(ms)) / 1000);
  const fraction = nanos % 1e6 === 0 ? String(nanos / 1e6).padStart(3, '0') : String(nanos).padStart(9, '0').replace(/0+$/, '');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

/** `2024-02-29 12:34:56.789`. */
export function timestampText(ms: number, nanos?: number): string {
  const date = dateText(ms);
  return date.endsWith(' BC') ? `${date.slice(0, -3)} ${timeText(ms, nanos)} BC` : `${date} ${timeText(ms, nanos)}`;
}
