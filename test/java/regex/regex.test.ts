import { toError } from '../../../src/errors';
import { compileFullMatch, JavaPattern } from '../../../src/java/regex/regex';
import { errorOf, readFixture } from '../../helpers/vectors/fixtures';

/** What Java answers: whether the whole text matches, and what becomes of it, or an error. */
interface RegexCase {
  readonly pattern: string;
  readonly text: string;
  readonly matches?: boolean;
  readonly replacement?: string;
  readonly replaced?: string;
  readonly error?: { readonly class: string; readonly message: string };
}

const { cases } = readFixture<{ cases: readonly RegexCase[] }>('java/regex.json');
const titled = cases.map(recorded => [JSON.stringify([recorded.pattern, recorded.text, recorded.replacement]), recorded] as const);

describe('Recorded from Java:', () => {
  test.each(titled.filter(([, { matches }]) => matches === undefined))('%s is no pattern', (_, { pattern, error }) => {
    expect(errorOf(() => new JavaPattern(pattern))).toEqual(error);
  });

  test.each(titled.filter(([, { matches }]) => matches !== undefined))('%s', (_, { pattern, text, matches, replacement = '', ...rest }) => {
    const compiled = new JavaPattern(pattern);
    expect(compiled.matches(text)).toBe(matches);
    const replace = () => compiled.replaceFirst(text, replacement);
    if (rest.error) expect(errorOf(replace)).toEqual(rest.error);
    else expect(replace()).toBe(rest.replaced);
  });
});

test.each([
  ['the whole text counts', 'a|b', 'ab', false],
  ['flags at the beginning', '(?i)LOGS-.*', 'logs-x', true],
  ['a quotation', '\\Qa.b\\E.*', 'a.bc', true],
  ['a quoted dot is no wildcard', '\\Qa.b\\E.*', 'axbc', false],
  ['an escaped hyphen', 'metrics\\-.*', 'metrics-1', true],
  ['an escaped backslash before a letter', 'a\\\\p', 'a\\p', true],
])('%s: %s', (_, pattern, text, matches) => {
  expect(compileFullMatch(pattern).test(text)).toBe(matches);
});

test('A compiled pattern keeps nothing of the texts before', () => {
  const pattern = new JavaPattern('(a)?(b)?\\w*');
  const texts = ['ab', 'x', 'b', 'ab', ''];
  expect(texts.map(text => pattern.replaceFirst(text, '[$1$2]'))).toEqual(['[ab]', '[]', '[b]', '[ab]', '[]']);
});

test.each(['(a+)+b', '(a|aa)+b', '(?:a*)*b', '(\\w+\\.?)+-'])(
  '%s does not take exponential time, as it does not in Java',
  pattern => {
    const text = 'a'.repeat(249);
    expect(new JavaPattern(pattern).matches(text)).toBe(false);
  },
  5000,
);

test('A long text needs no deep stack', () => {
  expect(new JavaPattern('.*x?[ab]{1,}(?:cd)*').matches('a'.repeat(1_000_000))).toBe(true);
});

test('Canonical equivalence is refused, not ignored', () => {
  expect(() => new JavaPattern('(?c)a')).toThrow('Canonical equivalence, (?c), is not supported here');
});

test('Whatever a pattern is made of, it compiles or is a PatternSyntaxException', () => {
  const parts = [
    'a',
    '(',
    ')',
    '[',
    ']',
    '\\',
    '{',
    '}',
    '1',
    ',',
    '?',
    '*',
    '+',
    '^',
    '&&',
    '-',
    '<',
    '=',
    '!',
    ':',
    'p',
    'Q',
    'E',
    'x',
    '|',
    '#',
    '😀',
  ];
  let state = 1;
  const pick = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return parts[Math.floor((state / 2 ** 32) * parts.length)] ?? '';
  };
  const refused = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const pattern = Array.from({ length: 1 + (i % 9) }, pick).join('');
    try {
      new JavaPattern(pattern).matches('aax1');
    } catch (error) {
      refused.add(toError(error).name);
    }
  }
  expect([...refused]).toEqual(['java.util.regex.PatternSyntaxException']);
});

