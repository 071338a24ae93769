/** The steps of matching, and their shared state. */

/** One attempt to match. */
export interface MatchState {
  readonly text: string;
  /** Start and end of each group, -1 for none; group 0 is the match. */
  readonly groups: number[];
  /** Where open groups begin, and how often loops have run. */
  readonly slots: number[];
  /** Places at which the rest of a loop is known to fail. */
  readonly failures: Set<number>[];
  readonly searchStart: number;
  /** How many steps are left; each step calls `spend`. */
  stepsLeft: number;
  /** Where the last independently matched part ended. */
  end: number;
  /** Where a lookbehind must end. */
  behindEnd: number;
}

/** Tries to match from an index; true if all that follows has matched too. */
export type Step = (state: MatchState, index: number) => boolean;

/** Thrown when the budget of steps is spent; `JavaPattern` turns it into an error for the user. */
export class StepsSpent extends Error {}

/** Takes steps from an attempt. @throws StepsSpent when none are left */
export function spend(state: MatchState, steps: number): void {
  state.stepsLeft -= steps;
  if (state.stepsLeft < 0) throw new StepsSpent();
}
