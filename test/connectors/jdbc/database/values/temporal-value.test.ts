import { PLAIN_COLUMN } from '../../../../../src/connectors/jdbc/database/values/column';
import { mapGenericColumn } from '../../../../../src/connectors/jdbc/database/values/column-mapping';
import { fromJulian, toJulian } from '../../../../../src/connectors/jdbc/database/values/julian-calendar';
import { dateText, readTime, readTimestamp, timestampText } from '../../../../../src/connectors/jdbc/database/values/temporal-value';
import { type TimestampGranularity, wallText } from '../../../../../src/connectors/jdbc/database/values/timestamp-mapping';
import { UTC, ZoneOffset } from '../../../../../src/connectors/jdbc/database/values/zone-offset';
import { seeded } from '../../../../../src/testing/data/random';
import { readValue } from '../../../../helpers/vectors/read-value';

const BERLIN = new ZoneOffset('Europe/Berlin');
const at = (text: string): number => Date.parse(text);

describe('a zone', () => {
  test.each([
    ['in winter', '2024-01-15T12:00:00Z', '2024-01-15T11:00:00Z'],
    ['in summer', '2024-07-15T12:00:00Z', '2024-07-15T10:00:00Z'],
    ['in the gap of spring, after it', '2024-03-31T02:30:00Z', '2024-03-31T01:30:00Z'],
    ['in the hour that comes twice, the second time', '2024-10-27T02:30:00Z', '2024-10-27T01:30:00Z'],
  ])('%s', (_, wall, instant) => {
    expect(new Date(BERLIN.instantOf(at(wall))).toISOString()).toBe(new Date(instant).toISOString());
  });

  test('every hour of a year goes to the wall clock and back, but for the hour that comes twice', () => {
    const hours = Array.from({ length: 366 * 24 }, (_, i) => at('2024-01-01T00:00:00Z') + i * 3_600_000);
    const changed = hours.filter(ms => BERLIN.instantOf(BERLIN.wallOf(ms)) !== ms);
    expect(changed.map(ms => new Date(ms).toISOString())).toEqual(['2024-10-27T00:00:00.000Z']);
  });

  test('offsets are zones, and what is none is refused', () => {
    expect(new ZoneOffset('GMT+05:30').instantOf(0)).toBe(-19_800_000);
    expect(() => new ZoneOffset('Mars/Phobos')).toThrow(expect.objectContaining({ code: 'ConfigException' }));
  });
});

describe('texts of databases', () => {
  test.each([
    ['2024-02-29 12:34:56.789012', '2024-02-29T12:34:56.789Z', 789_012_000, null],
    ['2024-02-29T12:34:56Z', '2024-02-29T12:34:56.000Z', 0, 0],
    ['1969-12-31 23:59:59.9999+01', '1969-12-31T23:59:59.999Z', 999_900_000, 3_600_000],
    ['0001-01-01 00:00:00', '0001-01-01T00:00:00.000Z', 0, null],
    ['0001-01-01 00:00:00 BC', '0000-01-01T00:00:00.000Z', 0, null],
    ['9999-12-31 23:59:59', '9999-12-31T23:59:59.000Z', 0, null],
    ['2024-06-01 00:00:00-05:30', '2024-06-01T00:00:00.000Z', 0, -19_800_000],
  ])('%s', (text, iso, nanos, offsetMs) => {
    const value = readTimestamp(text);
    expect([new Date(value.ms).toISOString(), value.nanos, value.offsetMs]).toEqual([new Date(iso).toISOString(), nanos, offsetMs]);
  });

  test.each(['', 'infinity', '-infinity', '0000-00-00', '2024-00-10', '2024-02-30', '2024-13-01', '12:00', '2024-02-29 noon'])(
    '%s is not a date',
    text => {
      expect(() => readTimestamp(text)).toThrow(expect.objectContaining({ code: 'DataException' }));
    },
  );

  test('a time of day ends at 24:00:00', () => {
    expect(readTime('24:00:00').ms).toBe(86_400_000);
    expect(readTime('23:59:59.999999+02')).toEqual({ ms: 86_399_999, nanos: 999_999_000, offsetMs: 7_200_000 });
    for (const text of ['24:00:01', '838:59:59', '-01:00:00']) expect(() => readTime(text)).toThrow('not a time');
  });

  test('are written as they were read', () => {
    for (const text of ['2024-02-29 12:34:56.789', '0044-03-15 12:00:00.000 BC', '1969-12-31 23:59:59.999']) {
      expect(timestampText(readTimestamp(text).ms)).toBe(text);
    }
    expect(dateText(at('2024-02-29'))).toBe('2024-02-29');
    expect(wallText({ ms: at('2024-07-15T10:00:00Z'), nanos: 1000 }, BERLIN, false)).toBe('2024-07-15 12:00:00.000001');
  });
});

