/**
 * Regular expressions of settings, which users write for java.util.regex. The syntax, the way of matching, and the texts of errors are
 * Java's. Unlike in Java, a match is bounded: the time of a pattern such as `(.*a){14}x` multiplies with each character of the text, so a
 * match may take MAX_STEPS, hundredths of a second, and is an error beyond. A pattern that provably needs less, and means the same in
 * JavaScript, is matched by JavaScript's engine.
 */
import { ConnectError } from '../../errors';
import type { Matcher } from './regex-matcher';

/** The engine is loaded with the first pattern, since most workers have none and loading it takes longer than all other settings. */
const matcherModule = (): typeof import('./regex-matcher') => require('./regex-matcher') as typeof import('./regex-matcher');
const nativeModule = (): typeof import('./regex-native') => require('./regex-native') as typeof import('./regex-native');
const stepModule = (): typeof import('./regex-step') => require('./regex-step') as typeof import('./regex-step');
const syntaxModule = (): typeof import('./regex-syntax') => require('./regex-syntax') as typeof import('./regex-syntax');
const parserModule = (): typeof import('./regex-parser') => require('./regex-parser') as typeof import('./regex-parser');
const replacementModule = (): typeof import('./regex-replacement') =>
  require('./regex-replacement') as typeof import('./regex-replacement');

/** Steps of one match; longer texts get more, per character as many as a simple pattern may need. */
const MAX_STEPS = 1_000_000;
const STEPS_PER_CHARACTER = 20;
/** Steps for a list of texts: tenths of a second, plus for each text as many as an alternation of a thousand names may need. */
const MAX_LIST_STEPS = 20_000_000;
const LIST_STEPS_PER_TEXT = 10_000;
/** The longest pattern: enough for a list of a thousand topics. */
const MAX_PATTERN_LENGTH = 65_536;
/** The longest pattern that may be compiled for JavaScript's engine: the expression of a longer one would be too long in any case. */
const MAX_NATIVE_LENGTH = 1024;
/** How much of a pattern or text errors quote. */
const QUOTED_CHARACTERS = 200;

const maxSteps = (text: string): number => MAX_STEPS + STEPS_PER_CHARACTER * text.length;
const excerpt = (text: string): string => (text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}...` : text);

/** A compiled pattern. */
export class JavaPattern {
  private readonly matcher: Matcher;
  private readonly groupNames: ReadonlyMap<string, number>;
  /** Steps of all matches so far. */
  private stepsTaken = 0;

  /** @throws PatternSyntaxException with Java's text, or for a pattern that is too long or too deep */
  constructor(readonly pattern: string) {
    if (pattern.length > MAX_PATTERN_LENGTH) {
      const problem = `A regular expression of ${pattern.length} characters is too long: at most ${MAX_PATTERN_LENGTH}`;
      throw syntaxModule().patternError(problem, -1, excerpt(pattern));
    }
    try {
      const parsed = parserModule().parsePattern(pattern);
      this.groupNames = parsed.groupNames;
      const interpreter = matcherModule().createMatcher(parsed, maxSteps, steps => {
        this.stepsTaken += steps;
      });
      this.matcher = pattern.length > MAX_NATIVE_LENGTH ? interpreter : nativeModule().preferNative(parsed, interpreter, MAX_STEPS);
    } catch (error) {
      // Java's text for the same failure.
      if (error instanceof RangeError) throw syntaxModule().patternError('Stack overflow during pattern compilation', -1, excerpt(pattern));
      throw error;
    }
  }

  /**
   * True if the whole text matches (Matcher.matches).
   * @throws ConnectException when it takes too many steps to find out
   */
  matches(text: string): boolean {
    return this.attempt(text, () => this.matcher.matchWhole(text));
  }

  /**
   * The texts of a list that match as a whole. The list has a budget too, since each of many texts may take just less than the limit.
   * @throws ConnectException when it takes too many steps to find out
   */
  matching(texts: readonly string[]): string[] {
    const most = MAX_LIST_STEPS + LIST_STEPS_PER_TEXT * texts.length;
    const before = this.stepsTaken;
    return texts.filter(text => {
      if (this.stepsTaken - before <= most) return this.matches(text);
      throw this.exhausted(`takes more than ${most} steps on a list of ${texts.length} texts, such as ${excerpt(text)}`);
    });
  }

  /**
   * The text with the first match replaced (Matcher.replaceFirst).
   * @throws IllegalArgumentException or IndexOutOfBoundsException for a replacement that does not fit the pattern
   * @throws ConnectException if it takes too many steps
   */
  replaceFirst(text: string, replacement: string): string {
    const match = this.attempt(text, () => this.matcher.find(text));
    if (!match) return text;
    const expanded = replacementModule().expandReplacement(replacement, { groups: match.groups, groupNames: this.groupNames });
    return text.slice(0, match.start) + expanded + text.slice(match.end);
  }

  /** Runs a match within its limits: of steps, and of the stack, for which Java has its StackOverflowError. */
  private attempt<T>(text: string, match: () => T): T {
    try {
      return match();
    } catch (error) {
      if (!(error instanceof stepModule().StepsSpent) && !(error instanceof RangeError)) throw error;
      const what = error instanceof RangeError ? 'nests too deeply' : `takes more than ${maxSteps(text)} steps`;
      throw this.exhausted(`${what} on a text of ${text.length} characters, ${excerpt(text)}`);
    }
  }

  private exhausted(what: string): ConnectError {
    return new ConnectError(
      'ConnectException',
      `The regular expression ${excerpt(this.pattern)} ${what}. ` +
        'It goes back over the same text again and again: avoid repetitions inside repetitions, such as (.*a)*, and several .* in a row',
    );
  }
}

/** A pattern for whole texts. */
export interface FullMatch {
  /** @throws ConnectException when it takes too many steps to find out */
  test(text: string): boolean;
  /** The texts of a list that match. @throws ConnectException when it takes too many steps to find out */
  filter(texts: readonly string[]): string[];
}

/** A pattern that must match the whole text. @throws PatternSyntaxException with Java's text */
export function compileFullMatch(pattern: string): FullMatch {
  const compiled = new JavaPattern(pattern);
  return { test: text => compiled.matches(text), filter: texts => compiled.matching(texts) };
}
