/** `infinity` and `-infinity`, which dates and timestamps of PostgreSQL may be, as values of Connect. */
import type { PlainValue } from '../../../../data/batch/row-column';
import type { TimestampGranularity } from './timestamp-mapping';

/** The database's words. */
export type InfinityWord = 'infinity' | '-infinity';

/** Milliseconds since 1970 that PostgreSQL's Java driver uses for them (org.postgresql.PGStatement). */
const SENTINEL_MS: Readonly<Record<InfinityWord, bigint>> = {
  infinity: 9_223_372_036_825_200_000n,
  '-infinity': -9_223_372_036_832_400_000n,
};

/** Days of a Date, whose 32 bits are too few for the driver's value, so that Java fails. No day of PostgreSQL is as far away. */
const SENTINEL_DAYS: Readonly<Record<InfinityWord, number>> = { infinity: 2_147_483_647, '-infinity': -2_147_483_648 };

const MAX_LONG: Readonly<Record<InfinityWord, bigint>> = { infinity: 2n ** 63n - 1n, '-infinity': -(2n ** 63n) };
/** The same milliseconds as date and time in Java's text. */
const SENTINEL_ISO: Readonly<Record<InfinityWord, string>> = {
  infinity: '+292278994-08-16T23:00:00.',
  '-infinity': '-292275055-05-16T23:00:00.',
};

const MS_PER_DAY = 86_400_000n;

/** The word that a value is; null for anything else. */
export function infinityOf(raw: unknown): InfinityWord | null {
  return raw === 'infinity' || raw === '-infinity' ? raw : null;
}

export const infiniteDays = (word: InfinityWord): number => SENTINEL_DAYS[word];

/** A timestamp by `timestamp.granularity`; clamped to 64 bits. */
export function infiniteTimestamp(word: InfinityWord, granularity: TimestampGranularity): PlainValue {
  if (granularity === 'connect_logical') return SENTINEL_MS[word];
  const digits = granularity.startsWith('micros') ? 6 : 9;
  if (granularity.endsWith('_long')) return MAX_LONG[word];
  if (granularity.endsWith('_iso_datetime_string')) return SENTINEL_ISO[word] + '0'.repeat(digits);
  return String(SENTINEL_MS[word] * 10n ** BigInt(digits - 3));
}

/** The word for a Timestamp or Date that stands for one of them; null for any other. */
export function wordOfInstant(epochMs: bigint, isDate: boolean): InfinityWord | null {
  const words: readonly InfinityWord[] = ['infinity', '-infinity'];
  return words.find(word => epochMs === (isDate ? BigInt(SENTINEL_DAYS[word]) * MS_PER_DAY : SENTINEL_MS[word])) ?? null;
}
