/** Parses patterns of java.util.regex, with its rules and error texts. */
import { ASSERTIONS, isLineTerminator } from './regex-assertions';
import { singleChar } from './regex-case';
import { readClass } from './regex-class';
import { type Groups, readEscape, readFamily, readGroupName } from './regex-escapes';
import { readQuantifier } from './regex-quantifier';
import { RegexScanner } from './regex-scanner';
import { study } from './regex-study';
import { type Flags, foldingOf, type ParsedPattern, type RegexNode } from './regex-syntax';

/** The flags of inline letters such as the `i` of `(?i)`. */
const FLAG_LETTERS: Readonly<Record<string, Partial<Flags>>> = {
  i: { ignoreCase: true },
  d: { unixLines: true },
  m: { multiline: true },
  s: { dotAll: true },
  u: { unicodeCase: true },
  x: { comments: true },
  U: { unicodeClasses: true, unicodeCase: true },
};

const EMPTY: RegexNode = { kind: 'sequence', nodes: [] };

/** @throws PatternSyntaxException with Java's text */
export function parsePattern(pattern: string): ParsedPattern {
  return new PatternParser(pattern).parse();
}

class PatternParser {
  private readonly scanner: RegexScanner;
  private readonly groups: Groups = { count: 0, names: new Map(), hasReference: false };

  constructor(pattern: string) {
    this.scanner = new RegexScanner(pattern);
  }

  parse(): ParsedPattern {
    const { scanner, groups } = this;
    const root = this.readChoices();
    if (scanner.cursor !== scanner.length) {
      throw scanner.error(this.peekChar() === ')' ? "Unmatched closing ')'" : 'Unexpected internal error');
    }
    return { root, groupCount: groups.count, groupNames: groups.names, hasReference: groups.hasReference };
  }

  private peekChar(): string {
    return String.fromCodePoint(this.scanner.peek());
  }

  private readChoices(): RegexNode {
    const choices = [this.readSequence()];
    while (this.peekChar() === '|') {
      this.scanner.next();
      choices.push(this.readSequence());
    }
    const [only = EMPTY] = choices;
    return choices.length === 1 ? only : { kind: 'choice', choices };
  }

  private readSequence(): RegexNode {
    const { scanner } = this;
    const nodes: RegexNode[] = [];
    for (;;) {
      const char = this.peekChar();
      if (char === '|' || char === ')' || (char === '\0' && scanner.atEnd)) break;
      const node = char === '(' ? this.readGroup() : readQuantifier(scanner, this.readAtom(char));
      if (node) nodes.push(node);
    }
    const [only = EMPTY] = nodes;
    return nodes.length === 1 ? only : { kind: 'sequence', nodes };
  }

  private readAtom(char: string): RegexNode {
    const { scanner } = this;
    switch (char) {
      case '[':
        return this.readBrackets();
      case '\\':
        return this.readEscaped();
      case '^':
      case '$':
        scanner.next();
        return { kind: 'assertion', holds: lineAssertion(char, scanner.flags) };
      case '.':
        scanner.next();
        return { kind: 'char', test: dotTest(scanner.flags) };
      case '?':
      case '*':
      case '+':
        scanner.next();
        throw scanner.error(`Dangling meta character '${char}'`);
      case '{':
        // An empty node, which the braces repeat.
        return EMPTY;
      default: {
        const codePoint = scanner.peek();
        scanner.next();
        return this.literal(codePoint);
      }
    }
  }

  private readBrackets(): RegexNode {
    const start = this.scanner.cursor;
    const test = readClass(this.scanner, this.groups);
    return { kind: 'char', test, parts: this.scanner.cursor - start };
  }

  private literal(codePoint: number): RegexNode {
    return { kind: 'char', test: singleChar(codePoint, foldingOf(this.scanner.flags)) };
  }

  private readEscaped(): RegexNode {
    const { scanner } = this;
    const letter = String.fromCodePoint(scanner.nextEscaped());
    if (letter === 'p' || letter === 'P') return { kind: 'char', test: readFamily(scanner) };
    scanner.unread();
    const escaped = readEscape(scanner, { groups: this.groups, inClass: false, inRange: false });
    return typeof escaped === 'number' ? this.literal(escaped) : escaped;
  }

