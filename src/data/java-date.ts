/** java.util.Date as a JS Date. Java counts milliseconds in 64 bits, JS stops at ±8.64e15; such dates still pass through. */

const JS_LIMIT_MS = 8_640_000_000_000_000;
const MS_PER_DAY = 86_400_000n;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date outside what JS can hold: an invalid Date that knows its milliseconds. */
class FarDate extends Date {
  constructor(readonly epochMs: bigint) {
    super(Number.NaN);
  }
}

/** The Date at so many milliseconds since 1970, of which 64 bits count. */
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

/** Gregorian year, month (0-11) and day of a day number since 1970. */
export function civilDate(day: bigint): [bigint, number, number] {
  const shifted = day + 719_468n;
  const era = (shifted >= 0n ? shifted : shifted - 146_096n) / 146_097n;
  const dayOfEra = Number(shifted - era * 146_097n);
  const cycles = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - cycles) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (marchMonth + 2) % 12;
  const year = BigInt(yearOfEra) + era * 400n + (month < 2 ? 1n : 0n);
  return [year, month, dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1];
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** The text of Java's Date.toString, `Tue Nov 14 22:13:20 UTC 2023`, always in UTC: a worker's texts should not depend on its zone. */
export function dateText(date: Date): string {
  const ofDay = millisOfDay(date);
  const day = (epochMillis(date) - BigInt(ofDay)) / MS_PER_DAY;
  const [year, month, dayOfMonth] = civilDate(day);
  const weekday = WEEKDAYS[Number((((day + 4n) % 7n) + 7n) % 7n)];
  const time = `${twoDigits(ofDay / 3_600_000)}:${twoDigits((ofDay / 60_000) % 60)}:${twoDigits((ofDay / 1000) % 60)}`;
  return `${weekday} ${MONTHS[month]} ${twoDigits(dayOfMonth)} ${time} UTC ${year.toString().padStart(4, '0')}`;
}
