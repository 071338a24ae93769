/** The ASCII characters of a class as bits, and the equivalent class of JavaScript. */
import type { CharTest } from './regex-syntax';

const ASCII = 128;
/** The bit for the end of the text. */
export const END_MEMBER = 1n << BigInt(ASCII);
export const ALL_MEMBERS = END_MEMBER | (END_MEMBER - 1n);

const KNOWN = new WeakMap<CharTest, bigint>();

/** The ASCII characters for which a test holds. */
export function membersOf(test: CharTest): bigint {
  const known = KNOWN.get(test);
  if (known !== undefined) return known;
  let bits = '';
  for (let c = ASCII - 1; c >= 0; c--) bits += test(c) ? '1' : '0';
  const members = BigInt(`0b${bits}`);
  KNOWN.set(test, members);
  return members;
}

function escaped(c: number): string {
  const char = String.fromCharCode(c);
  return /\w/.test(char) ? char : `\\x${c.toString(16).padStart(2, '0')}`;
}

const range = (first: number, last: number): string => (first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`);

/** An expression that matches these members and no other ASCII: one character, or the shorter of a class and a negated class. */
export function classSource(members: bigint): string {
  const [inside, outside] = [rangesOf(members), rangesOf(ALL_MEMBERS ^ members)];
  if (/^(\w|\\x..)$/.test(inside)) return inside;
  return outside.length < inside.length ? `[^${outside}]` : `[${inside}]`;
}

function rangesOf(members: bigint): string {
  const bits = members.toString(2).padStart(ASCII, '0');
  const has = (c: number): boolean => c < ASCII && bits.charAt(bits.length - 1 - c) === '1';
  let ranges = '';
  for (let c = 0; c < ASCII; c++) {
    if (!has(c)) continue;
    const first = c;
    while (has(c + 1)) c++;
    ranges += range(first, c);
  }
  return ranges;
}
