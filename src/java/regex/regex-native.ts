/** Has JavaScript's engine match where it provably agrees with Java's and cannot run away; all else is left to the interpreter. */
import { MATCHED, planPattern, TEXT_END } from './regex-cost';
import type { FoundMatch, Matcher } from './regex-matcher';
import type { ParsedPattern, RegexNode } from './regex-syntax';

/** Characters of the longest texts for which a pattern may be compiled, the most first. */
const TEXT_LENGTHS = [4096, 512, 256, 64] as const;

/** Characters of the longest expression that is compiled: V8 takes hundredths of a second for more. */
const MAX_SOURCE_LENGTH = 1024;

/** A pattern in JavaScript's words, for texts of up to so many characters; -1: for none. */
interface NativePattern {
  readonly expression: RegExp;
  readonly maxLength: number;
}

const NONE: NativePattern = { expression: /(?:)/, maxLength: -1 };

/** Where a pattern is tried: on the whole text, from its beginning, or from each of its places. */
type Scope = 'whole' | 'start' | 'anywhere';

const WRITTEN = {
  whole: source => new RegExp(`^(?:${source})$`),
  start: source => new RegExp(source, 'y'),
  anywhere: source => new RegExp(source),
} satisfies Record<Scope, (source: string) => RegExp>;

function compile(root: RegexNode, scope: Scope, maxSteps: number): NativePattern {
  for (const maxLength of TEXT_LENGTHS) {
    const { source, steps } = planPattern(root, scope === 'whole' ? TEXT_END : MATCHED, maxLength);
    if (!Number.isFinite(steps) || source.length > MAX_SOURCE_LENGTH) break;
    const starts = scope === 'anywhere' ? maxLength + 1 : 1;
    if (steps * starts <= maxSteps) return { expression: WRITTEN[scope](source), maxLength };
  }
  return NONE;
}

const BEYOND_ASCII = /[^\0-\x7f]/;

const suits = ({ maxLength }: NativePattern, text: string): boolean => text.length <= maxLength && !BEYOND_ASCII.test(text);

/**
 * The matcher that has JavaScript's engine do what it can. Compiles when the first text comes, since validation has none.
 * @param maxSteps what the engine may take for one try in the worst case
 */
export function preferNative({ root }: ParsedPattern, interpreter: Matcher, maxSteps: number): Matcher {
  const compiled: Partial<Record<Scope, NativePattern>> = {};
  /** The engine's answer, undefined if it may not be asked. */
  const execute = (scope: Scope, text: string): RegExpExecArray | null | undefined => {
    compiled[scope] ??= compile(root, scope, maxSteps);
    const pattern = compiled[scope];
    if (!suits(pattern, text)) return undefined;
    pattern.expression.lastIndex = 0;
    return pattern.expression.exec(text);
  };
  return {
    matchWhole: text => {
      const found = execute('whole', text);
      return found === undefined ? interpreter.matchWhole(text) : found !== null;
    },
    find: text => {
      // what matches the whole text, which RegexRouter asks before, begins where it begins: one try instead of one at each place
      const found = execute('start', text) ?? execute('anywhere', text);
      return found === undefined ? interpreter.find(text) : toMatch(found);
    },
  };
}

function toMatch(found: RegExpExecArray | null): FoundMatch | null {
  return found && { start: found.index, end: found.index + found[0].length, groups: found };
}