describe('A match takes a bounded number of steps:', () => {
  const text = `${'a'.repeat(40)}!`;
  const hostile: readonly (readonly [string, string])[] = [
    ['(.*a){14}x', text],
    ['(.*a){14}x', 'a'.repeat(249)],
    ['(?:(?:a|a)*){12}x', text],
    ['(?:a?){200}a{200}b', 'a'.repeat(200)],
    ['(?:a|b|ab)*?(?:b|a)*?\\1?(a)x', 'ab'.repeat(60)],
    ['(a*)*\\1x', 'a'.repeat(60)],
    ['(?=(a|aa)*x)(a|aa)*', 'a'.repeat(100)],
    ['(?<=a{1,60}(?:a|aa))x', `${'a'.repeat(120)}y`],
    ['(?:(a+)+){2,}x', 'a'.repeat(100)],
    ['(?:\\X*){9}x', 'a'.repeat(100)],
    [`(?:.{0,9}\\b{g}){50}x`, 'a'.repeat(249)],
    [`(?:\\b.){9,}x`, '\u0301'.repeat(4000)],
    [`(?:[${'\\p{L}'.repeat(5000)}]*){9}x`, '\u4e00'.repeat(40)],
    ['(((((((((.*)*)*)*)*)*)*)*)*)*x', 'a'.repeat(100)],
  ];

  test.each(hostile)(
    '%s',
    (pattern, attacked) => {
      const compiled = new JavaPattern(pattern);
      const begin = process.cpuUsage().user;
      for (const attempt of [() => compiled.matches(attacked), () => compiled.replaceFirst(attacked, '')]) {
        try {
          attempt();
        } catch (error) {
          expect(toError(error).message).toMatch(
            /^The regular expression .* (takes more than \d+ steps|nests too deeply) on a text of \d+/,
          );
        }
      }
      // without the bound each takes minutes to aeons; a slow machine takes a tenth of this
      expect(process.cpuUsage().user - begin).toBeLessThan(2_000_000);
    },
    60_000,
  );

  test('the pattern of the report is an error that says why', () => {
    expect(errorOf(() => compileFullMatch('(.*a){14}x').test(text))).toEqual({
      class: 'org.apache.kafka.connect.errors.ConnectException',
      message:
        `The regular expression (.*a){14}x takes more than 1000820 steps on a text of 41 characters, ${text}. ` +
        'It goes back over the same text again and again: avoid repetitions inside repetitions, such as (.*a)*, and several .* in a row',
    });
  });

  test.each(['.*a.*b.*c.*d.*e', '(.*)\\.(.*)-(.*)_(.*)', '([a-zA-Z0-9._-]+)\\.([a-zA-Z0-9._-]+)\\.([a-zA-Z0-9._-]+)!', '(?:.*?,){2}.*?x'])(
    'patterns in use need few: %s',
    pattern => {
      const compiled = new JavaPattern(pattern);
      for (const name of ['a.'.repeat(124), 'a-b_c.'.repeat(41), 'x,'.repeat(120)]) expect(() => compiled.matches(name)).not.toThrow();
    },
  );

  test('a pattern that is too long or too deep is none', () => {
    expect(() => new JavaPattern('a'.repeat(65_537))).toThrow('A regular expression of 65537 characters is too long: at most 65536');
    expect(() => new JavaPattern('('.repeat(60_000) + ')'.repeat(5000))).toThrow(
      /Stack overflow during pattern compilation|Unclosed group/,
    );
    expect(() => new JavaPattern('\\Q\\E'.repeat(16_000))).not.toThrow();
    expect(() => new JavaPattern('\\p{L}'.repeat(13_000))).not.toThrow();
  }, 10_000);
});
