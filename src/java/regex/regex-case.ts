/** Letters of different case as java.lang.Character compares them: one code point by one. */
import type { CaseFolding, CharTest } from './regex-syntax';

/** Character.toUpperCase: letters whose upper case is several characters, such as ß, stay as they are. */
function upperCase(codePoint: number): number {
  return onlyCodePoint(String.fromCodePoint(codePoint).toUpperCase()) ?? codePoint;
}

const DOTTED_CAPITAL_I = 0x130;

/** Character.toLowerCase. */
function lowerCase(codePoint: number): number {
  if (codePoint === DOTTED_CAPITAL_I) return 0x69;
  return onlyCodePoint(String.fromCodePoint(codePoint).toLowerCase()) ?? codePoint;
}

function onlyCodePoint(text: string): number | undefined {
  const codePoint = text.codePointAt(0);
  return codePoint !== undefined && text.length === (codePoint > 0xffff ? 2 : 1) ? codePoint : undefined;
}

const isAsciiUpper: CharTest = c => c >= 0x41 && c <= 0x5a;
const isAsciiLower: CharTest = c => c >= 0x61 && c <= 0x7a;

/** The one form of all code points that are the same letter under a folding. */
export function foldCase(codePoint: number, folding: CaseFolding): number {
  if (folding === 'none') return codePoint;
  if (codePoint < 0x80) return isAsciiUpper(codePoint) ? codePoint + 0x20 : codePoint;
  return folding === 'unicode' ? lowerCase(upperCase(codePoint)) : codePoint;
}

/** The test for one code point, in any case if the folding says so. */
export function singleChar(wanted: number, folding: CaseFolding): CharTest {
  const folded = foldCase(wanted, folding);
  return folding === 'none' ? c => c === wanted : c => c === wanted || foldCase(c, folding) === folded;
}

/** The test for a range, both ends included; a letter counts if one of its cases lies inside. */
export function charRange(from: number, to: number, folding: CaseFolding): CharTest {
  const inside: CharTest = c => c >= from && c <= to;
  if (folding === 'none') return inside;
  if (folding === 'unicode') return c => inside(c) || inside(upperCase(c)) || inside(lowerCase(upperCase(c)));
  return c => inside(c) || (isAsciiUpper(c) && inside(c + 0x20)) || (isAsciiLower(c) && inside(c - 0x20));
}
