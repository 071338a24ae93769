/**
 * Dates and times of SQLite, in any form: milliseconds since 1970, as Java's driver writes them; Julian days; or text, as CURRENT_TIMESTAMP
 * and most programs write them. Milliseconds are compared directly. If a column holds anything else, a SQL function of ours parses each
 * compared value, by the same rules as the values of records.
 */

import type { Connection } from '../database/connection';
import type { Column } from '../database/values/column';
import { type ColumnMapping, type MappingOptions, mapGenericColumn } from '../database/values/column-mapping';
import { MS_PER_DAY, timestampText } from '../database/values/temporal-value';
import { timestampMapping } from '../database/values/timestamp-mapping';
import { ZoneOffset } from '../database/values/zone-offset';
import type { SqliteDatabase } from './sqlite-driver';

/** 1970-01-01 in Julian days. */
const JULIAN_EPOCH_DAYS = 2_440_587.5;
/** The range of JavaScript's dates. */
const MAX_DATE_MS = 8.64e15;
const FUNCTION_NAME = 'connect_micros';

/** A DATE or TIMESTAMP column. */
export function mapTemporalColumn(column: Column, options: MappingOptions): ColumnMapping | null {
  const zone = column.type === 'DATE' ? null : options.zone;
  return mapGenericColumn(column, options, raw => wallClock(raw, zone));
}

/** The wall clock time of a value in a zone, as text or in milliseconds; with zone null, its day in UTC. */
function wallClock(raw: unknown, zone: ZoneOffset | null): unknown {
  if (typeof raw === 'string') return raw;
  const ms = typeof raw === 'bigint' ? Number(raw) : Math.round((Number(raw) - JULIAN_EPOCH_DAYS) * MS_PER_DAY);
  if (zone === null) return timestampText(ms);
  return Math.abs(ms) <= MAX_DATE_MS ? zone.wallOf(ms) : timestampText(zone.wallOf(ms));
}

/** True if one of these columns holds anything but integers. Its minimum and maximum show that, since SQLite orders by type first. */
export async function holdsOtherThanMillis(connection: Connection, from: string, names: readonly string[]): Promise<boolean> {
  const kinds = names.flatMap(name => ['min', 'max'].map(extreme => `(SELECT typeof(${extreme}(${name})) FROM ${from})`));
  const [row = []] = await connection.query(`SELECT ${kinds.join(', ')}`);
  return row.some(kind => kind !== 'integer' && kind !== 'null');
}

/** The SQL expression for a value's microseconds since 1970. */
export function microsExpression(name: string, { zone, isJulian }: MappingOptions): string {
  return `${FUNCTION_NAME}(${name}, '${zone.name.replaceAll("'", "''")}', ${isJulian ? 1 : 0})`;
}

/** Registers the function of `microsExpression`, which throws DataException for an invalid timestamp. */
export function defineMicros(database: SqliteDatabase): void {
  const readers = new Map<unknown, (raw: unknown) => unknown>();
  database.function(FUNCTION_NAME, { deterministic: true, safeIntegers: true }, (raw, zoneName, isJulian) => {
    if (raw === null) return null;
    const key = `${zoneName} ${isJulian}`;
    const read = readers.get(key) ?? microsReader(String(zoneName), isJulian === 1n);
    readers.set(key, read);
    return read(raw);
  });
}

function microsReader(zoneName: string, isJulian: boolean): (raw: unknown) => unknown {
  const zone = new ZoneOffset(zoneName);
  const { read } = timestampMapping({ withTimeZone: false }, { granularity: 'micros_long', zone, isJulian });
  return raw => BigInt(read(wallClock(raw, zone)) as number | bigint);
}