test.each<[TimestampGranularity, unknown]>([
  ['connect_logical', new Date('2024-07-15T10:00:00.123Z')],
  ['micros_long', 1_721_037_600_123_456n],
  ['micros_string', '1721037600123456'],
  ['micros_iso_datetime_string', '2024-07-15T12:00:00.123456'],
  ['nanos_long', 1_721_037_600_123_456_000n],
  ['nanos_string', '1721037600123456000'],
  ['nanos_iso_datetime_string', '2024-07-15T12:00:00.123456000'],
])('granularity %s, in the zone of the database', (granularity, expected) => {
  const column = { ...PLAIN_COLUMN, name: 'ts', type: 'TIMESTAMP', typeName: 'timestamp' } as const;
  const mapping = mapGenericColumn(column, { numericMapping: 'none', granularity, zone: BERLIN, isJulian: false, flavour: 'confluent' });
  expect(readValue(mapping, '2024-07-15 12:00:00.123456')).toEqual(expected);
});

test('a column with a zone of its own does not care for that of the database', () => {
  const column = { ...PLAIN_COLUMN, name: 'ts', type: 'TIMESTAMP', typeName: 'timestamptz', withTimeZone: true } as const;
  const options = { numericMapping: 'none', granularity: 'connect_logical', isJulian: false, flavour: 'aiven' } as const;
  for (const zone of [UTC, BERLIN]) {
    expect(readValue(mapGenericColumn(column, { ...options, zone }), '2024-07-15 12:00:00+00')).toEqual(new Date('2024-07-15T12:00:00Z'));
    expect(readValue(mapGenericColumn(column, { ...options, zone }), '2024-07-15 12:00:00')).toEqual(new Date('2024-07-15T12:00:00Z'));
  }
});

describe('the quick way to read a timestamp', () => {
  test('gives what the thorough one gives, which a blank at the end makes come in', () => {
    const random = seeded(11);
    for (let round = 0; round < 3000; round++) {
      const ms = Date.UTC(100 + random(9000), random(12), 1 + random(31), random(24), random(60), random(60), random(1000));
      const fraction =
        random(3) === 0
          ? ''
          : `.${String(random(1_000_000_000))
              .padStart(9, '0')
              .slice(0, 1 + random(9))}`;
      const text = new Date(ms).toISOString().slice(0, 19).replace('T', ' ') + fraction;
      expect([text, readTimestamp(text)]).toEqual([text, readTimestamp(`${text} `)]);
    }
  });

  test('takes nothing that is not a timestamp', () => {
    const random = seeded(12);
    for (let round = 0; round < 3000; round++) {
      const text = [...'2024-02-28 12:34:56.789012'];
      text[random(text.length)] = 'x:. 9'[random(5)] ?? '';
      const joined = text.join('').slice(0, 19 + random(8));
      const outcome = (each: string): unknown => {
        try {
          return readTimestamp(each);
        } catch {
          return 'refused';
        }
      };
      expect([joined, outcome(joined)]).toEqual([joined, outcome(`${joined} `)]);
    }
  });
});

test('texts of any instant have the digits of its ISO form, whatever day was asked for before', () => {
  const random = seeded(13);
  for (let round = 0; round < 3000; round++) {
    const ms = Date.UTC(1 + random(9998), random(12), 1 + random(28)) + random(86_400_000) * (random(2) === 0 ? 1 : -1);
    if (ms < Date.parse('0001-01-01T00:00:00Z')) continue;
    expect(timestampText(ms)).toBe(new Date(ms).toISOString().replace('T', ' ').replace('Z', '').replace(/^\+0*/, ''));
  }
});

describe('the Julian calendar of Java', () => {
  const DAY_MS = 86_400_000;

  test.each([
    ['0001-01-01', -719_164],
    ['1100-03-01', -317_695],
    ['1500-02-28', -171_597],
    ['1582-10-04', -141_428],
    ['1582-10-14', -141_418],
    ['1582-10-15', -141_427],
    ['2024-02-29', 19_782],
  ])('reads %s as day %d', (date, day) => {
    expect(fromJulian(Date.parse(date)) / DAY_MS).toBe(day);
  });

  test('writes what it reads, for every day that both calendars have', () => {
    const first = Date.parse('0001-01-01');
    const days = Array.from({ length: 600_000 }, (_, i) => first + i * DAY_MS).filter(ms => ms < Date.parse('1582-10-05'));
    expect(days.filter(ms => toJulian(fromJulian(ms)) !== ms)).toEqual([]);
    expect(dateText(toJulian(-719_162 * DAY_MS))).toBe('0001-01-03');
    expect(dateText(toJulian(-141_427 * DAY_MS))).toBe('1582-10-15');
  });

  test('goes for dates and timestamps that are read, with and without a zone', () => {
    const options = { numericMapping: 'none', granularity: 'connect_logical', zone: UTC, isJulian: true, flavour: 'confluent' } as const;
    const read = (type: 'DATE' | 'TIMESTAMP', raw: string): unknown =>
      readValue(mapGenericColumn({ ...PLAIN_COLUMN, name: 'c', type, typeName: type }, options), raw);
    expect(read('DATE', '0001-01-01')).toEqual(new Date(-719_164 * DAY_MS));
    expect(read('TIMESTAMP', '0001-01-01 00:00:00')).toEqual(new Date(-719_164 * DAY_MS));
    expect(read('TIMESTAMP', '0001-01-01 01:00:00+01')).toEqual(new Date(-719_164 * DAY_MS));
    expect(wallText({ ms: -719_164 * DAY_MS, nanos: 0 }, UTC, true)).toBe('0001-01-01 00:00:00.000');
  });
});
