/** Names of characters, as far as a pattern for topics needs them: ASCII. */

const DIGITS = ['ZERO', 'ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'EIGHT', 'NINE'];

const SIGNS: Readonly<Record<string, string>> = {
  SPACE: ' ',
  'EXCLAMATION MARK': '!',
  'QUOTATION MARK': '"',
  'NUMBER SIGN': '#',
  'DOLLAR SIGN': '$',
  'PERCENT SIGN': '%',
  AMPERSAND: '&',
  APOSTROPHE: "'",
  'LEFT PARENTHESIS': '(',
  'RIGHT PARENTHESIS': ')',
  ASTERISK: '*',
  'PLUS SIGN': '+',
  COMMA: ',',
  'HYPHEN-MINUS': '-',
  'FULL STOP': '.',
  SOLIDUS: '/',
  COLON: ':',
  SEMICOLON: ';',
  'LESS-THAN SIGN': '<',
  'EQUALS SIGN': '=',
  'GREATER-THAN SIGN': '>',
  'QUESTION MARK': '?',
  'COMMERCIAL AT': '@',
  'LEFT SQUARE BRACKET': '[',
  'REVERSE SOLIDUS': '\\',
  'RIGHT SQUARE BRACKET': ']',
  'CIRCUMFLEX ACCENT': '^',
  'LOW LINE': '_',
  'GRAVE ACCENT': '`',
  'LEFT CURLY BRACKET': '{',
  'VERTICAL LINE': '|',
  'RIGHT CURLY BRACKET': '}',
  TILDE: '~',
};

/** The code point of this name, in any case; undefined for names beyond ASCII. */
export function codePointOfName(name: string): number | undefined {
  const upper = name.trim().toUpperCase();
  const [, size, letter] = /^LATIN (SMALL|CAPITAL) LETTER ([A-Z])$/.exec(upper) ?? [];
  if (letter) return (size === 'SMALL' ? letter.toLowerCase() : letter).charCodeAt(0);
  const digit = upper.startsWith('DIGIT ') ? DIGITS.indexOf(upper.slice('DIGIT '.length)) : -1;
  if (digit >= 0) return 0x30 + digit;
  return Object.hasOwn(SIGNS, upper) ? SIGNS[upper]?.charCodeAt(0) : undefined;
}
