import { MATCHED, planPattern, TEXT_END } from '../../../src/java/regex/regex-cost';
import { createMatcher } from '../../../src/java/regex/regex-matcher';
import { preferNative } from '../../../src/java/regex/regex-native';
import { parsePattern } from '../../../src/java/regex/regex-parser';
import { StepsSpent } from '../../../src/java/regex/regex-step';
import { seeded } from '../../../src/testing/data/random';
import { hostileTexts, randomPatterns } from '../../helpers/random/random-patterns';

const MAX_STEPS = 1_000_000;
/** Java's engine and the proof do not count each step alike: a search begins with a step of its own at each place. */
const TOLERANCE = 2;
const LENGTHS = [16, 48] as const;

function isWithin(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof StepsSpent) return false;
    throw error;
  }
}

/** What the interpreter takes more steps for than are proven, when it remembers nothing and so goes back as JavaScript's engine does. */
function beyondProof(pattern: string, length: number): string[] {
  const parsed = parsePattern(pattern);
  const whole = planPattern(parsed.root, TEXT_END, length).steps;
  const anywhere = planPattern(parsed.root, MATCHED, length).steps * (length + 1);
  if (!(whole <= MAX_STEPS)) return [];
  const forgetful = (steps: number) => createMatcher({ ...parsed, hasReference: true }, () => TOLERANCE * steps + 1);
  const [full, search] = [forgetful(whole), forgetful(anywhere)];
  return [...hostileTexts(length)].filter(
    text => !isWithin(() => full.matchWhole(text)) || (anywhere <= MAX_STEPS && !isWithin(() => search.find(text))),
  );
}

test('What goes back over a text takes no more steps than are proven', () => {
  for (const pattern of randomPatterns(5, 2500))
    for (const length of LENGTHS) {
      const [text] = beyondProof(pattern, length);
      expect([pattern, length, text]).toEqual([pattern, length, undefined]);
    }
}, 120_000);

test.each([
  ['[^.]+\\.[^.]+', 'which separator decides: linear', 4096],
  ['.*-\\d+', 'one open end', 512],
  ['.*a.*b', 'two open ends', 512],
  ['.*a.*b.*c', 'three', 64],
  ['(a+)+b', 'one within the other', 0],
  ['(?:a|ab)*c', 'branches that overlap, repeated', 0],
  ['(?:\\w+\\.)*\\w+', 'a repetition that ends before the next one: quadratic', 256],
])('%s (%s) is proven for texts of up to %s characters', (pattern, _, length) => {
  const { root } = parsePattern(pattern);
  const proven = [4096, 512, 256, 64].filter(candidate => planPattern(root, TEXT_END, candidate).steps <= MAX_STEPS);
  expect(proven[0] ?? 0).toBe(length);
});

const UNUSED = {
  matchWhole: () => {
    throw new StepsSpent();
  },
  find: () => {
    throw new StepsSpent();
  },
};

test('No compiled pattern takes long on a hostile text', () => {
  const slowest = { ms: 0, pattern: '', text: '' };
  const random = seeded(3);
  for (const pattern of ['(.*)\\.(.*)-(.*)', '.*a.*b', '.*a', ...randomPatterns(11, 300)]) {
    const matcher = preferNative(parsePattern(pattern), UNUSED, MAX_STEPS);
    for (const takes of [(text: string) => matcher.matchWhole(text), (text: string) => matcher.find(text)]) {
      const longest = [4096, 512, 256, 64].find(length => isWithin(() => takes('a'.repeat(length))));
      for (const text of longest === undefined ? [] : hostileTexts(longest)) {
        if (random(4) > 0) continue;
        const begin = process.cpuUsage().user;
        isWithin(() => takes(text));
        const ms = (process.cpuUsage().user - begin) / 1000;
        if (ms > slowest.ms) Object.assign(slowest, { ms, pattern, text: text.slice(0, 20) });
      }
    }
  }
  // a million steps take a few milliseconds; what runs away takes seconds to aeons
  expect(slowest.ms > 250 ? slowest : null).toBeNull();
}, 120_000);

test.each(['$', '\\b(?:a|b)', '(?:ab|cd|ef|gh|ij|kl|mn|op){3}', '(?:(?:(?:ab|cd){3}){3}){3}', '(?<!ab|cd)', '\\W', '(a)?'])(
  'However long a row of %s is, it is soon compiled, or not at all',
  part => {
    const begin = process.cpuUsage().user;
    for (const count of [10, 30, 100, 1000]) {
      const matcher = preferNative(parsePattern(part.repeat(count)), UNUSED, MAX_STEPS);
      for (const text of ['', 'ab'.repeat(20)]) isWithin(() => [matcher.matchWhole(text), matcher.find(text)]);
    }
    expect(process.cpuUsage().user - begin).toBeLessThan(500_000);
  },
);
