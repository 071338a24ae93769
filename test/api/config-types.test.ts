import { type ConfigType, convertToString, Password, parseType } from '../../src/api/config-def';
import { untag } from '../helpers/vectors/config-vectors';
import { errorOf, readVectors, type VectorCase } from '../helpers/vectors/fixtures';

type Tagged = Parameters<typeof untag>[0];

const findClass = (name: string): string | undefined => (name === 'java.lang.String' ? name : undefined);

interface ParseTypeCase extends VectorCase<Tagged, Tagged> {
  readonly type: ConfigType;
  readonly key: string;
}

describe('parseType agrees with Java', () => {
  test.each(readVectors<ParseTypeCase>('config/ConfigDef.parseType.json'))('$name', ({ type, key, input, expect: wanted, error }) => {
    const parse = (): unknown => parseType(key, untag(input), type, findClass);
    if (error) expect(errorOf(parse)).toEqual({ class: error.class, message: error.message });
    else expect(parse()).toEqual(untag(wanted ?? null));
  });
});

describe('parseType', () => {
  test('keeps a long beyond 2^53 exact', () => {
    const value = parseType('k', '9223372036854775807', 'LONG');
    expect(value).toBe(9223372036854775807n);
    expect(convertToString(value, 'LONG')).toBe('9223372036854775807');
  });

  test.each([
    ['DOUBLE', '٣'],
    ['INT', '1_000'],
    ['INT', '- 1'],
    ['LONG', '9223372036854775808'],
    ['LONG', '-9223372036854775809'],
    ['SHORT', '-32769'],
    ['DOUBLE', '1e'],
    ['DOUBLE', '0x1'],
    ['DOUBLE', 'nan'],
  ] as const)('%s refuses %j', (type, text) => {
    expect(() => parseType('k', text, type)).toThrow(`Invalid value ${text} for configuration k: Not a number of type ${type}`);
  });

  test.each([
    ['-0x1.8p1', -3],
    ['-Infinity', -Infinity],
    ['+.5e-1D', 0.05],
  ])('DOUBLE reads %s', (text, value) => {
    expect(parseType('k', text, 'DOUBLE')).toBe(value);
  });

  test('a list is split at commas with ASCII white space only', () => {
    expect(parseType('k', 'a ,\tb,\u00a0c', 'LIST')).toEqual(['a', 'b', '\u00a0c']);
  });
});

describe('text forms', () => {
  test.each<[ConfigType, unknown]>([
    ['SHORT', 300],
    ['INT', 300],
    ['LONG', 300],
  ])('%s reads the digits of other scripts, as Java does', (type, value) => {
    expect(parseType('k', '\u0663\u0660\u0660', type)).toBe(value);
  });

  test('a password never shows', () => {
    const secret = new Password('s3cret');
    expect([`${secret}`, JSON.stringify({ secret }), convertToString(secret, 'PASSWORD')]).toEqual([
      '[hidden]',
      '{"secret":"[hidden]"}',
      '[hidden]',
    ]);
    expect(secret.value).toBe('s3cret');
  });

  test('lists are joined, null stays null', () => {
    expect(convertToString(['a', 'b'], 'LIST')).toBe('a,b');
    expect(convertToString(null, 'STRING')).toBeNull();
  });
});
