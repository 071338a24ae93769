/** TIMESTAMP columns by `timestamp.granularity`. */

import { type PlainValue, plainInteger } from '../../../../data/batch/row-column';
import { timestampBuilder } from '../../../../data/schema/logical';
import { SchemaBuilder } from '../../../../data/schema/schema-builder';
import type { Column } from './column';
import { fromJulian, toJulian } from './julian-calendar';
import { nanosOfMs, readPlainMillis, readTimestamp, type TemporalValue, timestampText } from './temporal-value';
import { UTC, type ZoneOffset } from './zone-offset';

export const TIMESTAMP_GRANULARITIES = [
  'connect_logical',
  'micros_long',
  'micros_string',
  'micros_iso_datetime_string',
  'nanos_long',
  'nanos_string',
  'nanos_iso_datetime_string',
] as const;

export type TimestampGranularity = (typeof TIMESTAMP_GRANULARITIES)[number];

interface TimestampOptions {
  readonly granularity: TimestampGranularity;
  readonly zone: ZoneOffset;
  readonly isJulian: boolean;
}

/** A timestamp as instant. */
export interface Instant {
  /** Milliseconds since 1970, rounded down. */
  readonly ms: number;
  /** Nanoseconds of the second, milliseconds included (`timestamp_nanos` of stored offsets). */
  readonly nanos: number;
}

/** The instant of milliseconds since 1970. */
export const instantOfMs = (ms: number): Instant => ({ ms, nanos: nanosOfMs(ms) });

/**
 * The instant of a database's text. Without an offset it is a wall clock time in `zone`, and so is a number, in milliseconds since 1970.
 */
export function instantOf(raw: string | number, zone: ZoneOffset, isJulian = false): Instant {
  const value: TemporalValue = typeof raw === 'number' ? { ms: raw, nanos: nanosOfMs(raw), offsetMs: null } : readTimestamp(raw);
  const wallMs = isJulian ? fromJulian(value.ms) : value.ms;
  return { ms: value.offsetMs === null ? zone.instantOf(wallMs) : wallMs - value.offsetMs, nanos: value.nanos };
}

/** The same in milliseconds. */
function millisOf(raw: string | number, zone: ZoneOffset, isJulian: boolean): number {
  const wallMs = typeof raw === 'number' ? raw : readPlainMillis(raw);
  if (Number.isNaN(wallMs)) return instantOf(raw, zone, isJulian).ms;
  return zone.instantOf(isJulian ? fromJulian(wallMs) : wallMs);
}

/** The wall clock time of an instant, as a text for a comparison with a column without a zone. */
export function wallText({ ms, nanos }: Instant, zone: ZoneOffset, isJulian: boolean): string {
  const wallMs = zone.wallOf(ms);
  return timestampText(isJulian ? toJulian(wallMs) : wallMs, nanos);
}

/** The schema, not yet optional, and the reader for a granularity. */
export function timestampMapping(
  column: Pick<Column, 'withTimeZone'>,
  { granularity, zone: wallZone, isJulian }: TimestampOptions,
): { builder: SchemaBuilder; read: (raw: unknown) => PlainValue } {
  // Sessions run in UTC, so texts of instants without an offset are in UTC.
  const zone = column.withTimeZone ? UTC : wallZone;
  const asGiven = (raw: unknown): string | number => (typeof raw === 'number' ? raw : String(raw));
  const instant = (raw: unknown): Instant => instantOf(asGiven(raw), zone, isJulian);
  if (granularity === 'connect_logical') {
    return {
      builder: timestampBuilder(),
      read: raw => {
        const ms = millisOf(asGiven(raw), zone, isJulian);
        return Number.isSafeInteger(ms) ? ms : BigInt(ms);
      },
    };
  }
  const digits = granularity.startsWith('micros') ? 6 : 9;
  const units = (raw: unknown): bigint => inUnits(instant(raw), digits);
  if (granularity.endsWith('_long')) return { builder: new SchemaBuilder('INT64'), read: raw => plainInteger(units(raw)) };
  if (granularity.endsWith('_iso_datetime_string')) {
    return { builder: new SchemaBuilder('STRING'), read: raw => isoText(instant(raw), wallZone, digits, isJulian) };
  }
  return { builder: new SchemaBuilder('STRING'), read: raw => units(raw).toString() };
}

/** Since 1970, in units of 10^-digits seconds. */
function inUnits({ ms, nanos }: Instant, digits: number): bigint {
  const wholeSeconds = BigInt(Math.floor(ms / 1000)) * 10n ** BigInt(digits);
  return wholeSeconds + BigInt(Math.floor(nanos / 10 ** (9 - digits)));
}

/** `2024-02-29T12:34:56.789012`, wall clock time of the zone. */
function isoText({ ms, nanos }: Instant, zone: ZoneOffset, digits: number, isJulian: boolean): string {
  const [date = '', time = ''] = wallText({ ms, nanos: 0 }, zone, isJulian).split(' ');
  return `${date}T${time.slice(0, 8)}.${String(nanos).padStart(9, '0').slice(0, digits)}`;
}
