/**
 * Uses JavaScript's engine for patterns on which it provably agrees with Java's and whose steps are bounded; the interpreter matches the
 * others.
 */
import { MATCHED, planPattern, TEXT_END } from './regex-cost';
import type { FoundMatch, Matcher } from './regex-matcher';
import type { ParsedPattern, RegexNode } from './regex-syntax';

/** Text lengths for which a pattern may be compiled, the longest first. */
const TEXT_LENGTHS = [4096, 512, 256, 64] as const;

/** Characters of the longest expression that is compiled: V8 takes hundredths of a second for more. */
const MAX_SOURCE_LENGTH = 1024;

/** A pattern as JavaScript's expression, for texts of up to a length; -1 if it cannot be used. */
interface NativePattern {
  readonly expression: RegExp;
  readonly maxLength: number;
}

const NONE: NativePattern = { expression: /(?:)/, maxLength: -1 };

/** Where a pattern is matched: on the whole text, at its beginning, or anywhere. */
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
 * A matcher that uses JavaScript's engine where it can. Compiles with the first text, since validation has none.
 * @param maxSteps the most steps of one attempt in the worst case
 */
export function preferNative({ root }: ParsedPattern, interpreter: Matcher, maxSteps: number): Matcher {
  const compiled: Partial<Record<Scope, NativePattern>> = {};
  /** The engine's result; undefined if it cannot be used. */
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
      // RegexRouter has matched the whole text before, so the match is at the beginning: one attempt instead of one at each place.
      const found = execute('start', text) ?? execute('anywhere', text);
      return found === undefined ? interpreter.find(text) : toMatch(found);
    },
  };
}

function toMatch(found: RegExpExecArray | null): FoundMatch | null {
  return found && { start: found.index, end: found.index + found[0].length, groups: found };
}
