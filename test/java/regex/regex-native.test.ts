import { createMatcher, type Matcher } from '../../../src/java/regex/regex-matcher';
import { preferNative } from '../../../src/java/regex/regex-native';
import { parsePattern } from '../../../src/java/regex/regex-parser';
import { expandReplacement } from '../../../src/java/regex/regex-replacement';
import { StepsSpent } from '../../../src/java/regex/regex-step';
import { seeded } from '../../../src/testing/data/random';
import { randomPatterns, randomTexts } from '../../helpers/random/random-patterns';
import { readFixture } from '../../helpers/vectors/fixtures';

const MAX_STEPS = 1_000_000;

/** What a pattern says of a text: whether all of it matches, and what becomes of its first match. */
type Answer = { readonly matches: boolean; readonly replaced: string | null };

class Interpreted extends Error {}

/** Stands for the interpreter where only what is compiled is asked for. */
const NO_INTERPRETER: Matcher = {
  matchWhole: () => {
    throw new Interpreted();
  },
  find: () => {
    throw new Interpreted();
  },
};

const interpreted = (pattern: string): Matcher => createMatcher(parsePattern(pattern), () => MAX_STEPS);
const native = (pattern: string): Matcher => preferNative(parsePattern(pattern), NO_INTERPRETER, MAX_STEPS);

/** What an attempt says; undefined if the engine does not take the text. */
function tried<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Interpreted || error instanceof StepsSpent) return undefined;
    throw error;
  }
}

/** A match with all its groups, as a replacement sees them. */
function replaced(pattern: string, matcher: Matcher, text: string): string | null {
  const { groupNames, groupCount } = parsePattern(pattern);
  const match = matcher.find(text);
  if (!match) return null;
  const replacement = Array.from({ length: groupCount + 1 }, (_, group) => `<$${group}>`).join('');
  const seen = match.groups.map(group => group ?? '(none)').join('|');
  return `${match.start}-${match.end} ${seen} ${expandReplacement(replacement, { groups: match.groups, groupNames })}`;
}

const answer = (pattern: string, matcher: Matcher, text: string): Answer => ({
  matches: matcher.matchWhole(text),
  replaced: replaced(pattern, matcher, text),
});

const isCompiled = (pattern: string, text = 'a'): boolean => tried(() => answer(pattern, native(pattern), text)) !== undefined;

/** As settings have them, with a text that matches and one that does not. */
const IN_USE: readonly (readonly [string, string, string])[] = [
  ['foo.*', 'foo.bar', 'bar.foo'],
  ['.*', 'anything', 'two\nlines'],
  ['orders', 'orders', 'orders2'],
  ['orders|payments|customers', 'payments', 'payment'],
  ['(orders|payments)-.*', 'orders-eu', 'orders'],
  ['^logs\\..*$', 'logs.web', 'logs-web'],
  ['(?i)LOGS-.*', 'logs-X', 'log-x'],
  ['[a-zA-Z0-9._-]+', 'my_topic.v1', 'my topic'],
  ['(.*)-(\\d{8})', 'orders-20261201', 'orders-2026'],
  ['([^.]+)\\.([^.]+)\\.(.*)', 'db.schema.table', 'db.schema'],
  ['(.*)\\.(.*)', 'a.b', 'ab'],
  ['([a-z]+)_([a-z]+)_(\\d+)', 'a_b_12', 'a_b'],
  ['(?<db>[^.]+)\\.(?<table>[^.]+)', 'shop.orders', 'orders'],
  ['^(?!_).*', 'orders', '_schemas'],
  ['(?!.*-dlq$).*', 'orders', 'orders-dlq'],
  ['.*(?<!-dlq|-retry)', 'orders', 'orders-retry'],
  ['\\Qprod.eu\\E\\..*', 'prod.eu.x', 'prodxeu.x'],
  ['dbserver1\\.inventory\\.(.*)', 'dbserver1.inventory.addresses', 'dbserver1.stock'],
  ['mysql-([a-z]\\w*)(-v\\d)?', 'mysql-orders-v2', 'mysql-2'],
  ['\\p{Alpha}[\\p{Alnum}_]{0,62}', 'Table_1', '1_table'],
  ['[a-z&&[^aeiou]]+', 'xyz', 'xay'],
  ['(\\d{1,3}\\.){3}\\d{1,3}', '10.0.0.1', '10.0.1'],
  ['[A-Z]{2,3}_.*?_HIST', 'AB_x_HIST', 'ABCD_x_HIST'],
  ['\\bid\\b', 'id', 'ids'],
  ['tbl_\\d{4}(_\\d{2})?', 'tbl_2026_12', 'tbl_26'],
  ['.+_(id|key)', 'order_id', '_id'],
  ['.*(?<=(?:ab|cb)(?:-x|y))', 'ab-x', 'ab-y'],
];

test.each(IN_USE)('%s is compiled', (pattern, matching, other) => {
  for (const text of [matching, other, `${matching}\n`]) {
    expect(isCompiled(pattern, text)).toBe(true);
    expect(answer(pattern, native(pattern), text)).toEqual(answer(pattern, interpreted(pattern), text));
  }
  expect([matching, other].map(text => native(pattern).matchWhole(text))).toEqual([true, false]);
});

