/** How long something was in which state (org.apache.kafka.connect.runtime.StateTracker). Times are epoch milliseconds. */
export class StateTimes<S extends string> {
  private readonly spentMs = new Map<S, number>();

  constructor(
    private state: S,
    private sinceMs: number,
  ) {}

  change(state: S, nowMs: number): void {
    this.spentMs.set(this.state, this.inMs(this.state, nowMs));
    this.state = state;
    this.sinceMs = nowMs;
  }

  /** The part of all time that was spent in a state; 0 where no time has gone by. */
  ratio(state: S, nowMs: number): number {
    const all = [...new Set([...this.spentMs.keys(), this.state])].reduce((sum, each) => sum + this.inMs(each, nowMs), 0);
    return all === 0 ? 0 : this.inMs(state, nowMs) / all;
  }

  /** Clocks are set back now and then. */
  private inMs(state: S, nowMs: number): number {
    return (this.spentMs.get(state) ?? 0) + (state === this.state ? Math.max(0, nowMs - this.sinceMs) : 0);
  }
}
