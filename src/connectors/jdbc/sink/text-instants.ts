/** Texts with an offset, for columns of wall clock times: a database would drop the offset, or refuse the text. */
import { ConnectError } from '../../../errors';
import type { Column } from '../database/values/column';
import { dateText, readTime, readTimestamp, type TemporalValue, timestampText, timeText } from '../database/values/temporal-value';
import type { ZoneOffset } from '../database/values/zone-offset';

/** Words after a time that are no zone. */
const NO_ZONE = /(?<![a-z])(?:am|pm|bc|ad)(?![a-z])/gi;
const DATE_WITH_ZONE = /^\s*[+-]?\d+-\d\d-\d\d\s*(?:z|[+-]\d)/i;
/** The basic form of ISO 8601, without separators. */
const BASIC = /^\s*([+-]?\d{4})(\d\d)(\d\d)(?:t|\s+)(\d\d)(\d\d)(\d\d)?(?![\d:])/i;
/** A time without colons, followed by what may be a zone. */
const BARE_CLOCK = /(?:\dt|\d\s+)(?:\d\d){1,3}(?:[.,]\d+)?\s*(?:[a-z]|[+-]\d)/i;
const CLOCK = /(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(?:z|[+-](\d\d):?(\d\d)?)/i;
const MAX_OFFSET_HOURS = 18;

/**
 * Converts a text for the column.
 * @throws DataException for a zone that is not an offset, and for a date with one, which is not an instant
 */
export type TextReader = (text: string) => string;

/**
 * The reader for a column of dates or times.
 * @param zone the zone of the column: `db.timezone`, or UTC for one of instants
 * @returns null if texts are written unchanged
 */
export function textReaderOf(field: string, { type }: Column, zone: ZoneOffset): TextReader | null {
  if (type !== 'DATE' && type !== 'TIME' && type !== 'TIMESTAMP') return null;
  return given => {
    if (!namesZone(given)) return given;
    const text = given.replace(
      BASIC,
      (_, year, month, day, hours, minutes, seconds = '00') => `${year}-${month}-${day}T${hours}:${minutes}:${seconds}`,
    );
    const isTime = /^\s*\d\d:/.test(text);
    const value = read(text, isTime);
    if (value === null || value.offsetMs === null) throw unreadable(field, text);
    // Only the database knows how it converts a time to a date.
    if (isTime && type !== 'TIME') return text;
    const wallMs = zone.wallOf(value.ms - value.offsetMs);
    if (type === 'DATE') return dateText(wallMs);
    return type === 'TIME' ? timeText(wallMs, value.nanos) : timestampText(wallMs, value.nanos);
  };
}

function namesZone(text: string): boolean {
  const clock = text.indexOf(':');
  if (DATE_WITH_ZONE.test(text)) return true;
  if (clock < 0) return BARE_CLOCK.test(text.replace(NO_ZONE, ''));
  return /[a-z+-]/i.test(text.slice(clock)) && /[a-z+-]/i.test(text.slice(clock).replace(NO_ZONE, ''));
}

/** Null for a text that is not a time with an offset. */
function read(text: string, isTime: boolean): TemporalValue | null {
  const [, hours, minutes, seconds = '0', zoneHours = '0', zoneMinutes = '0'] = CLOCK.exec(text) ?? [];
  const inRange = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
  if (!inRange || Number(zoneHours) > MAX_OFFSET_HOURS || Number(zoneMinutes) > 59) return null;
  try {
    const upper = text.trim().toUpperCase();
    return isTime ? readTime(upper) : readTimestamp(upper);
  } catch (error) {
    if (error instanceof ConnectError) return null;
    throw error;
  }
}

function unreadable(field: string, text: string): ConnectError {
  return new ConnectError(
    'DataException',
    `Field ${field}: ${JSON.stringify(text)} names a zone, but is not a date and time with an offset such as 2024-02-29T12:34:56+01:00`,
  );
}
