/** Matches texts as java.util.regex does: by backtracking, with groups that keep their last capture. */

import { graphemeEnd } from './regex-assertions';
import { foldCase } from './regex-case';
import { repeatStep } from './regex-repeat';
import { type MatchState, type Step, spend } from './regex-step';
import { study } from './regex-study';
import { type CaseFolding, type LookBehind, type ParsedPattern, type RegexNode, UNLIMITED } from './regex-syntax';

/** Ends a part that is matched independently. */
const ACCEPT: Step = (state, index) => {
  state.end = index;
  return true;
};

/** Compiles nodes to steps, and counts the state that a pattern needs. */
class StepCompiler {
  slotCount = 0;
  failureCount = 0;
  /** Number of enclosing repetitions, lookarounds and atomic groups. */
  private depth = 0;

  constructor(private readonly hasReference: boolean) {}

  /** The step for a node, with all that follows it. */
  compile(node: RegexNode, next: Step): Step {
    switch (node.kind) {
      case 'char':
        return charStep(node, next);
      case 'sequence':
        return node.nodes.reduceRight((rest, child) => this.compile(child, rest), next);
      case 'choice':
        return choiceStep(node.choices.map(choice => this.compile(choice, next)));
      case 'group':
        return this.groupStep(node, next, this.slotCount++);
      case 'repeat':
        return this.repeated(node, next);
      case 'atomic':
        return atomicStep(this.alone(node.body), next);
      case 'ahead':
        return aheadStep(this.alone(node.body), node.negative, next);
      case 'behind':
        return this.behindStep(node, next);
      case 'reference':
        return referenceStep(node.index, node.folding, next);
      case 'assertion':
        return assertionStep(node, next);
      case 'line-ending':
        return lineEndingStep(next);
      case 'grapheme':
        return graphemeStep(next);
    }
  }

  /** A part that is matched independently of what follows. */
  private alone(body: RegexNode, end: Step = ACCEPT): Step {
    this.depth++;
    const step = this.compile(body, end);
    this.depth--;
    return step;
  }

  /** A group; `slot` holds where it began. Its capture is undone if the rest fails. */
  private groupStep(node: RegexNode & { kind: 'group' }, next: Step, slot: number): Step {
    const at = node.index * 2;
    const tail: Step = (state, index) => {
      const { groups } = state;
      const [start = -1, end = -1] = [groups[at], groups[at + 1]];
      groups[at] = state.slots[slot] ?? -1;
      groups[at + 1] = index;
      if (next(state, index)) return true;
      groups[at] = start;
      groups[at + 1] = end;
      return false;
    };
    const body = this.compile(node.body, tail);
    return (state, index) => {
      const outer = state.slots[slot] ?? -1;
      state.slots[slot] = index;
      const matched = body(state, index);
      state.slots[slot] = outer;
      return matched;
    };
  }

  private repeated(node: RegexNode & { kind: 'repeat' }, next: Step): Step {
    const { body, mode } = node;
    const memory = this.memoryFor(node);
    if (body.kind !== 'group' || mode === 'possessive') return repeatStep({ body: this.alone(body), repeat: node, group: 0, memory }, next);
    if (node.optional) {
      const taken = this.compile(body, next);
      return choiceStep(mode === 'greedy' ? [taken, next] : [next, taken]);
    }
    if (study(body.body).deterministic) return repeatStep({ body: this.alone(body.body), repeat: node, group: body.index, memory }, next);
    return this.loop(node, body, memory, next);
  }

  /** The index in `state.failures`; -1 if what follows may fail once and match another time. */
  private memoryFor({ max, mode }: RegexNode & { kind: 'repeat' }): number {
    const remembers = mode !== 'possessive' && max === UNLIMITED && this.depth === 0 && !this.hasReference;
    return remembers ? this.failureCount++ : -1;
  }

