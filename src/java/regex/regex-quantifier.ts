/** Quantifiers: `?`, `*`, `+`, `{2,5}`, each greedy, lazy or possessive. */
import type { RegexScanner } from './regex-scanner';
import { type RegexNode, type RepeatMode, UNLIMITED } from './regex-syntax';

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const COMMA = 0x2c;
const PLUS = 0x2b;
const QUESTION_MARK = 0x3f;
const CLOSING_BRACE = 0x7d;

/** The node with its quantifier, or unchanged. @throws PatternSyntaxException */
export function readQuantifier(scanner: RegexScanner, body: RegexNode): RegexNode {
  const repeat = (min: number, max: number, optional: boolean): RegexNode => {
    return { kind: 'repeat', body, min, max, mode: readMode(scanner), optional };
  };
  switch (String.fromCodePoint(scanner.peek())) {
    case '?':
      scanner.next();
      return repeat(0, 1, true);
    case '*':
      scanner.next();
      return repeat(0, UNLIMITED, false);
    case '+':
      scanner.next();
      return repeat(1, UNLIMITED, false);
    case '{': {
      const [min, max] = readCounts(scanner);
      return repeat(min, max, min === 0 && max === 1);
    }
    default:
      return body;
  }
}

function readMode(scanner: RegexScanner): RepeatMode {
  const c = scanner.peek();
  if (c !== QUESTION_MARK && c !== PLUS) return 'greedy';
  scanner.next();
  return c === PLUS ? 'possessive' : 'lazy';
}

function readCounts(scanner: RegexScanner): [number, number] {
  const first = scanner.skip();
  if (!isDigit(first)) throw scanner.error('Illegal repetition');
  scanner.unread();
  const [min, behindMin] = readCount(scanner);
  let max = min;
  let closing = behindMin;
  if (closing === COMMA) {
    if (scanner.peek() === CLOSING_BRACE) {
      max = UNLIMITED;
      closing = scanner.read();
    } else {
      [max, closing] = readCount(scanner);
    }
  }
  if (closing !== CLOSING_BRACE) throw scanner.error('Unclosed counted closure');
  if (max < min) throw scanner.error('Illegal repetition range');
  return [min, max];
}

/** A number of up to 31 bits, and the character after it. */
function readCount(scanner: RegexScanner): [number, number] {
  let count = 0;
  let c = scanner.read();
  for (; isDigit(c); c = scanner.read()) {
    count = count * 10 + (c - 0x30);
    if (count > UNLIMITED) throw scanner.error('Illegal repetition range');
  }
  return [count, c];
}
