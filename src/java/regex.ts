/**
 * Regular expressions of settings, which users write for java.util.regex. The syntax, the way of matching, and the texts of errors are
 * Java's. As in Java, a pattern such as `(a*)*(b*)*c` may take a time that doubles with each character of the text; topic names, at
 * most 249 characters, are what patterns are for here.
 */
import type { Matcher } from './regex-matcher';

/** The engine is loaded with the first pattern: most workers have none, and it takes longer than all other settings. */
const matcherModule = (): typeof import('./regex-matcher') => require('./regex-matcher') as typeof import('./regex-matcher');
const parserModule = (): typeof import('./regex-parser') => require('./regex-parser') as typeof import('./regex-parser');
const replacementModule = (): typeof import('./regex-replacement') =>
  require('./regex-replacement') as typeof import('./regex-replacement');

/** A compiled pattern. */
export class JavaPattern {
  private readonly matcher: Matcher;
  private readonly groupNames: ReadonlyMap<string, number>;

  /** @throws PatternSyntaxException with Java's text */
  constructor(readonly pattern: string) {
    const parsed = parserModule().parsePattern(pattern);
    this.groupNames = parsed.groupNames;
    this.matcher = matcherModule().createMatcher(parsed);
  }

  /** True if the whole text matches (Matcher.matches). */
  matches(text: string): boolean {
    return this.matcher.matchWhole(text) !== null;
  }

  /**
   * The text with the first match replaced (Matcher.replaceFirst).
   * @throws IllegalArgumentException or IndexOutOfBoundsException for a replacement that does not fit the pattern
   */
  replaceFirst(text: string, replacement: string): string {
    const groups = this.matcher.find(text);
    if (!groups) return text;
    const expanded = replacementModule().expandReplacement(replacement, { text, groups, groupNames: this.groupNames });
    return text.slice(0, groups[0]) + expanded + text.slice(groups[1]);
  }
}

/** Tells whether a whole text matches. */
export interface FullMatch {
  test(text: string): boolean;
}

/** A pattern that must match the whole text. @throws PatternSyntaxException with Java's text */
export function compileFullMatch(pattern: string): FullMatch {
  const compiled = new JavaPattern(pattern);
  return { test: text => compiled.matches(text) };
}
