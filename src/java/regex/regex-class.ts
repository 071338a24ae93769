/** Character classes in brackets: unions, ranges, negation, and intersections by `&&`, with Java's precedence. */
import { charRange, singleChar } from './regex-case';
import { type Groups, readEscape, readFamily } from './regex-escapes';
import type { RegexScanner } from './regex-scanner';
import { type CharTest, foldingOf } from './regex-syntax';

const AMPERSAND = 0x26;
const HYPHEN = 0x2d;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const CARET = 0x5e;

const either = (a: CharTest | null, b: CharTest): CharTest => (a ? c => a(c) || b(c) : b);
const both =
  (a: CharTest, b: CharTest): CharTest =>
  c =>
    a(c) && b(c);

/** Reads one class, which may hold others. */
class ClassReader {
  /** The test of what was read up to the last `&&` or nested class; single characters since then are kept apart. */
  private members: CharTest | null = null;
  private singles: CharTest | null = null;
  /** The last part that was not a single character; an intersection without a right side repeats it. */
  private latest: CharTest | null = null;

  constructor(
    private readonly scanner: RegexScanner,
    private readonly groups: Groups,
  ) {}

  /** @param closes true if the closing bracket belongs to this class, false if to the one around it */
  read(closes: boolean): CharTest {
    const { scanner } = this;
    let c = scanner.next();
    const negated = c === CARET && scanner.at(scanner.cursor - 1) === OPEN;
    if (negated) c = scanner.next();
    for (; ; c = scanner.peek()) {
      if (c === OPEN) this.add(readClass(scanner, this.groups));
      else if (c === AMPERSAND && this.readIntersection()) continue;
      else if (c === 0 && scanner.atEnd) throw scanner.error('Unclosed character class');
      else if (c === CLOSE && (this.members || this.singles)) break;
      else this.readMember();
    }
    if (closes) scanner.next();
    const test = this.all();
    return negated ? code => !test(code) : test;
  }

  private add(test: CharTest): void {
    this.latest = test;
    this.members = either(this.members, test);
  }

  private addSingle(codePoint: number): void {
    const test = singleChar(codePoint, foldingOf(this.scanner.flags));
    if (codePoint > 0xff) {
      this.add(test);
      return;
    }
    this.latest = null;
    this.singles = either(this.singles, test);
  }

  private all(): CharTest {
    const { members, singles } = this;
    return singles ? either(members, singles) : (members ?? (() => false));
  }

  /** After one ampersand: reads the intersection, if a second one follows. */
  private readIntersection(): boolean {
    const { scanner } = this;
    if (scanner.next() !== AMPERSAND) {
      scanner.unread();
      return false;
    }
    const right = this.readRightSide();
    if (this.singles) {
      // After single characters alone, Java takes them as the last part.
      this.latest = this.members ? this.latest : this.singles;
      this.members = this.all();
      this.singles = null;
    }
    if (right) this.latest = right;
    if (this.members) this.members = both(this.members, this.latest ?? this.members);
    else if (right) this.members = right;
    else throw scanner.error('Bad class syntax');
    return true;
  }

  private readRightSide(): CharTest | null {
    const { scanner } = this;
    let right: CharTest | null = null;
    for (let c = scanner.next(); c !== CLOSE && c !== AMPERSAND; c = scanner.peek()) {
      if (c === OPEN) {
        right = either(right, readClass(scanner, this.groups));
      } else {
        scanner.unread();
        right = either(right, new ClassReader(scanner, this.groups).read(false));
      }
    }
    return right;
  }

  /** A character, a range, or a named class. */
  private readMember(): void {
    const { scanner } = this;
    if (scanner.peek() === BACKSLASH) {
      const letter = scanner.nextEscaped();
      if (letter === 0x70 || letter === 0x50) {
        this.add(readFamily(scanner));
        return;
      }
      const isRange = scanner.at(scanner.cursor + 1) === HYPHEN;
      scanner.unread();
      const escaped = readEscape(scanner, { groups: this.groups, inClass: true, inRange: isRange });
      if (typeof escaped === 'number') this.readRange(escaped);
      else if (escaped.kind === 'char') this.add(escaped.test);
      return;
    }
    const c = scanner.peek();
    scanner.next();
    this.readRange(c);
  }

  private readRange(first: number): void {
    const { scanner } = this;
    const follower = scanner.peek() === HYPHEN ? scanner.at(scanner.cursor + 1) : CLOSE;
    if (follower === CLOSE || follower === OPEN) {
      this.addSingle(first);
      return;
    }
    scanner.next();
    const last = this.readRangeEnd();
    if (last < first) throw scanner.error('Illegal character range');
    this.add(charRange(first, last, foldingOf(scanner.flags)));
  }

  private readRangeEnd(): number {
    const { scanner } = this;
    const c = scanner.peek();
    if (c !== BACKSLASH) {
      scanner.next();
      return c;
    }
    const escaped = readEscape(scanner, { groups: this.groups, inClass: true, inRange: true });
    return typeof escaped === 'number' ? escaped : -1;
  }
}

/** Reads a class; the cursor stands on its opening bracket. @throws PatternSyntaxException */
export function readClass(scanner: RegexScanner, groups: Groups): CharTest {
  return new ClassReader(scanner, groups).read(true);
}
