/** The one deadline of a stop: the main thread sets it, and whatever a task waits for while it ends takes what is left of it. */

/** What is kept for the end itself: to hand over the last offsets, and to stop the task. */
const RESERVE_MS = 500;
/** Of a short time no more than this part. */
const RESERVE_PART = 0.1;

export class StopDeadline {
  private endMs: number | null = null;

  /** The task is to be gone by then; of two deadlines the earlier one counts. @param deadlineMs epoch milliseconds */
  set(deadlineMs: number): void {
    const leftMs = Math.max(0, deadlineMs - Date.now());
    const endMs = deadlineMs - Math.round(Math.min(RESERVE_MS, leftMs * RESERVE_PART));
    this.endMs = Math.min(endMs, this.endMs ?? endMs);
  }

  /**
   * Until when others may be waited for.
   * @param otherwiseMs what counts while nobody has set a deadline
   */
  untilMs(otherwiseMs: number): number {
    return this.endMs ?? otherwiseMs;
  }

  /**
   * A wait for others that begins now: how long it may still go on. A deadline counts also if it is set meanwhile.
   * @param otherwiseMs how long while nobody has set one
   * @returns what is left, in ms; never negative
   */
  waitOf(otherwiseMs: number): () => number {
    const untilMs = Date.now() + otherwiseMs;
    return () => Math.max(0, this.untilMs(untilMs) - Date.now());
  }
}
