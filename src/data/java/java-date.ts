/** java.util.Date as a JS Date. Java counts milliseconds in 64 bits, JS stops at ±8.64e15; dates beyond are supported too. */
import { MONTHS, shortName, WEEKDAYS } from '../../java/date/date-names';
import { dateFields } from '../../java/date/gregorian-calendar';

const JS_LIMIT_MS = 8_640_000_000_000_000;
const MS_PER_DAY = 86_400_000n;

/** A date outside what JS can hold: an invalid Date that knows its milliseconds. */
class FarDate extends Date {
  constructor(readonly epochMs: bigint) {
    super(Number.NaN);
  }
}

/** The Date at this many milliseconds since 1970, of which 64 bits count. */
export function dateOf(epochMs: bigint | number): Date {
  if (typeof epochMs === 'number') return new Date(epochMs);
  const wrapped = BigInt.asIntN(64, epochMs);
  const near = Number(wrapped);
  return Math.abs(near) <= JS_LIMIT_MS ? new Date(near) : new FarDate(wrapped);
}

/** Milliseconds since 1970, exact (Java's getTime); 0 for a Date that is invalid. */
export function epochMillis(date: Date): bigint {
  if (date instanceof FarDate) return date.epochMs;
  const time = date.getTime();
  return Number.isNaN(time) ? 0n : BigInt(time);
}

/** Milliseconds within the UTC day, 0 to 86399999. */
export function millisOfDay(date: Date): number {
  return Number(((epochMillis(date) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY);
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/**
 * The text of Java's Date.toString, `Tue Nov 14 22:13:20 UTC 2023`, always in UTC: a worker's texts should not depend on its zone. As in
 * Java, days before 15 October 1582 are those of the Julian calendar, and years before Christ look like years after.
 */
export function dateText(date: Date): string {
  const ofDay = millisOfDay(date);
  const { year, month, dayOfMonth, dayOfWeek } = dateFields(Number((epochMillis(date) - BigInt(ofDay)) / MS_PER_DAY));
  const day = `${shortName(WEEKDAYS[dayOfWeek - 1] ?? '')} ${shortName(MONTHS[month] ?? '')} ${twoDigits(dayOfMonth)}`;
  const time = `${twoDigits(ofDay / 3_600_000)}:${twoDigits((ofDay / 60_000) % 60)}:${twoDigits((ofDay / 1000) % 60)}`;
  return `${day} ${time} UTC ${year > 0 ? year : 1 - year}`;
}
