/** The escapes of java.util.regex: a backslash before characters, classes, assertions and references. */
import { ASSERTIONS } from './regex-assertions';
import { letterClass, namedClass } from './regex-properties';
import type { RegexScanner } from './regex-scanner';
import { type CharTest, foldingOf, type RegexNode } from './regex-syntax';
import { codePointOfName } from './unicode-names';

/** The capturing groups seen so far. */
export interface Groups {
  count: number;
  readonly names: Map<string, number>;
  hasReference: boolean;
}

/** The context of an escape. */
export interface EscapePlace {
  readonly groups: Groups;
  readonly inClass: boolean;
  /** At one end of a range in a class, where `\v` is a single character. */
  readonly inRange: boolean;
}

const MAX_CODE_POINT = 0x10ffff;
const CONTROLS: Readonly<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };

const isHexDigit = (c: number): boolean => (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isOctalDigit = (c: number): boolean => c >= 0x30 && c <= 0x37;
const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const isLetter = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
const code = (char: string): number => char.charCodeAt(0);
const textOf = (c: number): string => String.fromCodePoint(c);

/**
 * Reads an escape; the cursor is at the backslash. A number is a single character.
 * @throws PatternSyntaxException
 */
export function readEscape(scanner: RegexScanner, place: EscapePlace): number | RegexNode {
  const c = scanner.skip();
  const letter = textOf(c);
  if (letter === '0') return readOctal(scanner);
  if (!isLetter(c) && !isDigit(c)) return c;
  if (letter === 'v' && place.inRange) return 0x0b;
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  const test = letterClass(letter, scanner.flags.unicodeClasses);
  if (test) return { kind: 'char', test };
  const coded = readCodedChar(scanner, letter);
  const node = coded ?? (place.inClass ? undefined : readPlaceOrReference(scanner, letter, place.groups));
  if (node === undefined) throw scanner.error('Illegal/unsupported escape sequence');
  return node;
}

function readCodedChar(scanner: RegexScanner, letter: string): number | undefined {
  switch (letter) {
    case 'c':
      if (scanner.atEnd) throw scanner.error('Illegal control escape sequence');
      return scanner.read() ^ 64;
    case 'u':
      return readUnicode(scanner);
    case 'x':
      return readHex(scanner);
    case 'N':
      return readCharName(scanner);
    default:
      return undefined;
  }
}

function readPlaceOrReference(scanner: RegexScanner, letter: string, groups: Groups): RegexNode | undefined {
  if (letter >= '1' && letter <= '9') return readNumberedReference(scanner, Number(letter), groups);
  switch (letter) {
    case 'R':
      return { kind: 'line-ending' };
    case 'X':
      return { kind: 'grapheme' };
    case 'Z':
      return { kind: 'assertion', holds: scanner.flags.unixLines ? ASSERTIONS.unixEnd : ASSERTIONS.end };
    case 'b':
      return readBoundary(scanner);
    case 'k':
      return readNamedReference(scanner, groups);
    default: {
      const holds = plainAssertion(letter, scanner.flags.unicodeClasses);
      return holds && { kind: 'assertion', holds, reach: letter === 'B' ? 'marks' : 'place' };
    }
  }
}

function plainAssertion(letter: string, unicodeClasses: boolean): (typeof ASSERTIONS)[keyof typeof ASSERTIONS] | undefined {
  switch (letter) {
    case 'A':
      return ASSERTIONS.textStart;
    case 'B':
      return unicodeClasses ? ASSERTIONS.noUnicodeWordBoundary : ASSERTIONS.noWordBoundary;
    case 'G':
      return ASSERTIONS.searchStart;
    case 'z':
      return ASSERTIONS.textEnd;
    default:
      return undefined;
  }
}

/** `\b`, or `\b{g}` for the boundary of a grapheme cluster. */
function readBoundary(scanner: RegexScanner): RegexNode | undefined {
  const unicode = scanner.flags.unicodeClasses;
  const word = unicode ? ASSERTIONS.unicodeWordBoundary : ASSERTIONS.wordBoundary;
  if (scanner.peek() !== code('{')) return { kind: 'assertion', holds: word, reach: 'marks' };
  if (scanner.skip() === code('g')) {
    return scanner.read() === code('}') ? { kind: 'assertion', holds: ASSERTIONS.graphemeBoundary, reach: 'text' } : undefined;
  }
  scanner.unread();
  scanner.unread();
  return { kind: 'assertion', holds: word, reach: 'marks' };
}

/** Further digits count as long as a group with that number exists. */
function readNumberedReference(scanner: RegexScanner, first: number, groups: Groups): RegexNode {
  let index = first;
  for (let c = scanner.peek(); isDigit(c); c = scanner.peek()) {
    const longer = index * 10 + (c - 0x30);
    if (longer > groups.count) break;
    index = longer;
    scanner.read();
  }
  return reference(scanner, index, groups);
}

function readNamedReference(scanner: RegexScanner, groups: Groups): RegexNode {
  if (scanner.read() !== code('<')) throw scanner.error("\\k is not followed by '<' for named capturing group");
  const name = readGroupName(scanner, scanner.read());
  const index = groups.names.get(name);
  if (index === undefined) throw scanner.error(`named capturing group <${name}> does not exist`);
  return reference(scanner, index, groups);
}

function reference(scanner: RegexScanner, index: number, groups: Groups): RegexNode {
  groups.hasReference = true;
  return { kind: 'reference', index, folding: foldingOf(scanner.flags) };
}

/** The name of a group up to its `>`. @param first its first character, already read */
export function readGroupName(scanner: RegexScanner, first: number): string {
  if (!isLetter(first)) throw scanner.error('capturing group name does not start with a Latin letter');
  let name = '';
  let c = first;
  do {
    name += textOf(c);
    c = scanner.read();
  } while (isLetter(c) || isDigit(c));
  if (c !== code('>')) throw scanner.error("named capturing group is missing trailing '>'");
  return name;
}

/** One to three octal digits, at most `\0377`. */
function readOctal(scanner: RegexScanner): number {
  const digits = [scanner.read()];
  if (!isOctalDigit(digits[0] ?? 0)) throw scanner.error('Illegal octal escape sequence');
  const limit = digits[0] !== undefined && digits[0] <= code('3') ? 3 : 2;
  while (digits.length < limit) {
    const c = scanner.read();
    if (!isOctalDigit(c)) {
      scanner.unread();
      break;
    }
    digits.push(c);
  }
  return Number.parseInt(digits.map(textOf).join(''), 8);
}

/** `\xhh` or `\x{h...h}`. */
function readHex(scanner: RegexScanner): number {
  const first = scanner.read();
  if (isHexDigit(first)) {
    const second = scanner.read();
    if (isHexDigit(second)) return Number.parseInt(textOf(first) + textOf(second), 16);
  } else if (first === code('{') && isHexDigit(scanner.peek())) {
    let value = 0;
    let c = scanner.read();
    for (; isHexDigit(c); c = scanner.read()) {
      value = value * 16 + Number.parseInt(textOf(c), 16);
      if (value > MAX_CODE_POINT) throw scanner.error('Hexadecimal codepoint is too big');
    }
    if (c !== code('}')) throw scanner.error('Unclosed hexadecimal escape sequence');
    return value;
  }
  throw scanner.error('Illegal hexadecimal escape sequence');
}

function readFourHexDigits(scanner: RegexScanner): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const c = scanner.read();
    if (!isHexDigit(c)) throw scanner.error('Illegal Unicode escape sequence');
    value = value * 16 + Number.parseInt(textOf(c), 16);
  }
  return value;
}

