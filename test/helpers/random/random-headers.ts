/** Random texts that come near to what parsers of header values take. */
import { bits, pick, type Random } from '../../../src/testing/data/random';

const HEADER_PARTS = ['[', ']', '{', '}', ':', ',', '"', '\\', ' ', 'null', 'true', 'false', 'a', '-', '+', '.', 'e', '1', '07', '300'];
const MORE_HEADER_PARTS = [
  '9223372036854775808',
  '1e400',
  '2019-08-23',
  '14:34:54.346Z',
  '2019-08-23T14:34:54.346Z',
  '\ud800',
  '\uffff',
  '\u0663',
];

/** A text of the signs and words that matter in header values, in no sensible order. */
export function randomHeaderText(random: Random): string {
  const parts = [...HEADER_PARTS, ...MORE_HEADER_PARTS];
  return Array.from({ length: random(16) }, () => pick(random, parts)).join('');
}

/** A well-formed header text of numbers, booleans and quoted words in lists and maps. */
export function randomHeaderValue(random: Random, depth = 3): string {
  const leaves = [
    () => String(bits(random) >> random(30)),
    // exact as floats and in their texts
    () => String(random(10_000) / 8),
    () => pick(random, ['true', 'false']),
    () => `"${pick(random, ['a', 'word', 'x y'])}"`,
  ];
  if (depth === 0 || random(2) === 0) return pick(random, leaves)();
  const elements = Array.from({ length: random(4) }, () => randomHeaderValue(random, depth - 1));
  if (random(2) === 0) return `[${elements.join(',')}]`;
  return `{${elements.map((element, i) => `${i}:${element}`).join(',')}}`;
}
