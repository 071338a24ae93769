/**
 * Days before 1582-10-15 as java.util.GregorianCalendar has them: there, the same year, month and day are another day than in SQL
 * (`date.calendar.system=LEGACY`).
 */
import { MS_PER_DAY } from './temporal-value';

/** The first day of the calendar that both agree on. */
const CUTOVER_MS = Date.UTC(1582, 9, 15);

/** The instant of a wall clock time of the Julian calendar. @param wallMs milliseconds as if it were Gregorian, in UTC */
export function fromJulian(wallMs: number): number {
  return wallMs < CUTOVER_MS ? wallMs + daysBehind(wallMs) * MS_PER_DAY : wallMs;
}

/** The wall clock time of an instant in the Julian calendar. @returns milliseconds as if it were Gregorian, in UTC */
export function toJulian(ms: number): number {
  if (ms >= CUTOVER_MS) return ms;
  const near = ms - daysBehind(ms) * MS_PER_DAY;
  // The century may be another one there.
  return ms - daysBehind(near) * MS_PER_DAY;
}

/** How many days later a date is in the Julian calendar: one more for each century year without a leap day in SQL. */
function daysBehind(wallMs: number): number {
  const date = new Date(wallMs);
  const year = date.getUTCFullYear() - (date.getUTCMonth() < 2 ? 1 : 0);
  return Math.floor(year / 100) - Math.floor(year / 400) - 2;
}
