/** Assertions about a place of a text: the ends of the text and its lines, boundaries of words. */
import { charClass } from './regex-properties';
import type { Assertion } from './regex-syntax';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** True for the code units that end a line; `\r\n` ends one line. */
export function isLineTerminator(unit: number): boolean {
  return unit === LINE_FEED || unit === CARRIAGE_RETURN || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

const isLetterOrDigit = charClass('\\p{L}\\p{Nd}');
const isWordChar = charClass('\\p{L}\\p{Nd}_');
const isUnicodeWordChar = charClass('\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d');
const isNonSpacingMark = charClass('\\p{Mn}');

const textStart: Assertion = (_, index) => index === 0;
const textEnd: Assertion = (text, index) => index === text.length;

/** At the end of the text, or before the line terminator at its end. */
const end: Assertion = (text, index) => {
  const left = text.length - index;
  if (left === 0) return true;
  if (left === 2) return text.endsWith('\r\n');
  const last = text.charCodeAt(index);
  return left === 1 && isLineTerminator(last) && !(last === LINE_FEED && text.charCodeAt(index - 1) === CARRIAGE_RETURN);
};

const unixEnd: Assertion = (text, index) => index === text.length || (index === text.length - 1 && text.endsWith('\n'));

const lineStart: Assertion = (text, index) => {
  if (index === text.length) return false;
  const before = text.charCodeAt(index - 1);
  if (index === 0) return true;
  return isLineTerminator(before) && !(before === CARRIAGE_RETURN && text.charCodeAt(index) === LINE_FEED);
};

const unixLineStart: Assertion = (text, index) => index < text.length && (index === 0 || text.charCodeAt(index - 1) === LINE_FEED);

const lineEnd: Assertion = (text, index) => {
  if (index === text.length) return true;
  const unit = text.charCodeAt(index);
  return isLineTerminator(unit) && !(unit === LINE_FEED && text.charCodeAt(index - 1) === CARRIAGE_RETURN);
};

const unixLineEnd: Assertion = (text, index) => index === text.length || text.charCodeAt(index) === LINE_FEED;

function codePointBefore(text: string, index: number): number {
  const unit = text.charCodeAt(index - 1);
  const isPair = unit >= 0xdc00 && unit <= 0xdfff && index > 1;
  const pair = isPair ? text.codePointAt(index - 2) : undefined;
  return pair !== undefined && pair > 0xffff ? pair : unit;
}

/** True for a combining mark that modifies a letter or digit, and so is part of a word. */
function modifiesWord(text: string, index: number): boolean {
  for (let i = index; i >= 0; i--) {
    const c = text.codePointAt(i) ?? 0;
    if (isLetterOrDigit(c)) return true;
    if (!isNonSpacingMark(c)) return false;
  }
  return false;
}

function boundary(isWord: (codePoint: number) => boolean): Assertion {
  const counts = (text: string, c: number, index: number): boolean => isWord(c) || (isNonSpacingMark(c) && modifiesWord(text, index));
  return (text, index) => {
    const left = index > 0 && counts(text, codePointBefore(text, index), index - 1);
    const right = index < text.length && counts(text, text.codePointAt(index) ?? 0, index);
    return left !== right;
  };
}

const wordBoundary = boundary(isWordChar);
const unicodeWordBoundary = boundary(isUnicodeWordChar);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The end of the grapheme cluster that begins at an index. */
export function graphemeEnd(text: string, index: number): number {
  const [cluster] = graphemes.segment(text.slice(index));
  return index + (cluster?.segment.length ?? 0);
}

const graphemeBoundary: Assertion = (text, index) =>
  index === 0 || index === text.length || graphemes.segment(text).containing(index)?.index === index;

export const ASSERTIONS = {
  textStart,
  textEnd,
  end,
  unixEnd,
  lineStart,
  unixLineStart,
  lineEnd,
  unixLineEnd,
  searchStart: ((_, index, searchStart) => index === searchStart) as Assertion,
  wordBoundary,
  unicodeWordBoundary,
  noWordBoundary: ((text, index) => !wordBoundary(text, index, 0)) as Assertion,
  noUnicodeWordBoundary: ((text, index) => !unicodeWordBoundary(text, index, 0)) as Assertion,
  graphemeBoundary,
} as const;
