/** The syntax tree of a java.util.regex pattern, and the error for an invalid one. */
import { ConnectError } from '../../errors';

/** True for the code points of a character or character class. */
export type CharTest = (codePoint: number) => boolean;

/** Greedy takes as much as it can, lazy as little, possessive never gives back. */
export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

/** How often something may repeat; `UNLIMITED` is Java's MAX_REPS. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly body: RegexNode;
  readonly min: number;
  readonly max: number;
  readonly mode: RepeatMode;
  /** True for `?` and `{0,1}`. */
  readonly optional: boolean;
}

export const UNLIMITED = 0x7fffffff;

/** A group; `index` 0 captures nothing. */
export interface Group {
  readonly kind: 'group';
  readonly body: RegexNode;
  readonly index: number;
}

/** A lookbehind tries all lengths from `min` to `max`, counted in code points if the pattern has some beyond U+FFFF. */
export interface LookBehind {
  readonly kind: 'behind';
  readonly body: RegexNode;
  readonly negative: boolean;
  readonly min: number;
  readonly max: number;
  readonly codePoints: boolean;
}

/** A test of a place in the text; `searchStart` is where matching began, for `\G`. */
export type Assertion = (text: string, index: number, searchStart: number) => boolean;

/** How letters of different case compare: not at all, in ASCII only, or by Unicode. */
export type CaseFolding = 'none' | 'ascii' | 'unicode';

export type RegexNode =
  /** `parts`: the number of parts of the class, which is the cost of a test; 1 if absent. */
  | { readonly kind: 'char'; readonly test: CharTest; readonly parts?: number }
  | { readonly kind: 'sequence'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly choices: readonly RegexNode[] }
  | { readonly kind: 'ahead'; readonly body: RegexNode; readonly negative: boolean }
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | { readonly kind: 'reference'; readonly index: number; readonly folding: CaseFolding }
  /** `reach`: what it may read, which is its cost: its place (also if absent), the combining marks before it, the whole text. */
  | { readonly kind: 'assertion'; readonly holds: Assertion; readonly reach?: 'place' | 'marks' | 'text' }
  | { readonly kind: 'line-ending' }
  | { readonly kind: 'grapheme' }
  | Group
  | Repeat
  | LookBehind;

/** A parsed pattern. */
export interface ParsedPattern {
  readonly root: RegexNode;
  /** Number of capturing groups, without the whole match. */
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  readonly hasReference: boolean;
}

/** The flags of the letters in `(?idmsux-U)`; `c` (CANON_EQ) is refused. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly unixLines: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly unicodeCase: boolean;
  readonly comments: boolean;
  readonly unicodeClasses: boolean;
}

/** How letters are compared with these flags. */
export function foldingOf(flags: Flags): CaseFolding {
  if (!flags.ignoreCase) return 'none';
  return flags.unicodeCase ? 'unicode' : 'ascii';
}

/** The error of java.util.regex: what is wrong, where, the pattern, and a mark below the place. A negative index means no place. */
export function patternError(what: string, index: number, pattern: string): ConnectError {
  const place = index >= 0 ? ` near index ${index}` : '';
  const indent = pattern.slice(0, Math.max(index, 0)).replace(/[^\t]/g, ' ');
  const mark = index >= 0 && index < pattern.length ? `\n${indent}^` : '';
  return new ConnectError('PatternSyntaxException', `${what}${place}\n${pattern}${mark}`);
}
