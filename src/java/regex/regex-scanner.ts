/** Reads the code points of a pattern one by one, past white space and comments where the flag `x` is set. */
import type { ConnectError } from '../../errors';
import { type Flags, patternError } from './regex-syntax';

const HASH = 0x23;
const BACKSLASH = 0x5c;
const CAPITAL_Q = 0x51;
const CAPITAL_E = 0x45;

const NO_FLAGS: Flags = {
  ignoreCase: false,
  unixLines: false,
  multiline: false,
  dotAll: false,
  unicodeCase: false,
  comments: false,
  unicodeClasses: false,
};

const isSpace = (c: number): boolean => c === 0x20 || (c >= 0x09 && c <= 0x0d);
const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const isAsciiLetter = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);

/**
 * The cursor over a pattern. It moves exactly as that of java.util.regex, since error texts contain its position; beyond the end it reads
 * zeros. `peek` returns the current code point, `next` advances and returns the new one, `read` returns the current one and advances,
 * `skip` advances past the next one and returns it.
 */
export class RegexScanner {
  flags: Flags = NO_FLAGS;
  cursor = 0;
  /** The code points, quotations already resolved. */
  private readonly codes: readonly number[];

  constructor(readonly pattern: string) {
    this.codes = resolveQuotations([...pattern].map(char => char.codePointAt(0) ?? 0));
  }

  /** Number of code points. */
  get length(): number {
    return this.codes.length;
  }

  /** An error just before the cursor. */
  error(what: string): ConnectError {
    return patternError(what, this.cursor - 1, this.pattern);
  }

  /** The code point at a place, white space or not; 0 beyond the end. */
  at(index: number): number {
    return this.codes[index] ?? 0;
  }

  /** True if the cursor is after the last code point. */
  get atEnd(): boolean {
    return this.cursor >= this.length;
  }

  peek(): number {
    if (this.flags.comments) this.skipToCode();
    return this.at(this.cursor);
  }

  next(): number {
    this.cursor++;
    return this.peek();
  }

  /** As `next`, but does not skip white space, which counts after a backslash. */
  nextEscaped(): number {
    this.cursor++;
    return this.at(this.cursor);
  }

  read(): number {
    if (this.flags.comments) this.skipToCode();
    return this.at(this.cursor++);
  }

  skip(): number {
    this.cursor += 2;
    return this.at(this.cursor - 1);
  }

  unread(): void {
    this.cursor--;
  }

  /** The text between two places. */
  slice(from: number, to: number): string {
    return String.fromCodePoint(...this.codes.slice(from, to));
  }

  private skipToCode(): void {
    for (let c = this.at(this.cursor); isSpace(c) || c === HASH; c = this.at(this.cursor)) {
      if (c === HASH) this.skipLine();
      else this.cursor++;
    }
  }

  private skipLine(): void {
    while (!this.atEnd && !this.isLineSeparator(this.at(this.cursor))) this.cursor++;
  }

  private isLineSeparator(c: number): boolean {
    if (this.flags.unixLines) return c === 0x0a;
    return c === 0x0a || c === 0x0d || c === 0x85 || c === 0x2028 || c === 0x2029;
  }
}

/** Where the first unescaped `\Q` begins; -1 if there is none. */
function findQuotation(codes: readonly number[]): number {
  for (let i = 0; i < codes.length - 1; i++) {
    if (codes[i] !== BACKSLASH) continue;
    if (codes[i + 1] === CAPITAL_Q) return i;
    i++;
  }
  return -1;
}

/** Replaces `\Q...\E` by escaped characters, as Java does before it parses a pattern. */
function resolveQuotations(codes: readonly number[]): readonly number[] {
  const start = findQuotation(codes);
  if (start < 0) return codes;
  const out = codes.slice(0, start);
  for (let i = start; i < codes.length; ) {
    if (codes[i] !== BACKSLASH) {
      out.push(codes[i++] ?? 0);
    } else if (codes[i + 1] === CAPITAL_Q) {
      const end = findQuotationEnd(codes, i + 2);
      out.push(...quoted(codes.slice(i + 2, end)));
      i = end + 2;
    } else {
      out.push(...codes.slice(i, i + 2));
      i += 2;
    }
  }
  return out;
}

/** Where the `\E` is, or the end of the pattern. */
function findQuotationEnd(codes: readonly number[], start: number): number {
  const end = codes.findIndex((c, i) => i >= start && c === BACKSLASH && codes[i + 1] === CAPITAL_E);
  return end < 0 ? codes.length : end;
}

function quoted(codes: readonly number[]): number[] {
  return codes.flatMap((c, i) => {
    // A digit at the beginning must not become part of an escape before it.
    if (i === 0 && isDigit(c)) return [BACKSLASH, 0x78, 0x33, c];
    return c < 0x80 && !isDigit(c) && !isAsciiLetter(c) ? [BACKSLASH, c] : [c];
  });
}
