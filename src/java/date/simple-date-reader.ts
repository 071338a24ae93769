/** Reads the text of a date by the pattern of a SimpleDateFormat. */
import { type CalendarField, CalendarFields } from './calendar-fields';
import { AM_PM, ERAS, LONG_ERAS, MONTHS, shortName, WEEKDAYS } from './date-names';
import { dateFields, monthLength } from './gregorian-calendar';
import { readInteger } from './integer-text';
import type { PatternPart } from './simple-date-pattern';
import { matchZoneName, type NamedZone } from './time-zone-names';

/** The result; `epochMs` is null if the text does not match. */
export interface ReadDate {
  readonly epochMs: bigint | null;
  /** The zone that the text named last, or the one it was read in. */
  readonly zone: NamedZone;
}

const NUMERIC_FIELDS: Readonly<Record<string, CalendarField>> = {
  d: 'dayOfMonth',
  D: 'dayOfYear',
  F: 'dayOfWeekInMonth',
  w: 'weekOfYear',
  W: 'weekOfMonth',
  u: 'dayOfWeek',
  H: 'hourOfDay',
  K: 'hour',
  m: 'minute',
  s: 'second',
  S: 'millisecond',
};

/** Names with their values; of several that match, the longest counts. */
type Names = readonly (readonly [string, number])[];

const withShort = (names: readonly string[], first: number): Names =>
  names.flatMap(
    (name, i): Names => [
      [name, first + i],
      [shortName(name), first + i],
    ],
  );

const MONTH_NAMES = withShort(MONTHS, 0);
const WEEKDAY_NAMES = withShort(WEEKDAYS, 1);
const ERA_NAMES: Names = [ERAS, LONG_ERAS].flatMap(eras => eras.map((name, i) => [name, i] as const));
const AM_PM_NAMES: Names = AM_PM.map((name, i) => [name, i] as const);

const MS_PER_DAY = 86_400_000;
const YEARS_BACK = 80;

const isAsciiDigit = (char: string): boolean => char >= '0' && char <= '9';

/** True if the next field follows without a delimiter: then a field has as many characters as letters in the pattern. */
function limitsWidth(next: PatternPart | undefined): boolean {
  if (!next || 'text' in next) return false;
  return 'ML'.includes(next.letter) ? next.count <= 2 : !'GEazZX'.includes(next.letter);
}

/** One text on its way through a pattern. */
export class DateTextReader {
  private readonly fields = new CalendarFields();
  /** Where the next part begins. */
  private index = 0;
  /** Set if a two-digit year may belong to either end of the hundred years. */
  private ambiguousYear = false;
  /** Whether the text has told its offset from UTC. */
  private hasOffset = false;

  constructor(
    private readonly text: string,
    private zone: NamedZone,
    private readonly nowMs: number,
  ) {}

  read(parts: readonly PatternPart[]): ReadDate {
    const fits = parts.every((part, i) => ('text' in part ? this.readText(part.text) : this.readField(part, parts[i + 1])));
    return { epochMs: fits ? this.epochMs() : null, zone: this.zone };
  }

  private epochMs(): bigint {
    const epochMs = this.fields.toEpochMillis();
    if (!this.ambiguousYear || epochMs >= this.centuryStart().ms) return epochMs;
    this.fields.addYears(100);
    return this.fields.toEpochMillis();
  }

  /** The time 80 years ago. */
  private centuryStart(): { year: number; ms: bigint } {
    const days = Math.floor(this.nowMs / MS_PER_DAY);
    const now = dateFields(days);
    const year = now.year - YEARS_BACK;
    const day = Math.min(now.dayOfMonth, monthLength(year, now.month));
    const start = new CalendarFields().set('year', year).set('month', now.month).set('dayOfMonth', day);
    return { year, ms: start.toEpochMillis() + BigInt(this.nowMs - days * MS_PER_DAY) };
  }

  private readText(expected: string): boolean {
    if (!this.text.startsWith(expected, this.index)) return false;
    this.index += expected.length;
    return true;
  }

  private readField(part: { letter: string; count: number }, next: PatternPart | undefined): boolean {
    const { text } = this;
    let start = this.index;
    while (text.charAt(start) === ' ' || text.charAt(start) === '\t') start++;
    if (start >= text.length) return false;
    const { letter, count } = part;
    switch (letter) {
      case 'G':
        return this.readName(ERA_NAMES, 'era');
      case 'E':
        return this.readName(WEEKDAY_NAMES, 'dayOfWeek');
      case 'a':
        return this.readName(AM_PM_NAMES, 'amPm');
      case 'z':
      case 'Z':
        return this.readZone(start);
      case 'X':
        return this.readIsoZone(start, count);
      case 'M':
      case 'L':
        if (count > 2) return this.readName(MONTH_NAMES, 'month');
    }
    return this.readNumber(part, start, limitsWidth(next));
  }