  /** A group with its quantifier; null for flags that apply from here on. */
  private readGroup(): RegexNode | null {
    const { scanner } = this;
    const flags = scanner.flags;
    const node = scanner.next() === 0x3f ? this.readSpecialGroup() : this.readCapturing();
    if (!node) return null;
    this.accept(')', 'Unclosed group');
    scanner.flags = flags;
    return readQuantifier(scanner, node);
  }

  private accept(char: string, otherwise: string): void {
    if (String.fromCodePoint(this.scanner.read()) !== char) throw this.scanner.error(otherwise);
  }

  private readCapturing(): RegexNode {
    const index = ++this.groups.count;
    return { kind: 'group', index, body: this.readChoices() };
  }

  /** The cursor is at the question mark. */
  private readSpecialGroup(): RegexNode | null {
    const { scanner } = this;
    const char = String.fromCodePoint(scanner.skip());
    switch (char) {
      case ':':
        return { kind: 'group', index: 0, body: this.readChoices() };
      case '=':
      case '!':
        return { kind: 'ahead', negative: char === '!', body: this.readChoices() };
      case '>':
        return { kind: 'atomic', body: this.readChoices() };
      case '<':
        return this.readNamedOrLookBehind();
      case '$':
      case '@':
        throw scanner.error('Unknown group type');
      default:
        scanner.unread();
        return this.readFlagGroup();
    }
  }

  private readNamedOrLookBehind(): RegexNode {
    const { scanner, groups } = this;
    const first = scanner.read();
    const sign = String.fromCodePoint(first);
    if (sign === '=' || sign === '!') return this.readLookBehind(sign === '!');
    const name = readGroupName(scanner, first);
    if (groups.names.has(name)) throw scanner.error(`Named capturing group <${name}> is already defined`);
    groups.names.set(name, groups.count + 1);
    return this.readCapturing();
  }

  private readLookBehind(negative: boolean): RegexNode {
    const start = this.scanner.cursor;
    const body = this.readChoices();
    const { min, max, bounded } = study(body);
    if (!bounded) throw this.scanner.error('Look-behind group does not have an obvious maximum length');
    const codePoints = this.hasSupplementary(start);
    return { kind: 'behind', body, negative, min, max, codePoints };
  }

  private hasSupplementary(start: number): boolean {
    for (let i = start; i < this.scanner.length; i++) if (this.scanner.at(i) > 0xffff) return true;
    return false;
  }

  private readFlagGroup(): RegexNode | null {
    const { scanner } = this;
    this.readFlags();
    const char = String.fromCodePoint(scanner.read());
    if (char === ')') return null;
    if (char !== ':') throw scanner.error('Unknown inline modifier');
    return { kind: 'group', index: 0, body: this.readChoices() };
  }

  private readFlags(): void {
    const { scanner } = this;
    let on = true;
    for (let char = this.peekChar(); ; char = String.fromCodePoint(scanner.next())) {
      const flag = Object.hasOwn(FLAG_LETTERS, char) ? FLAG_LETTERS[char] : undefined;
      if (char === '-' && on) on = false;
      else if (char === 'c') throw scanner.error('Canonical equivalence, (?c), is not supported here');
      else if (!flag) return;
      else scanner.flags = { ...scanner.flags, ...(on ? flag : switchedOff(flag)) };
    }
  }
}

function switchedOff(flag: Partial<Flags>): Partial<Flags> {
  return Object.fromEntries(Object.keys(flag).map(name => [name, false]));
}

function lineAssertion(char: '^' | '$', { multiline, unixLines }: Flags): (typeof ASSERTIONS)[keyof typeof ASSERTIONS] {
  if (char === '^') {
    if (!multiline) return ASSERTIONS.textStart;
    return unixLines ? ASSERTIONS.unixLineStart : ASSERTIONS.lineStart;
  }
  if (multiline) return unixLines ? ASSERTIONS.unixLineEnd : ASSERTIONS.lineEnd;
  return unixLines ? ASSERTIONS.unixEnd : ASSERTIONS.end;
}

function dotTest({ dotAll, unixLines }: Flags): (codePoint: number) => boolean {
  if (dotAll) return () => true;
  return unixLines ? c => c !== 0x0a : c => !isLineTerminator(c);
}
