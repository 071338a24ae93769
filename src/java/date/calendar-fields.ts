/** Computes a time from the fields that are known, leniently, as java.util.GregorianCalendar does. */
import {
  type CalendarSystem,
  dateFields,
  dayNumber,
  firstWeekStart,
  GREGORIAN_SINCE_DAY,
  monthLength,
  onOrBefore,
  SUNDAY,
} from './gregorian-calendar';

const MS_PER_DAY = 86_400_000;
const CUTOVER_YEAR = 1582;

/** Fields of java.util.Calendar that a text may set. */
export type CalendarField =
  | 'era'
  | 'year'
  | 'weekYear'
  | 'month'
  | 'dayOfMonth'
  | 'dayOfYear'
  | 'dayOfWeek'
  | 'dayOfWeekInMonth'
  | 'weekOfYear'
  | 'weekOfMonth'
  | 'amPm'
  | 'hour'
  | 'hourOfDay'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'offsetMinutes';

/** Which fields determine the day. */
type DayRule = 'dayOfMonth' | 'weekOfMonth' | 'dayOfWeekInMonth' | 'dayOfYear' | 'weekOfYear';

/** Fields with the order in which they were set: if they contradict each other, the last one counts. */
export class CalendarFields {
  private readonly values = new Map<CalendarField, number>();
  private readonly stamps = new Map<CalendarField, number>();
  private stamp = 0;

  set(field: CalendarField, value: number): this {
    this.values.set(field, value);
    this.stamps.set(field, ++this.stamp);
    return this;
  }

  /** Adds to the year; for texts with a two-digit year. */
  addYears(years: number): void {
    for (const field of ['year', 'weekYear'] as const) this.values.set(field, this.get(field, 0) + years);
  }

  /** Milliseconds since 1970, wrapped to 64 bits as in Java; fields that are not set have the values of 1970-01-01 00:00 UTC. */
  toEpochMillis(): bigint {
    const fields = this.stampOf('weekYear') > this.stampOf('year') ? this.withoutWeekYear() : this;
    const timeMs = fields.timeOfDayMs();
    const carriedDays = Math.floor(timeMs / MS_PER_DAY);
    const localMs = BigInt(fields.day(carriedDays)) * BigInt(MS_PER_DAY) + BigInt(timeMs - carriedDays * MS_PER_DAY);
    return BigInt.asIntN(64, localMs - BigInt(fields.get('offsetMinutes', 0)) * 60_000n);
  }

  private get(field: CalendarField, otherwise: number): number {
    return this.has(field) ? (this.values.get(field) ?? otherwise) : otherwise;
  }

  private has(field: CalendarField): boolean {
    return this.stamps.has(field);
  }

  /** When a field was set; 0 for never. */
  private stampOf(field: CalendarField): number {
    return this.stamps.get(field) ?? 0;
  }

  /** When the later of two fields was set; 0 if one of them was not. */
  private stampOfBoth(a: CalendarField, b: CalendarField): number {
    const [first, second] = [this.stampOf(a), this.stampOf(b)];
    return first && second ? Math.max(first, second) : 0;
  }

  /** The date that week year, week and day of week stand for, as year, month and day (Calendar.setWeekDate). */
  private withoutWeekYear(): CalendarFields {
    const [week, weekday] = weekAndDay(this.get('weekOfYear', 1), this.get('dayOfWeek', SUNDAY));
    // The era comes from the other fields.
    const era = dateFields(this.day(0)).year > 0 ? 1 : 0;
    const firstWeek = new CalendarFields().set('era', era).set('year', this.get('weekYear', 0));
    const start = firstWeek.set('weekOfYear', 1).set('dayOfWeek', SUNDAY).day(0);
    const date = dateFields(start + weekday - SUNDAY + Math.imul(7, week - 1));
    const fields = new CalendarFields();
    const inOrder = [...this.values.keys()].sort((a, b) => this.stampOf(a) - this.stampOf(b));
    for (const field of inOrder) fields.set(field, this.get(field, 0));
    fields.set('era', date.year > 0 ? 1 : 0).set('year', date.year > 0 ? date.year : 1 - date.year);
    return fields.set('month', date.month).set('dayOfMonth', date.dayOfMonth);
  }

  private timeOfDayMs(): number {
    const hours = this.countsHourOfDay() ? this.get('hourOfDay', 0) : this.get('hour', 0) + 12 * this.get('amPm', 0);
    return ((hours * 60 + this.get('minute', 0)) * 60 + this.get('second', 0)) * 1000 + this.get('millisecond', 0);
  }

  private countsHourOfDay(): boolean {
    const hourOfDay = this.stampOf('hourOfDay');
    return hourOfDay > 0 && hourOfDay >= this.stampOfBoth('hour', 'amPm');
  }

