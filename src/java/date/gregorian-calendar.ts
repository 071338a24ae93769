/**
 * The dates of java.util.GregorianCalendar in locale en_US: the Julian calendar up to 4 October 1582; weeks begin on Sunday, and the first
 * week of a year is the one with 1 January. Days are counted since 1970-01-01.
 */

/** 1582-10-15, the first day of the Gregorian calendar. */
export const GREGORIAN_SINCE_DAY = -141_427;
/** The year in which the calendar changes; it is ten days short. */
const CUTOVER_YEAR = 1582;
const OCTOBER = 9;
const DECEMBER = 11;

/** Which calendar counts the years. */
export type CalendarSystem = 'julian' | 'gregorian';

const mod = (a: number, b: number): number => a - b * Math.floor(a / b);

/** Day number of a date; `month` counts from 0 and must be below 12, `day` may lie outside the month. Year 0 is 1 BC. */
export function dayNumber(year: number, month: number, day: number, system: CalendarSystem): number {
  // Years are counted from March, so that the leap day is the last.
  const y = month < 2 ? year - 1 : year;
  const leapDays = Math.floor(y / 4) - (system === 'gregorian' ? Math.floor(y / 100) - Math.floor(y / 400) : 2);
  return 365 * y + leapDays + Math.floor((153 * mod(month - 2, 12) + 2) / 5) + day - 719_469;
}

/** Year, month from 0, and day of month. */
function dateOfDay(day: number, system: CalendarSystem): [number, number, number] {
  const daysPerCycle = system === 'gregorian' ? 146_097 : 1461;
  const yearsPerCycle = system === 'gregorian' ? 400 : 4;
  const shifted = day + (system === 'gregorian' ? 719_468 : 719_470);
  const cycle = Math.floor(shifted / daysPerCycle);
  const dayOfCycle = shifted - cycle * daysPerCycle;
  const leapDays = Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - (system === 'gregorian' ? leapDays : Math.floor(dayOfCycle / 1460))) / 365);
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (marchMonth + 2) % 12;
  const year = yearOfCycle + cycle * yearsPerCycle + (month < 2 ? 1 : 0);
  return [year, month, dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1];
}

/** Day of week as java.util.Calendar counts it: 1 Sunday to 7 Saturday. */
function dayOfWeek(day: number): number {
  return mod(day + 4, 7) + 1;
}

/** The latest day with this day of week that is not after the given day; `weekday` may be outside 1 to 7. */
export function onOrBefore(day: number, weekday: number): number {
  return day - mod(day + 5 - weekday, 7);
}

export const SUNDAY = 1;

/** The Sunday that begins the week with the first day of a year or month. */
export function firstWeekStart(firstDay: number): number {
  return onOrBefore(firstDay, SUNDAY);
}

const weekNumber = (firstDay: number, day: number): number => Math.floor((day - firstWeekStart(firstDay)) / 7) + 1;

/** The fields of a date. */
export interface DateFields {
  /** Year 0 is 1 BC, and so on downwards. */
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly dayOfMonth: number;
  readonly dayOfYear: number;
  readonly dayOfWeek: number;
  readonly dayOfWeekInMonth: number;
  readonly weekOfYear: number;
  readonly weekOfMonth: number;
  /** The year to which the week belongs. */
  readonly weekYear: number;
}

/** The calendar in which the first day of a year is counted. */
function systemOfYear(year: number): CalendarSystem {
  return year > CUTOVER_YEAR ? 'gregorian' : 'julian';
}

/** The fields of a day. */
export function dateFields(day: number): DateFields {
  const system: CalendarSystem = day >= GREGORIAN_SINCE_DAY ? 'gregorian' : 'julian';
  const [year, month, dayOfMonth] = dateOfDay(day, system);
  const firstOfYear = dayNumber(year, 0, 1, systemOfYear(year));
  const isCutoverMonth = year === CUTOVER_YEAR && month === OCTOBER;
  const firstOfMonth = isCutoverMonth ? dayNumber(year, month, 1, 'julian') : day - dayOfMonth + 1;
  const nextYear = dayNumber(year + 1, 0, 1, systemOfYear(year + 1));
  const belongsToNext = day >= firstWeekStart(nextYear);
  return {
    year,
    month,
    dayOfMonth,
    dayOfYear: day - firstOfYear + 1,
    dayOfWeek: dayOfWeek(day),
    dayOfWeekInMonth: Math.floor((day - firstOfMonth) / 7) + 1,
    weekOfYear: belongsToNext ? 1 : weekNumber(firstOfYear, day),
    weekOfMonth: weekNumber(firstOfMonth, day),
    weekYear: belongsToNext && month === DECEMBER ? year + 1 : year,
  };
}

/** Days of a month, in the calendar of most of the year. */
export function monthLength(year: number, month: number): number {
  const system: CalendarSystem = year >= CUTOVER_YEAR ? 'gregorian' : 'julian';
  const next = month === DECEMBER ? dayNumber(year + 1, 0, 1, system) : dayNumber(year, month + 1, 1, system);
  return next - dayNumber(year, month, 1, system);
}