  /** A repeated group that may match in several ways, so that matching may backtrack into each repetition. */
  private loop({ min, max, mode }: RegexNode & { kind: 'repeat' }, group: RegexNode & { kind: 'group' }, memory: number, next: Step): Step {
    const [begin, count] = [this.slotCount++, this.slotCount++];
    const remembered = mode === 'greedy' ? memory : -1;
    const again = (state: MatchState, index: number, done: number): boolean => {
      spend(state, 1);
      state.slots[count] = done + 1;
      if (body(state, index)) return true;
      state.slots[count] = done;
      return false;
    };
    const more = (state: MatchState, index: number, done: number): boolean => {
      if (done >= max) return false;
      const failures = state.failures[remembered];
      if (failures?.has(index)) return false;
      if (again(state, index, done)) return true;
      failures?.add(index);
      return false;
    };
    const choose = (state: MatchState, index: number, done: number): boolean =>
      mode === 'greedy' ? more(state, index, done) || next(state, index) : next(state, index) || more(state, index, done);
    const rest: Step = (state, index) => {
      // A repetition that matched nothing is the last one.
      if (index <= (state.slots[begin] ?? -1)) return next(state, index);
      const done = state.slots[count] ?? 0;
      return done < min ? again(state, index, done) : choose(state, index, done);
    };
    this.depth++;
    const body = this.groupStep(group, rest, begin);
    this.depth--;
    return (state, index) => {
      const outer = state.slots[count] ?? 0;
      const matched = min > 0 ? again(state, index, 0) : choose(state, index, 0);
      state.slots[count] = outer;
      return matched;
    };
  }

  private behindStep(node: LookBehind, next: Step): Step {
    const body = this.alone(node.body, (state, index) => index === state.behindEnd);
    return (state, index) => {
      const outerEnd = state.behindEnd;
      state.behindEnd = index;
      const starts = behindStarts(state.text, index, node);
      spend(state, starts.length);
      const matched = starts.some(start => body(state, start));
      state.behindEnd = outerEnd;
      return matched !== node.negative && next(state, index);
    };
  }
}

/** How many parts of a class are tested in the time of a step. */
const PARTS_PER_STEP = 32;

function charStep({ test, parts = 1 }: RegexNode & { kind: 'char' }, next: Step): Step {
  const steps = Math.ceil(parts / PARTS_PER_STEP);
  return (state, index) => {
    spend(state, steps);
    const c = state.text.codePointAt(index);
    return c !== undefined && test(c) && next(state, c > 0xffff ? index + 2 : index + 1);
  };
}

function choiceStep(choices: readonly Step[]): Step {
  return (state, index) => {
    spend(state, choices.length);
    for (const choice of choices) if (choice(state, index)) return true;
    return false;
  };
}

/** Combining marks begin here. */
const FIRST_MARK = 0x300;

function assertionStep({ holds, reach = 'place' }: RegexNode & { kind: 'assertion' }, next: Step): Step {
  const isFar = (text: string, index: number): boolean =>
    reach === 'text' || (reach === 'marks' && (text.charCodeAt(index) >= FIRST_MARK || text.charCodeAt(index - 1) >= FIRST_MARK));
  return (state, index) => {
    spend(state, isFar(state.text, index) ? 1 + state.text.length : 1);
    return holds(state.text, index, state.searchStart) && next(state, index);
  };
}

/** Steps per character that splitting a text into grapheme clusters costs. */
const GRAPHEME_STEPS = 8;

function graphemeStep(next: Step): Step {
  return (state, index) => {
    spend(state, GRAPHEME_STEPS * (1 + state.text.length - index));
    return index < state.text.length && next(state, graphemeEnd(state.text, index));
  };
}

function atomicStep(body: Step, next: Step): Step {
  return (state, index) => body(state, index) && next(state, state.end);
}

function aheadStep(body: Step, negative: boolean, next: Step): Step {
  return (state, index) => body(state, index) !== negative && next(state, index);
}

