/** The steps in which a pattern matches, and what they share. */

/** One attempt to match. */
export interface MatchState {
  readonly text: string;
  /** Start and end of each group, -1 for none; group 0 is the match. */
  readonly groups: number[];
  /** Where groups begin that are open, and how often loops have run. */
  readonly slots: number[];
  /** Places at which the rest of a loop is known to fail. */
  readonly failures: Set<number>[];
  readonly searchStart: number;
  /** How many steps are left; whoever takes one calls `spend`. */
  stepsLeft: number;
  /** Where the last part that was matched for itself has ended. */
  end: number;
  /** Where a lookbehind has to end. */
  behindEnd: number;
}

/** Tries to match from an index on; true once all that follows has matched too. */
export type Step = (state: MatchState, index: number) => boolean;

/** Thrown when an attempt has taken all its steps; `JavaPattern` says it to the user. */
export class StepsSpent extends Error {}

/** Takes steps from an attempt. @throws StepsSpent when none are left */
export function spend(state: MatchState, steps: number): void {
  state.stepsLeft -= steps;
  if (state.stepsLeft < 0) throw new StepsSpent();
}
