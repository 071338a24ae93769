/** Dates, times and timestamps in header texts, parsed as leniently as Java's SimpleDateFormat and GregorianCalendar do; always in UTC. */
import { dateFields, dayNumber, GREGORIAN_SINCE_DAY } from '../../java/date/gregorian-calendar';
import { dateOf, epochMillis, millisOfDay } from '../java/java-date';
import type { SchemaAndValue } from '../record/record';
import { DATE_SCHEMA, TIME_SCHEMA, TIMESTAMP_SCHEMA } from '../schema/logical';

const MS_PER_DAY = 86_400_000;
// Each number may follow spaces and have a sign; text after the last part is ignored.
const PART = '[ \\t]*(-?\\d+)';
const DATE = new RegExp(`^${PART}-${PART}-${PART}`);
const TIME = new RegExp(`^${PART}:${PART}:${PART}\\.${PART}Z`);
const TIMESTAMP = new RegExp(`^${PART}-${PART}-${PART}T${PART}:${PART}:${PART}\\.${PART}Z`);
const DATE_LENGTH = 10;
const TIME_LENGTH = 13;
const TIMESTAMP_LENGTH = 24;

/** Days since 1970; months and days beyond their range roll over. */
function daysOf([year = 0, month = 0, day = 0]: readonly number[]): number {
  const years = year + Math.floor((month - 1) / 12);
  const monthOfYear = month - 1 - 12 * (years - year);
  const gregorian = dayNumber(years, monthOfYear, day, 'gregorian');
  return gregorian >= GREGORIAN_SINCE_DAY ? gregorian : dayNumber(years, monthOfYear, day, 'julian');
}

function millisOf([hours = 0, minutes = 0, seconds = 0, millis = 0]: readonly number[]): number {
  return hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + millis;
}

function parts(pattern: RegExp, text: string): number[] | null {
  return pattern.exec(text)?.slice(1).map(Number) ?? null;
}

/** A text of the right length as a Date, Time or Timestamp; null if it is none. Colons may be escaped. */
export function parseTemporal(token: string): SchemaAndValue | null {
  const text = token.replaceAll('\\:', ':');
  if (text.length === TIME_LENGTH) {
    const time = parts(TIME, text);
    return time && { schema: TIME_SCHEMA, value: new Date(millisOf(time)) };
  }
  if (text.length === TIMESTAMP_LENGTH) {
    const stamp = parts(TIMESTAMP, text);
    return stamp && { schema: TIMESTAMP_SCHEMA, value: dateOf(daysOf(stamp) * MS_PER_DAY + millisOf(stamp.slice(3))) };
  }
  const date = text.length === DATE_LENGTH ? parts(DATE, text) : null;
  return date && { schema: DATE_SCHEMA, value: dateOf(daysOf(date) * MS_PER_DAY) };
}

/** The text of a date: a time within the first day and before it, a date at midnight, otherwise a timestamp. */
export function temporalText(value: Date): string {
  const millis = epochMillis(value);
  if (millis < BigInt(MS_PER_DAY)) return timeText(value);
  const day = millis / BigInt(MS_PER_DAY);
  const { year, month, dayOfMonth } = dateFields(Number(day));
  const date = `${String(year).padStart(4, '0')}-${twoDigits(month + 1)}-${twoDigits(dayOfMonth)}`;
  return millis === day * BigInt(MS_PER_DAY) ? date : `${date}T${timeText(value)}`;
}

function timeText(value: Date): string {
  return new Date(millisOfDay(value)).toISOString().slice(11);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