/** `\uhhhh`; two of them may be the halves of one code point. */
function readUnicode(scanner: RegexScanner): number {
  const unit = readFourHexDigits(scanner);
  if (unit < 0xd800 || unit > 0xdbff) return unit;
  const behind = scanner.cursor;
  if (scanner.read() === code('\\') && scanner.read() === code('u')) {
    const low = readFourHexDigits(scanner);
    if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  scanner.cursor = behind;
  return unit;
}

/** `\N{name of a character}`. */
function readCharName(scanner: RegexScanner): number {
  if (scanner.read() !== code('{')) throw scanner.error('Illegal character name escape sequence');
  const start = scanner.cursor;
  while (scanner.read() !== code('}')) {
    if (scanner.atEnd) throw scanner.error('Unclosed character name escape sequence');
  }
  const name = scanner.slice(start, scanner.cursor - 1);
  const found = codePointOfName(name);
  if (found === undefined) throw scanner.error(`Unknown character name [${name}]`);
  return found;
}

/** `\pL` or `\p{Name}`, with a capital P all other characters; the cursor stands on the letter p. */
export function readFamily(scanner: RegexScanner): CharTest {
  const complement = scanner.at(scanner.cursor) === code('P');
  const test = namedClass(readFamilyName(scanner), scanner.flags);
  if (typeof test === 'string') throw scanner.error(test);
  return complement ? c => !test(c) : test;
}

function readFamilyName(scanner: RegexScanner): string {
  if (scanner.next() !== code('{')) {
    const single = scanner.at(scanner.cursor);
    scanner.read();
    return textOf(single);
  }
  scanner.next();
  const start = scanner.cursor;
  // If there is no closing brace, Java reports the place after a brace that it adds itself.
  while (scanner.cursor < scanner.length && scanner.at(scanner.cursor) !== code('}')) scanner.cursor++;
  scanner.cursor++;
  if (scanner.cursor > scanner.length) throw scanner.error('Unclosed character family');
  if (start + 1 >= scanner.cursor) throw scanner.error('Empty character family');
  return scanner.slice(start, scanner.cursor - 1);
}
