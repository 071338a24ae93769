/** java.text.SimpleDateFormat in locale en_US, lenient as it is by default. */
import { AM_PM, ERAS, MONTHS, shortName, WEEKDAYS } from './date-names';
import { type DateFields, dateFields } from './gregorian-calendar';
import { type PatternPart, parseDatePattern } from './simple-date-pattern';
import { DateTextReader } from './simple-date-reader';
import { type NamedZone, UTC, zoneOffsetMinutes } from './time-zone-names';

const MS_PER_DAY = 86_400_000;

/** A time, as fields of a calendar and a clock. */
interface Moment {
  readonly date: DateFields;
  readonly timeOfDayMs: number;
  readonly zone: NamedZone;
  readonly offsetMinutes: number;
}

/** A format for dates in UTC. As in Java, a parsed text that names another zone changes the zone of the format. */
export class SimpleDateFormat {
  private readonly parts: readonly PatternPart[];
  private zone = UTC;

  /**
   * @param nowMs the present time, which decides the century of two-digit years: within the last 80 and the next 20 years
   * @throws IllegalArgumentException with Java's text for an invalid pattern
   */
  constructor(
    readonly pattern: string,
    private readonly nowMs: number = Date.now(),
  ) {
    this.parts = parseDatePattern(pattern);
  }

  /** The text of a time. @param epochMs milliseconds since 1970 */
  format(epochMs: bigint): string {
    const moment = momentOf(epochMs, this.zone);
    return this.parts.map(part => ('text' in part ? part.text : fieldText(part.letter, part.count, moment))).join('');
  }

  /** Milliseconds since 1970; null if the beginning of the text does not match the pattern. The rest is ignored, as in Java. */
  parse(text: string): bigint | null {
    const read = new DateTextReader(text, this.zone, this.nowMs).read(this.parts);
    // Kept even if the rest of the text does not match.
    this.zone = read.zone;
    return read.epochMs;
  }
}

function momentOf(epochMs: bigint, zone: NamedZone): Moment {
  const offsetMinutes = zoneOffsetMinutes(zone, Number(epochMs));
  const localMs = epochMs + BigInt(offsetMinutes) * 60_000n;
  const perDay = BigInt(MS_PER_DAY);
  const timeOfDayMs = Number(((localMs % perDay) + perDay) % perDay);
  return { date: dateFields(Number((localMs - BigInt(timeOfDayMs)) / perDay)), timeOfDayMs, zone, offsetMinutes };
}

/** A number with at least this many digits. */
function padded(value: number, digits: number): string {
  return (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(digits, '0');
}

/** A year; a pattern of two letters shows the last two digits. */
function yearText(year: number, count: number): string {
  return count === 2 ? (year < 0 ? '-' : '') + padded(Math.abs(year) % 100, 2) : padded(year, count);
}

function fieldText(letter: string, count: number, moment: Moment): string {
  const number = numberOf(letter, moment);
  if (number !== undefined) return padded(number, count);
  const { date, timeOfDayMs } = moment;
  switch (letter) {
    case 'G':
      return ERAS[date.year > 0 ? 1 : 0];
    case 'y':
      return yearText(date.year > 0 ? date.year : 1 - date.year, count);
    case 'Y':
      return yearText(date.weekYear, count);
    case 'M':
    case 'L':
      return monthText(date.month, count);
    case 'E': {
      const name = WEEKDAYS[date.dayOfWeek - 1] ?? '';
      return count >= 4 ? name : shortName(name);
    }
    case 'a':
      return AM_PM[timeOfDayMs < MS_PER_DAY / 2 ? 0 : 1];
    default:
      return zoneText(letter, count, moment);
  }
}

/** The value of a field that is a number, whatever its width. */
function numberOf(letter: string, { date, timeOfDayMs }: Moment): number | undefined {
  const hour = Math.floor(timeOfDayMs / 3_600_000);
  switch (letter) {
    case 'd':
      return date.dayOfMonth;
    case 'D':
      return date.dayOfYear;
    case 'F':
      return date.dayOfWeekInMonth;
    case 'w':
      return date.weekOfYear;
    case 'W':
      return date.weekOfMonth;
    case 'u':
      return ((date.dayOfWeek + 5) % 7) + 1;
    case 'H':
      return hour;
    case 'k':
      return hour || 24;
    case 'K':
      return hour % 12;
    case 'h':
      return hour % 12 || 12;
    case 'm':
      return Math.floor(timeOfDayMs / 60_000) % 60;
    case 's':
      return Math.floor(timeOfDayMs / 1000) % 60;
    case 'S':
      return timeOfDayMs % 1000;
    default:
      return undefined;
  }
}

function monthText(month: number, count: number): string {
  if (count <= 2) return padded(month + 1, count);
  const name = MONTHS[month] ?? '';
  return count >= 4 ? name : shortName(name);
}

function zoneText(letter: string, count: number, { zone, offsetMinutes }: Moment): string {
  if (letter === 'z') {
    const isDaylight = offsetMinutes !== zone.standardMinutes;
    return zone.names[(isDaylight ? 2 : 0) + (count >= 4 ? 0 : 1)] ?? '';
  }
  if (letter === 'X' && offsetMinutes === 0) return 'Z';
  const size = Math.abs(offsetMinutes);
  const hours = (offsetMinutes < 0 ? '-' : '+') + padded(Math.floor(size / 60), 2);
  const minutes = padded(size % 60, 2);
  if (letter === 'Z') return hours + minutes;
  return hours + ['', `${minutes}`, `:${minutes}`][count - 1];
}