  /** Names must begin where the field before ended, so spaces before them do not match. */
  private readName(names: Names, field: CalendarField): boolean {
    let best: readonly [string, number] | undefined;
    for (const entry of names) {
      const [name] = entry;
      const found = this.text.slice(this.index, this.index + name.length).toLowerCase() === name.toLowerCase();
      if (found && name.length > (best?.[0].length ?? 0)) best = entry;
    }
    if (!best) return false;
    this.fields.set(field, best[1]);
    this.index += best[0].length;
    return true;
  }

  private readNumber({ letter, count }: { letter: string; count: number }, start: number, isLimited: boolean): boolean {
    const end = this.index + count;
    if (isLimited && end > this.text.length) return false;
    const number = readInteger(isLimited ? this.text.slice(0, end) : this.text, start);
    if (!number) return false;
    this.setNumber(letter, count, number.value, this.text.slice(start, number.end));
    this.index = number.end;
    return true;
  }

  private setNumber(letter: string, count: number, value: number, digits: string): void {
    switch (letter) {
      case 'y':
      case 'Y':
        this.fields.set(letter === 'y' ? 'year' : 'weekYear', this.year(value, count, digits));
        break;
      case 'M':
      case 'L':
        this.fields.set('month', (value - 1) | 0);
        break;
      case 'k':
        this.fields.set('hourOfDay', value === 24 ? 0 : value);
        break;
      case 'h':
        this.fields.set('hour', value === 12 ? 0 : value);
        break;
      case 'u':
        this.fields.set('dayOfWeek', value >= 1 && value <= 7 ? (value % 7) + 1 : value);
        break;
      default:
        this.fields.set(NUMERIC_FIELDS[letter] ?? 'era', value);
    }
  }

  /** With a pattern of at most two letters, two digits mean a year of the century that began 80 years ago. */
  private year(value: number, count: number, digits: string): number {
    if (count > 2 || !/^\p{Nd}{2}$/u.test(digits)) return value;
    const first = this.centuryStart().year;
    const ambiguous = first % 100;
    this.ambiguousYear = value === ambiguous;
    return value + Math.floor(first / 100) * 100 + (value < ambiguous ? 100 : 0);
  }

  /** `GMT`, `GMT+h:mm`, `+hhmm`, or the name of a zone. */
  private readZone(start: number): boolean {
    const { text } = this;
    const sign = text.charAt(start);
    if (sign === '+' || sign === '-') return this.readOffset(start, 0, false);
    // Must begin where the field before ended, as names.
    if ('Gg'.includes(sign) && text.slice(this.index, this.index + 3).toUpperCase() === 'GMT') {
      const end = this.index + 3;
      if ('+-'.includes(text.charAt(end)) && end < text.length) return this.readOffset(end, 0, true);
      return this.setOffset(0, end);
    }
    const named = matchZoneName(text, start, this.zone);
    if (!named) return false;
    this.zone = named.zone;
    // The name of a zone without summer time does not replace an offset earlier in the text.
    const isKept = this.hasOffset && named.zone.names[1] === named.zone.names[3];
    return this.setOffset(isKept ? null : named.offsetMinutes, start + named.length);
  }

  private readIsoZone(start: number, count: number): boolean {
    const sign = this.text.charAt(start);
    if (sign === 'Z') return this.setOffset(0, start + 1);
    return (sign === '+' || sign === '-') && this.readOffset(start, count, count === 3);
  }

  /** @param minutes east of UTC; null keeps the current one */
  private setOffset(minutes: number | null, end: number): boolean {
    if (minutes !== null) this.fields.set('offsetMinutes', minutes);
    this.hasOffset = true;
    this.index = end;
    return true;
  }

  /**
   * The cursor stands on the sign.
   * @param count letters of an ISO zone, 0 for others
   * @param colon whether one is between hours and minutes
   */
  private readOffset(start: number, count: number, colon: boolean): boolean {
    const { text } = this;
    const digits = isAsciiDigit(text.charAt(start + 2)) ? 2 : 1;
    // Single-digit hours are allowed in GMT+h:mm only, and never as the last character.
    if (digits === 1 && (count > 0 || !colon || start + 2 >= text.length)) return false;
    const hours = text.slice(start + 1, start + 1 + digits);
    if (![...hours].every(isAsciiDigit) || Number(hours) > 23) return false;
    let end = start + 1 + digits;
    let minutes = '0';
    if (count !== 1) {
      const [found, mm = ''] = (colon ? /^:(\d\d)/ : /^(\d\d)/).exec(text.slice(end, end + 3)) ?? [];
      if (found === undefined || Number(mm) > 59) return false;
      minutes = mm;
      end += found.length;
    }
    return this.setOffset((text.charAt(start) === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)), end);
  }
}
