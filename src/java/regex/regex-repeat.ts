/** Repetitions of a part that matches in one way only, or into which matching never backtracks. */
import type { MatchState, Step } from './regex-step';
import type { Repeat } from './regex-syntax';

/** Builds the step for the repetitions beyond the required ones. */
type Continue = (repetition: Repetition, next: Step) => Step;

/** A repetition. */
export interface Repetition {
  /** Matches once, and sets `state.end`. */
  readonly body: Step;
  readonly repeat: Repeat;
  /** The group that captures the last repetition, 0 for none. */
  readonly group: number;
  /** Index in `state.failures` of the places at which the rest is known to fail; -1 for none. */
  readonly memory: number;
}

/** Tries the rest, only once at each place if there is a memory: several `.*` in a row would try it again and again. */
function remembering(memory: number, next: Step): Step {
  if (memory < 0) return next;
  return (state, index) => {
    const failures = state.failures[memory];
    if (failures?.has(index)) return false;
    if (next(state, index)) return true;
    failures?.add(index);
    return false;
  };
}

/** Captures the last repetition; `at` is the index of its group. */
function capture({ groups }: MatchState, at: number, start: number, end: number): void {
  groups[at] = start;
  groups[at + 1] = end;
}

/** The step for a repetition. */
export function repeatStep(repetition: Repetition, next: Step): Step {
  const { body, repeat, group, memory } = repetition;
  const at = group * 2;
  /** Undoes what was captured when the step fails. */
  const restoring =
    (step: Step): Step =>
    (state, index) => {
      const [start = -1, end = -1] = [state.groups[at], state.groups[at + 1]];
      if (step(state, index)) return true;
      capture(state, at, start, end);
      return false;
    };
  const further = restoring(CONTINUE[repeat.mode](repetition, remembering(memory, next)));
  return restoring((state, index) => {
    let i = index;
    for (let count = 0; count < repeat.min; count++) {
      if (!body(state, i)) return false;
      capture(state, at, i, state.end);
      // An empty match counts for all remaining repetitions.
      if (state.end === i) break;
      i = state.end;
    }
    return further(state, i);
  });
}

/** As many as possible, then fewer one by one. */
const greedy: Continue =
  ({ body, repeat: { min, max }, group }, next) =>
  (state, index) => {
    const at = group * 2;
    const [start = -1, end = -1] = [state.groups[at], state.groups[at + 1]];
    const ends = [index];
    for (let last = index; ends.length <= max - min && body(state, last) && state.end > last; last = state.end) ends.push(state.end);
    for (let i = ends.length - 1; i > 0; i--) {
      capture(state, at, ends[i - 1] ?? index, ends[i] ?? index);
      if (next(state, ends[i] ?? index)) return true;
    }
    capture(state, at, start, end);
    return next(state, index);
  };

/** As few as possible. */
const lazy: Continue =
  ({ body, repeat: { min, max }, group }, next) =>
  (state, index) => {
    const at = group * 2;
    let i = index;
    for (let count = min; !next(state, i); count++) {
      if (count >= max || !body(state, i) || state.end === i) return false;
      capture(state, at, i, state.end);
      i = state.end;
    }
    return true;
  };

/** As many as possible, never fewer. */
const possessive: Continue =
  ({ body, repeat: { min, max }, group }, next) =>
  (state, index) => {
    const at = group * 2;
    let i = index;
    for (let count = min; count < max && body(state, i) && state.end > i; count++) {
      capture(state, at, i, state.end);
      i = state.end;
    }
    return next(state, i);
  };

const CONTINUE = { greedy, lazy, possessive } as const;