  /** The day number, `carriedDays` included; which calendar counts depends on the result. */
  private day(carriedDays: number): number {
    const rule = this.dayRule();
    const year = this.has('era') && this.get('era', 1) === 0 ? 1 - this.get('year', 1970) : this.get('year', 1970);
    const gregorian = carriedDays + this.dayIn('gregorian', year, rule);
    if (year > CUTOVER_YEAR && gregorian >= GREGORIAN_SINCE_DAY) return gregorian;
    const julian = carriedDays + this.dayIn('julian', year, rule);
    if (year < CUTOVER_YEAR && julian < GREGORIAN_SINCE_DAY) return julian;
    if (rule === 'dayOfYear' || rule === 'weekOfYear') return julian;
    // Days that are in neither calendar count as Julian, days that are in both as Gregorian.
    return year >= CUTOVER_YEAR && gregorian >= GREGORIAN_SINCE_DAY ? gregorian : julian;
  }

  /** The fields set last decide (GregorianCalendar.selectFields). */
  private dayRule(): DayRule {
    const stamp = (field: CalendarField): number => this.stampOf(field);
    let dayOfMonth = stamp('dayOfMonth');
    let weekOfMonth = this.stampOfBoth('weekOfMonth', 'dayOfWeek');
    let inMonth = this.stampOfBoth('dayOfWeekInMonth', 'dayOfWeek');
    let weekOfYear = this.stampOfBoth('weekOfYear', 'dayOfWeek');
    const dayOfYear = stamp('dayOfYear');
    let best = Math.max(dayOfMonth, weekOfMonth, inMonth, dayOfYear, weekOfYear);
    if (best === 0) {
      // No combination is complete: a part of one is enough.
      weekOfMonth = stamp('weekOfMonth');
      inMonth = Math.max(stamp('dayOfWeekInMonth'), stamp('dayOfWeek'));
      weekOfYear = stamp('weekOfYear');
      best = Math.max(weekOfMonth, inMonth, weekOfYear);
      if (best === 0) {
        dayOfMonth = stamp('month');
        best = dayOfMonth;
      }
    }
    if (best === dayOfMonth) return 'dayOfMonth';
    const byMonth = best === weekOfMonth && stamp('weekOfMonth') >= stamp('weekOfYear');
    const byWeekday = best === inMonth && stamp('dayOfWeekInMonth') >= stamp('weekOfYear');
    if (!byMonth && !byWeekday) return best === dayOfYear ? 'dayOfYear' : 'weekOfYear';
    if (weekOfMonth === inMonth) return stamp('weekOfMonth') >= stamp('dayOfWeekInMonth') ? 'weekOfMonth' : 'dayOfWeekInMonth';
    return best === weekOfMonth ? 'weekOfMonth' : 'dayOfWeekInMonth';
  }

  private dayIn(system: CalendarSystem, givenYear: number, rule: DayRule): number {
    if (rule === 'dayOfYear' || rule === 'weekOfYear') return this.dayOfYearIn(system, givenYear, rule);
    const months = this.get('month', 0);
    const year = givenYear + Math.floor(months / 12);
    const month = months - 12 * Math.floor(months / 12);
    const first = dayNumber(year, month, 1, system);
    switch (rule) {
      case 'dayOfMonth':
        return first + this.get('dayOfMonth', 1) - 1;
      case 'weekOfMonth': {
        const start = firstWeekStart(first);
        return (
          (this.has('dayOfWeek') ? onOrBefore(start + 6, this.get('dayOfWeek', SUNDAY)) : start) +
          Math.imul(7, this.get('weekOfMonth', 0) - 1)
        );
      }
      case 'dayOfWeekInMonth': {
        const count = this.get('dayOfWeekInMonth', 1);
        const weekday = this.get('dayOfWeek', SUNDAY);
        // A negative count is from the end of the month.
        return onOrBefore(first + (count >= 0 ? Math.imul(7, count) : monthLength(year, month) + Math.imul(7, count + 1)) - 1, weekday);
      }
    }
  }

  private dayOfYearIn(system: CalendarSystem, year: number, rule: 'dayOfYear' | 'weekOfYear'): number {
    const first = dayNumber(year, 0, 1, system);
    if (rule === 'dayOfYear') return first + this.get('dayOfYear', 1) - 1;
    const start = firstWeekStart(first);
    const weekday = this.get('dayOfWeek', SUNDAY);
    return (weekday === SUNDAY ? start : onOrBefore(start + 6, weekday)) + 7 * (this.get('weekOfYear', 1) - 1);
  }
}

/** A day of week beyond its range moves the week; it then counts from Monday. */
function weekAndDay(week: number, weekday: number): [number, number] {
  if (weekday >= 1 && weekday <= 7) return [week, weekday];
  // Java counts days above the range from 1, those below it up to 7
  const fromMonday = weekday > 7 ? ((weekday - 1) % 7) + 1 : 7 - (-weekday % 7);
  const weeks = weekday > 7 ? Math.floor((weekday - 1) / 7) : -(Math.floor(-weekday / 7) + 1);
  return [week + weeks, (fromMonday % 7) + 1];
}