/** Where a lookbehind may begin, the nearest place first. As in Java, lengths have 32 bits and may have overflowed. */
function behindStarts(text: string, index: number, { min, max, codePoints }: LookBehind): number[] {
  const back = (from: number): number => (codePoints && from > 1 && (text.codePointAt(from - 2) ?? 0) > 0xffff ? from - 2 : from - 1);
  const starts: number[] = [];
  if (codePoints) {
    for (let length = 0, start = index; length <= max && start >= 0; length++, start = back(start)) if (length >= min) starts.push(start);
  } else {
    const first = Math.max((index - max) | 0, 0);
    for (let start = index - min; start >= first; start--) starts.push(start);
  }
  return starts;
}

/** Matches a group's capture again; fails if the group captured nothing. */
function referenceStep(group: number, folding: CaseFolding, next: Step): Step {
  return (state, index) => {
    const start = state.groups[group * 2] ?? -1;
    if (start < 0) return false;
    const captured = state.text.slice(start, state.groups[group * 2 + 1]);
    const end = index + captured.length;
    spend(state, 1 + captured.length);
    const found = state.text.slice(index, end);
    return (found === captured || (folding !== 'none' && isSameText(found, captured, folding))) && next(state, end);
  };
}

function isSameText(a: string, b: string, folding: CaseFolding): boolean {
  if (a.length !== b.length) return false;
  const fold = (text: string): string => [...text].map(char => foldCase(char.codePointAt(0) ?? 0, folding)).join();
  return fold(a) === fold(b);
}

function lineEndingStep(next: Step): Step {
  return (state, index) => {
    spend(state, 1);
    const char = state.text.charAt(index);
    if (char === '\r' && state.text.charAt(index + 1) === '\n' && next(state, index + 2)) return true;
    return /[\n\v\f\r\x85\u2028\u2029]/.test(char) && next(state, index + 1);
  };
}

/** A compiled pattern. Both methods throw StepsSpent when the budget of steps is spent. */
export interface Matcher {
  /** True if the whole text matches. */
  matchWhole(text: string): boolean;
  /** The first match in the text, or null. */
  find(text: string): FoundMatch | null;
}

/** Where a pattern matches a text. */
export interface FoundMatch {
  readonly start: number;
  readonly end: number;
  /** What each group captured, undefined for nothing; group 0 is the match. */
  readonly groups: readonly (string | undefined)[];
}

/**
 * Builds the matcher of a pattern.
 * @param maxSteps the most steps for a text
 * @param took called with the steps taken
 */
export function createMatcher(
  { root, groupCount, hasReference }: ParsedPattern,
  maxSteps: (text: string) => number,
  took: (steps: number) => void = () => {},
): Matcher {
  const compiler = new StepCompiler(hasReference);
  const whole = compiler.compile(root, (state, index) => index === state.text.length && ACCEPT(state, index));
  const anywhere = compiler.compile(root, ACCEPT);
  const run = (step: Step, text: string, lastStart: number): readonly number[] | null => {
    const allowed = maxSteps(text);
    const state: MatchState = {
      text,
      groups: new Array<number>(groupCount * 2 + 2).fill(-1),
      slots: new Array<number>(compiler.slotCount).fill(-1),
      failures: Array.from({ length: compiler.failureCount }, () => new Set<number>()),
      searchStart: 0,
      stepsLeft: allowed,
      end: -1,
      behindEnd: -1,
    };
    for (let start = 0; start <= lastStart; start++) {
      spend(state, 1);
      if (!step(state, start)) continue;
      state.groups[0] = start;
      state.groups[1] = state.end;
      took(allowed - state.stepsLeft);
      return state.groups;
    }
    took(allowed - state.stepsLeft);
    return null;
  };
  return {
    matchWhole: text => run(whole, text, 0) !== null,
    find: text => toMatch(text, run(anywhere, text, text.length)),
  };
}

function toMatch(text: string, places: readonly number[] | null): FoundMatch | null {
  if (!places) return null;
  const [start = 0, end = 0] = places;
  const groups = Array.from({ length: places.length / 2 }, (_, group) => {
    const from = places[group * 2] ?? -1;
    return from < 0 ? undefined : text.slice(from, places[group * 2 + 1]);
  });
  return { start, end, groups };
}
