/**
 * The named character classes of java.util.regex, such as `\p{Alpha}`, `\p{IsLatin}` and `\p{javaLowerCase}`, and those by letter, such as
 * `\w`.
 */
import type { CharTest, Flags } from './regex-syntax';
import { unicodeBlock } from './unicode-blocks';

const ASCII = 0x80;
const ANY_CASE = '\\p{Lu}\\p{Ll}\\p{Lt}';
const LETTER_OR_DIGIT = '\\p{L}\\p{Nd}';
const IGNORABLE = '\\0-\\x08\\x0e-\\x1b\\x7f-\\x9f\\p{Cf}';
const IDENTIFIER_START = '\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}';

const CLASSES = new Map<string, CharTest>();

/** A test for the members of a class of JavaScript. It is built once and cached; the cache is bounded by the number of valid names. */
export function charClass(members: string): CharTest {
  const known = CLASSES.get(members);
  if (known) return known;
  const test = buildClass(members);
  CLASSES.set(members, test);
  return test;
}

/** Results for ASCII are cached, since nearly all topic names are ASCII. */
function buildClass(members: string): CharTest {
  const pattern = new RegExp(`^[${members}]$`, 'u');
  const known = Array.from({ length: ASCII }, (_, c) => pattern.test(String.fromCodePoint(c)));
  return c => known[c] ?? pattern.test(String.fromCodePoint(c));
}

/** Classes of ASCII characters. */
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  ASCII: '\\0-\\x7f',
  Alnum: 'a-zA-Z0-9',
  Alpha: 'a-zA-Z',
  Blank: ' \\t',
  Cntrl: '\\0-\\x1f\\x7f',
  Digit: '0-9',
  Graph: '!-~',
  Lower: 'a-z',
  Print: ' -~',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: '\\t-\\r ',
  Upper: 'A-Z',
  XDigit: '0-9a-fA-F',
};

/** The methods `isX` of java.lang.Character. */
const JAVA_CLASSES: Readonly<Record<string, string>> = {
  LowerCase: '\\p{Lowercase}',
  UpperCase: '\\p{Uppercase}',
  Alphabetic: '\\p{Alphabetic}',
  Ideographic: '\\p{Ideographic}',
  TitleCase: '\\p{Lt}',
  Digit: '\\p{Nd}',
  Defined: '\\P{Cn}',
  Letter: '\\p{L}',
  LetterOrDigit: LETTER_OR_DIGIT,
  JavaIdentifierStart: IDENTIFIER_START,
  JavaIdentifierPart: `${IDENTIFIER_START}\\p{Nd}\\p{Mn}\\p{Mc}${IGNORABLE}`,
  UnicodeIdentifierStart: '\\p{ID_Start}',
  UnicodeIdentifierPart: `\\p{ID_Continue}${IGNORABLE}`,
  IdentifierIgnorable: IGNORABLE,
  SpaceChar: '\\p{Z}',
  Whitespace: '\\t-\\r\\x1c- \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000',
  ISOControl: '\\0-\\x1f\\x7f-\\x9f',
  Mirrored: '\\p{Bidi_Mirrored}',
};

/** General categories, one or two letters. */
const CATEGORIES = new Set(
  'Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S'.split(' '),
);

/** Further names of Java beside the general categories. */
const FURTHER_CATEGORIES: Readonly<Record<string, string>> = {
  LC: ANY_CASE,
  LD: LETTER_OR_DIGIT,
  L1: '\\0-\\xff',
  all: '\\0-\\u{10ffff}',
};

/** Properties of Unicode, below their names in capitals. */
const UNICODE_PROPERTIES: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  ASSIGNED: '\\P{Cn}',
  CONTROL: '\\p{Cc}',
  HEXDIGIT: '\\p{Nd}a-fA-F\\uff21-\\uff26\\uff41-\\uff46',
  HEX_DIGIT: '\\p{Nd}a-fA-F\\uff21-\\uff26\\uff41-\\uff46',
  IDEOGRAPHIC: '\\p{Ideographic}',
  JOINCONTROL: '\\u200c\\u200d',
  JOIN_CONTROL: '\\u200c\\u200d',
  LETTER: '\\p{L}',
  LOWERCASE: '\\p{Lowercase}',
  NONCHARACTERCODEPOINT: '\\p{Noncharacter_Code_Point}',
  NONCHARACTER_CODE_POINT: '\\p{Noncharacter_Code_Point}',
  TITLECASE: '\\p{Lt}',
  PUNCTUATION: '\\p{P}',
  UPPERCASE: '\\p{Uppercase}',
  WHITESPACE: '\\p{Z}\\t-\\r\\x85',
  WHITE_SPACE: '\\p{Z}\\t-\\r\\x85',
  WORD: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d',
};

/** What the POSIX names mean under the flag U. */
const POSIX_IN_UNICODE: Readonly<Record<string, string>> = {
  ALPHA: '\\p{Alphabetic}',
  LOWER: '\\p{Lowercase}',
  UPPER: '\\p{Uppercase}',
  SPACE: '\\p{Z}\\t-\\r\\x85',
  PUNCT: '\\p{P}',
  XDIGIT: '\\p{Nd}a-fA-F\\uff21-\\uff26\\uff41-\\uff46',
  ALNUM: '\\p{Alphabetic}\\p{Nd}',
  CNTRL: '\\p{Cc}',
  DIGIT: '\\p{Nd}',
  BLANK: '\\p{Zs}\\t',
  GRAPH: '\\P{Z}',
  PRINT: '\\P{Z}\\p{Zs}',
};

