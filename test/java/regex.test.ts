import { toError } from '../../src/errors';
import { compileFullMatch, JavaPattern } from '../../src/java/regex';
import { errorOf, readFixture } from '../helpers/fixtures';

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
