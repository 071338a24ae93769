/** Random patterns of java.util.regex and texts for them, the same in every run. */
import { toError } from '../../../src/errors';
import { parsePattern } from '../../../src/java/regex/regex-parser';
import { type Random, seeded } from '../../../src/testing/data/random';

const CHARACTERS = [
  ['a', 'a', 'b', '1', '-', '\\.', '.', '\\x61', '(?i)B'],
  ['\\d', '\\w', '\\W', '\\s', '\\h', '\\p{Alpha}', '[^.]', '[a-c]', '[^b]', '[\\w&&\\D]'],
].flat();
const ASSERTED = ['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '(?!a)', '(?=b|-)', '(?<=a)', '(?<!a-|b)', '(?!.*1)', '(?d)$', '\\G', '\\R'];
const OPENINGS = ['(', '(', '(?:', '(?:', '(?>', '(?=', '(?!', '(?<!', '(?s:', '(?iu:'];
const QUANTIFIERS = ['?', '*', '+', '{2}', '{1,3}', '{0,1}', '{2,}'];
const MODES = ['', '', '', '?', '+'];
const TEXT_PARTS = ['a', 'a', 'b', '-', '.', '1', 'B', 'c', ' ', '\n', '\r', '\r\n', 'ab', 'a.', '_'];
const TEXT_ENDS = ['\n', '\r\n', '\r', '\n\r'];

const oneOf = (random: Random, items: readonly string[]): string => items[random(items.length)] ?? '';

function randomPattern(random: Random, depth: number): string {
  const parts = Array.from({ length: 1 + random(4) }, () => randomPart(random, depth));
  return parts.join(random(6) === 0 ? '|' : '');
}

function randomPart(random: Random, depth: number): string {
  const quantifier = random(2) === 0 ? '' : oneOf(random, QUANTIFIERS) + oneOf(random, MODES);
  if (random(7) === 0) return oneOf(random, ASSERTED);
  if (random(25) === 0 && depth < 3) return '\\1';
  if (depth === 0 || random(3) > 0) return oneOf(random, CHARACTERS) + quantifier;
  return `${oneOf(random, OPENINGS)}${randomPattern(random, depth - 1)})${quantifier}`;
}

/** Patterns that Java would compile; of what it refuses the error is a PatternSyntaxException. */
export function* randomPatterns(seed: number, count: number): Generator<string> {
  const random = seeded(seed);
  for (let i = 0; i < count; ) {
    const pattern = randomPattern(random, 3);
    try {
      parsePattern(pattern);
    } catch (error) {
      if (toError(error).name !== 'java.util.regex.PatternSyntaxException') throw error;
      continue;
    }
    i++;
    yield pattern;
  }
}

/** Short texts of what the patterns look for, the empty one, and one that ends a line. */
export function randomTexts(random: Random): string[] {
  const texts = Array.from({ length: 8 }, () => Array.from({ length: random(9) }, () => oneOf(random, TEXT_PARTS)).join(''));
  return ['', ...texts, `${texts[0]}${oneOf(random, TEXT_ENDS)}`];
}

/** Texts of a length over which an engine goes back: one part over and over, and an end that does not fit. */
export function* hostileTexts(length: number): Generator<string> {
  for (const part of ['a', 'b', '1', '-', '.', 'ab', 'ba', 'a.', 'a-', 'a1', 'aab', 'aB-1', '-.', '\n', '\r', 'a\n'])
    for (const end of ['', '!', '\n', 'b', '\n!']) yield part.repeat(length).slice(0, length - end.length) + end;
}
