/** Matches texts as java.util.regex does: by going back step by step, with groups that keep what they captured last. */

import { graphemeEnd } from './regex-assertions';
import { foldCase } from './regex-case';
import { repeatStep } from './regex-repeat';
import type { MatchState, Step } from './regex-step';
import { study } from './regex-study';
import { type CaseFolding, type LookBehind, type ParsedPattern, type RegexNode, UNLIMITED } from './regex-syntax';

/** Ends a part that is matched for itself. */
const ACCEPT: Step = (state, index) => {
  state.end = index;
  return true;
};

/** Numbers of what a pattern needs while it matches. */
export class StepCompiler {
  slotCount = 0;
  failureCount = 0;
  /** How many repetitions, lookarounds and atomic groups are around. */
  private depth = 0;

  constructor(private readonly hasReference: boolean) {}

  /** The step for a node, with all that follows it. */
  compile(node: RegexNode, next: Step): Step {
    switch (node.kind) {
      case 'char':
        return charStep(node.test, next);
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
        return (state, index) => node.holds(state.text, index, state.searchStart) && next(state, index);
      case 'line-ending':
        return lineEndingStep(next);
      case 'grapheme':
        return (state, index) => index < state.text.length && next(state, graphemeEnd(state.text, index));
    }
  }

  /** A part that is matched for itself, whatever follows. */
  private alone(body: RegexNode, end: Step = ACCEPT): Step {
    this.depth++;
    const step = this.compile(body, end);
    this.depth--;
    return step;
  }

  /** A group; `slot` tells where it began. What it captured is undone when the rest fails. */
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
    if (body.kind !== 'group' || mode === 'possessive') return repeatStep(this.alone(body), node, 0, next);
    if (node.optional) {
      const taken = this.compile(body, next);
      return choiceStep(mode === 'greedy' ? [taken, next] : [next, taken]);
    }
    if (study(body.body).deterministic) return repeatStep(this.alone(body.body), node, body.index, next);
    return this.loop(node, body, next);
  }

  /** A group that may match in several ways, so that each repetition can be gone back into. */
  private loop({ min, max, mode }: RegexNode & { kind: 'repeat' }, group: RegexNode & { kind: 'group' }, next: Step): Step {
    const [begin, count] = [this.slotCount++, this.slotCount++];
    const remembers = mode === 'greedy' && max === UNLIMITED && this.depth === 0 && !this.hasReference;
    const memory = remembers ? this.failureCount++ : -1;
    const again = (state: MatchState, index: number, done: number): boolean => {
      state.slots[count] = done + 1;
      if (body(state, index)) return true;
      state.slots[count] = done;
      return false;
    };
    const more = (state: MatchState, index: number, done: number): boolean => {
      if (done >= max) return false;
      const failures = state.failures[memory];
      if (failures?.has(index)) return false;
      if (again(state, index, done)) return true;
      failures?.add(index);
      return false;
    };
    const choose = (state: MatchState, index: number, done: number): boolean =>
      mode === 'greedy' ? more(state, index, done) || next(state, index) : next(state, index) || more(state, index, done);
    const rest: Step = (state, index) => {
      // a repetition that matched nothing is the last one
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
      const matched = behindStarts(state.text, index, node).some(start => body(state, start));
      state.behindEnd = outerEnd;
      return matched !== node.negative && next(state, index);
    };
  }
}

function charStep(test: (codePoint: number) => boolean, next: Step): Step {
  return (state, index) => {
    const c = state.text.codePointAt(index);
    return c !== undefined && test(c) && next(state, c > 0xffff ? index + 2 : index + 1);
  };
}

function choiceStep(choices: readonly Step[]): Step {
  return (state, index) => {
    for (const choice of choices) if (choice(state, index)) return true;
    return false;
  };
}

function atomicStep(body: Step, next: Step): Step {
  return (state, index) => body(state, index) && next(state, state.end);
}

function aheadStep(body: Step, negative: boolean, next: Step): Step {
  return (state, index) => body(state, index) !== negative && next(state, index);
}

/** Where a lookbehind may begin, the nearest place first. Lengths are 32 bits wide and may have overflown, as in Java. */
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

/** What a group captured, once more; a group that captured nothing matches nowhere. */
function referenceStep(group: number, folding: CaseFolding, next: Step): Step {
  return (state, index) => {
    const start = state.groups[group * 2] ?? -1;
    if (start < 0) return false;
    const captured = state.text.slice(start, state.groups[group * 2 + 1]);
    const end = index + captured.length;
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
    const char = state.text.charAt(index);
    if (char === '\r' && state.text.charAt(index + 1) === '\n' && next(state, index + 2)) return true;
    return /[\n\v\f\r\x85\u2028\u2029]/.test(char) && next(state, index + 1);
  };
}

/** A pattern ready to match texts. */
export interface Matcher {
  /** Groups of the whole text, or null if it does not match. */
  matchWhole(text: string): readonly number[] | null;
  /** Groups of the first match in the text, or null. */
  find(text: string): readonly number[] | null;
}

/** Builds the matcher of a pattern. */
export function createMatcher({ root, groupCount, hasReference }: ParsedPattern): Matcher {
  const compiler = new StepCompiler(hasReference);
  const whole = compiler.compile(root, (state, index) => index === state.text.length && ACCEPT(state, index));
  const anywhere = compiler.compile(root, ACCEPT);
  const run = (step: Step, text: string, lastStart: number): readonly number[] | null => {
    const state: MatchState = {
      text,
      groups: new Array<number>(groupCount * 2 + 2).fill(-1),
      slots: new Array<number>(compiler.slotCount).fill(-1),
      failures: Array.from({ length: compiler.failureCount }, () => new Set<number>()),
      searchStart: 0,
      end: -1,
      behindEnd: -1,
    };
    for (let start = 0; start <= lastStart; start++) {
      if (!step(state, start)) continue;
      state.groups[0] = start;
      state.groups[1] = state.end;
      return state.groups;
    }
    return null;
  };
  return { matchWhole: text => run(whole, text, 0), find: text => run(anywhere, text, text.length) };
}
