import { SimpleDateFormat } from '../../../src/java/date/simple-date-format';
import { readFixture } from '../../helpers/vectors/fixtures';

/** What one format of Java answers, step after step; `ms` null: the text does not fit. */
interface DateFormatCase {
  readonly pattern: string;
  readonly steps?: readonly ({ readonly format: string; readonly text: string } | { readonly parse: string; readonly ms: string | null })[];
  readonly error?: string;
}

const { cases, recordedMs } = readFixture<{ recordedMs: number; cases: readonly DateFormatCase[] }>('java/simple-date-format.json');
const utc = (text: string): number => Date.parse(`${text}T00:00:00Z`);

describe('Recorded from Java:', () => {
  test.each(cases.flatMap(({ pattern, steps }) => (steps ? [[pattern, steps] as const] : [])))('%s', (pattern, steps) => {
    const format = new SimpleDateFormat(pattern, recordedMs);
    const answers = steps.map(step =>
      'format' in step
        ? { ...step, text: format.format(BigInt(step.format)) }
        : { ...step, ms: format.parse(step.parse)?.toString() ?? null },
    );
    expect(answers).toEqual(steps);
  });

  test.each(cases.flatMap(({ pattern, error }) => (error ? [[pattern, error] as const] : [])))('%s is no pattern', (pattern, error) => {
    expect(() => new SimpleDateFormat(pattern)).toThrow(error);
  });
});

test.each([
  ['aaa', 'AM'],
  ["'it''s' yyyy", "it's 1970"],
  ['XX', 'Z'],
])('%s of the epoch is %s', (pattern, text) => {
  expect(new SimpleDateFormat(pattern).format(0n)).toBe(text);
});

test.each([
  ["'open", 'Unterminated quote'],
  ['yyyy-foo', "Illegal pattern character 'f'"],
  ['XXXX', 'invalid ISO 8601 format: length=4'],
])('%s is refused: %s', (pattern, message) => {
  expect(() => new SimpleDateFormat(pattern)).toThrow(message);
});

describe('A year of two digits', () => {
  const parse = (text: string, now: string): string | undefined => {
    const ms = new SimpleDateFormat('yy-MM-dd', utc(now)).parse(text);
    return ms === null ? undefined : new Date(Number(ms)).toISOString().slice(0, 10);
  };

  test.each([
    ['25-06-14', '2025-06-15', '2025-06-14'],
    ['45-06-14', '2025-06-15', '2045-06-14'],
    ['45-06-15', '2025-06-15', '1945-06-15'],
    ['46-01-01', '2025-06-15', '1946-01-01'],
    ['44-12-31', '2025-06-15', '2044-12-31'],
    ['00-01-01', '2025-06-15', '2000-01-01'],
    ['44-02-29', '2024-02-29', '1944-02-29'],
  ])('%s is, on %s, %s: 80 years back, 20 ahead', (text, now, date) => {
    expect(parse(text, now)).toBe(date);
  });

  test('of one digit or three stands for itself', () => {
    expect([parse('9-01-01', '2025-06-15'), parse('019-01-01', '2025-06-15')]).toEqual(['0008-12-30', '0018-12-30']);
  });
});

test('Fields that touch are as wide as their letters, the last one takes the rest', () => {
  expect(new SimpleDateFormat('HHmmssSSS').parse('0102033')).toBe(3_723_003n);
  expect(new SimpleDateFormat('yyyyMMdd').parse('2019823')).toBe(BigInt(utc('2025-10-03')));
  expect(new SimpleDateFormat('HHmm').parse('1')).toBeNull();
});

test('An offset in the text stands before UTC, as in Java, but not before GMT', () => {
  expect(new SimpleDateFormat('Z z').parse('+0530 UTC')).toBe(-19_800_000n);
  expect(new SimpleDateFormat('Z z').parse('+0530 GMT')).toBe(0n);
});

test('A week year is one of the era that the text names', () => {
  expect(new SimpleDateFormat('YYYY-ww G').parse('0001-01 BC')).toBe(-62_167_737_600_000n);
  expect(new SimpleDateFormat('YYYY-ww').parse('0001-01')).toBe(-62_136_288_000_000n);
});

test('After a named zone the format goes on in that zone, as in Java', () => {
  const format = new SimpleDateFormat('yyyy-MM-dd HH:mm z');
  expect(format.format(0n)).toBe('1970-01-01 00:00 UTC');
  expect(format.parse('2019-08-23 12:00 PST')).toBe(1_566_590_400_000n);
  expect(format.format(1_566_590_400_000n)).toBe('2019-08-23 13:00 PDT');
  expect(format.format(0n)).toBe('1969-12-31 16:00 PST');
});

test('Times beyond what a Date of JavaScript holds are read and written', () => {
  const format = new SimpleDateFormat('yyyy-MM-dd HH:mm:ss.SSS G');
  const text = format.format(2n ** 63n - 1n);
  expect(text).toBe('292278994-08-17 07:12:55.807 AD');
  expect(format.parse(text)).toBe(2n ** 63n - 1n);
});

test('What is written is read again, day by day over the change of calendars', () => {
  const format = new SimpleDateFormat('yyyy-MM-dd G');
  const day = 86_400_000n;
  for (let ms = -12_219_292_800_000n - 400n * day; ms < -12_219_292_800_000n + 400n * day; ms += day) {
    expect(format.parse(format.format(ms))).toBe(ms);
  }
  expect(format.format(-12_219_292_800_000n - day)).toBe('1582-10-04 AD');
});