test.each([
  ['a quantifier in a quantifier', '(a+)+b'],
  ['branches that overlap under one', '(?:a|ab)*c'],
  ['quantifiers in a row that overlap', '.*a.*b.*c.*d.*e'],
  ['many optional parts', `${'a?'.repeat(30)}b`],
  ['what repeats and may be nothing', '(?:a*)*b'],
  ['a group that is captured in a repetition', '(?:(a)|(b))*'],
  ['a group that is captured ahead', '(?=(a))a'],
  ['a back reference', '(a)\\1'],
  ['a possessive quantifier', 'a*+b'],
  ['an atomic group', '(?>a*)b'],
  ['a repetition in a lookbehind', '(?<=a{1,3})b'],
  ['lines', '(?m)^a$'],
  ['where the search began', '\\Ga'],
  ['a line ending', 'a\\R'],
  ['a grapheme cluster', 'a\\X'],
  ['what is ahead of a lookbehind', '(?<=(?=a))a'],
  ['what would be long in JavaScript', '$'.repeat(50)],
  ['what would be tried too often at each end', '.*a.*b.*c.*d'],
])('%s is interpreted: %s', (_, pattern) => {
  expect(tried(() => native(pattern).matchWhole('a'))).toBeUndefined();
});

test('What matches a whole name of a topic is found by one try, not by one at each place', () => {
  const name = `${'a.'.repeat(124)}b`;
  expect([...(native('(.*)\\.(.*)').find(name)?.groups ?? [])]).toEqual([name, name.slice(0, 247), 'b']);
  expect(tried(() => native('(.*)\\.(.*)').find('a'.repeat(249)))).toBeUndefined();
});

test.each([
  ['beyond ASCII', 'größe'],
  ['longer than what is proven', 'a'.repeat(4097)],
])('A text %s is interpreted', (_, text) => {
  expect(isCompiled('.*', 'a')).toBe(true);
  expect(tried(() => native('.*').matchWhole(text))).toBeUndefined();
  expect(tried(() => native('.*').find(text))).toBeUndefined();
});

test('Random patterns say the same of random texts, compiled or interpreted', () => {
  const random = seeded(20_261_201);
  const seen = { compiled: 0, matching: 0, found: 0 };
  for (const pattern of randomPatterns(7, 5000)) {
    const [fast, slow] = [native(pattern), interpreted(pattern)];
    const texts = randomTexts(random);
    if (tried(() => fast.matchWhole('')) === undefined && tried(() => fast.find('')) === undefined) continue;
    seen.compiled++;
    for (const text of texts) {
      const whole = tried(() => fast.matchWhole(text));
      const expected = tried(() => slow.matchWhole(text));
      if (whole !== undefined && expected !== undefined && whole !== expected) throw new Error(JSON.stringify([pattern, text, whole]));
      const match = tried(() => replaced(pattern, fast, text));
      const wanted = tried(() => replaced(pattern, slow, text));
      if (match !== undefined && wanted !== undefined && match !== wanted) throw new Error(JSON.stringify([pattern, text, match, wanted]));
      if (whole) seen.matching++;
      if (match) seen.found++;
    }
  }
  // so that what is compared are answers, not refusals
  expect(seen.compiled).toBeGreaterThan(1800);
  expect(seen.matching).toBeGreaterThan(1200);
  expect(seen.found).toBeGreaterThan(7000);
}, 120_000);

/** Where the first match and its groups begin and end, as the fixture has it. */
type JavaAnswer = readonly [text: string, answer: string];

const { cases } = readFixture<{ cases: readonly (readonly [pattern: string, ...answers: readonly JavaAnswer[]])[] }>(
  'java/regex-random.json',
);

/** What a match says as the fixture has it, its texts in place of the places of groups. */
function said(matcher: Matcher, text: string): string {
  const match = matcher.find(text);
  return JSON.stringify([matcher.matchWhole(text), match && [match.start, match.end, ...match.groups.map(group => group ?? null)]]);
}

function recorded(text: string, answer: string): string {
  const [whole, ...places] = answer.split(' ');
  const ranges = places.map(place => (place === '-' ? null : place.split(':').map(Number)));
  const [match] = ranges;
  const groups = ranges.map(range => range && text.slice(...range));
  return JSON.stringify([whole === '1', match ? [...match, ...groups] : null]);
}

test('Java, the interpreter and what is compiled say the same of random patterns', () => {
  let compiled = 0;
  for (const [pattern, ...answers] of cases) {
    for (const [text, answer] of answers) {
      const expected = recorded(text, answer);
      const fast = tried(() => said(native(pattern), text));
      if (fast !== undefined) compiled++;
      expect([pattern, text, fast ?? expected, said(interpreted(pattern), text)]).toEqual([pattern, text, expected, expected]);
    }
  }
  expect([cases.length, compiled]).toEqual([1500, expect.any(Number)]);
  expect(compiled).toBeGreaterThan(1500);
});