/** Neither white space nor control, surrogate or unassigned. */
const NOT_GRAPHIC = charClass('\\p{Z}\\t-\\r\\x85\\p{Cc}\\p{Cs}\\p{Cn}');
const NOT_PRINTED = charClass('\\p{Zl}\\p{Zp}\\t-\\r\\x85\\p{Cc}\\p{Cs}\\p{Cn}');

/** If case is ignored, the classes of lower and upper case letters include each other. */
const CASED_CLASSES: Readonly<Record<string, string>> = {
  Lu: ANY_CASE,
  Ll: ANY_CASE,
  Lt: ANY_CASE,
  Lower: 'a-zA-Z',
  Upper: 'a-zA-Z',
  LowerCase: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  UpperCase: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  TitleCase: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
};
const CASED_PROPERTY = '\\p{Lowercase}\\p{Uppercase}\\p{Lt}';
const CASED_PROPERTIES = new Set(['LOWERCASE', 'UPPERCASE', 'TITLECASE', 'LOWER', 'UPPER']);

function lookUp(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function membersOf(name: string): string | undefined {
  if (CATEGORIES.has(name)) return `\\p{${name}}`;
  const java = name.startsWith('java') ? lookUp(JAVA_CLASSES, name.slice('java'.length)) : undefined;
  return lookUp(POSIX_CLASSES, name) ?? lookUp(FURTHER_CATEGORIES, name) ?? java;
}

/** A class by its exact name: general category, POSIX class or method of java.lang.Character. */
function byName(name: string, flags: Flags): CharTest | undefined {
  const cased = flags.ignoreCase ? lookUp(CASED_CLASSES, name.replace(/^java/, '')) : undefined;
  const members = membersOf(name);
  return members === undefined ? undefined : charClass(cased ?? members);
}

function byProperty(table: Readonly<Record<string, string>>, name: string, flags: Flags): CharTest | undefined {
  const upper = name.toUpperCase();
  if (table === POSIX_IN_UNICODE && upper === 'GRAPH') return c => !NOT_GRAPHIC(c);
  if (table === POSIX_IN_UNICODE && upper === 'PRINT') return c => !NOT_PRINTED(c);
  const members = lookUp(table, upper);
  if (members === undefined) return undefined;
  return charClass(flags.ignoreCase && CASED_PROPERTIES.has(upper) ? CASED_PROPERTY : members);
}

/** A script by its name or its code of four letters, in any case. */
function byScript(name: string): CharTest | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const cased = name.toLowerCase().replace(/(?:^|_)[a-z]/g, start => start.toUpperCase());
  try {
    return charClass(`\\p{Script=${cased === 'Signwriting' ? 'SignWriting' : cased}}`);
  } catch {
    return undefined;
  }
}

/** The class that `\p{...}` names, or an error text. */
export function namedClass(text: string, flags: Flags): CharTest | string {
  const equals = text.indexOf('=');
  if (equals >= 0) return propertyWithValue(text.slice(0, equals).toLowerCase(), text.slice(equals + 1), flags);
  if (text.startsWith('In')) return unicodeBlock(text.slice(2)) ?? `Unknown character property name {${text}}`;
  if (text.startsWith('Is')) {
    const name = text.slice(2);
    const property = byProperty(UNICODE_PROPERTIES, name, flags) ?? byProperty(POSIX_IN_UNICODE, name, flags);
    const test = property ?? byName(name, flags) ?? byScript(name);
    return test ?? `Unknown character property name {${text}}`;
  }
  const posix = flags.unicodeClasses ? byProperty(POSIX_IN_UNICODE, text, flags) : undefined;
  return posix ?? byName(text, flags) ?? `Unknown character property name {${text}}`;
}

function propertyWithValue(name: string, value: string, flags: Flags): CharTest | string {
  const test = testByValue(name, value, flags);
  return test ?? `Unknown Unicode property {name=<${name}>, value=<${value}>}`;
}

function testByValue(name: string, value: string, flags: Flags): CharTest | undefined {
  switch (name) {
    case 'sc':
    case 'script':
      return byScript(value);
    case 'blk':
    case 'block':
      return unicodeBlock(value);
    case 'gc':
    case 'general_category':
      return byName(value, flags);
    default:
      return undefined;
  }
}

const LETTER_CLASSES: Readonly<Record<string, CharTest>> = {
  d: charClass('0-9'),
  h: charClass(' \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'),
  s: charClass('\\t-\\r '),
  v: charClass('\\n-\\r\\x85\\u2028\\u2029'),
  w: charClass('a-zA-Z0-9_'),
};
const UNICODE_LETTER_CLASSES: Readonly<Record<string, CharTest>> = {
  d: charClass('\\p{Nd}'),
  s: charClass('\\p{Z}\\t-\\r\\x85'),
  w: charClass('\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d'),
};

/** The class of an escaped letter, `\d` `\h` `\s` `\v` `\w` or a capital for all other characters; undefined for other letters. */
export function letterClass(letter: string, unicodeClasses: boolean): CharTest | undefined {
  const small = letter.toLowerCase();
  const test = (unicodeClasses && UNICODE_LETTER_CLASSES[small]) || LETTER_CLASSES[small];
  if (!test || small === letter) return test;
  return c => !test(c);
}
