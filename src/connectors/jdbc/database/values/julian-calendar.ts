/**
 * Days before 1582-10-15 as java.util.GregorianCalendar has them: the same year, month and day name another day there than in SQL
 * (`date.calendar.system=LEGACY`).
 */
import { MS_PER_DAY } from './temporal-value';

/** The first day of the calendar that both agree on. */
const CUTOVER_MS = Date.UTC(1582, 9, 15);

/** The instant that a wall clock time names in the Julian calendar. @param wallMs as if it were Gregorian, in UTC */
export function fromJulian(wallMs: number): number {
  return wallMs < CUTOVER_MS ? wallMs + daysBehind(wallMs) * MS_PER_DAY : wallMs;
}

/** The wall clock time that names an instant in the Julian calendar. @returns milliseconds as if it were Gregorian, in UTC */
export function toJulian(ms: number): number {
  if (ms >= CUTOVER_MS) return ms;
  const near = ms - daysBehind(ms) * MS_PER_DAY;
  // the century may be another one there
  return ms - daysBehind(near) * MS_PER_DAY;
}

/** How many days later a date comes in the Julian calendar: one more for each century whose first year has no leap day in SQL. */
function daysBehind(wallMs: number): number {
  const date = new Date(wallMs);
  const year = date.getUTCFullYear() - (date.getUTCMonth() < 2 ? 1 : 0);
  return Math.floor(year / 100) - Math.floor(year / 400) - 2;
}
