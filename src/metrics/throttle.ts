/** Does something soon after it is wanted, and at most every so many ms. */
export class Throttle {
  private lastMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly everyMs: number,
    private readonly act: () => void,
  ) {}

  /** It is wanted. */
  wanted(): void {
    if (this.timer) return;
    const waitMs = this.lastMs + this.everyMs - Date.now();
    if (waitMs <= 0) this.now();
    else this.timer = setTimeout(() => this.now(), waitMs);
  }

  /** Does it now, instead of soon. */
  now(): void {
    this.cancel();
    this.lastMs = Date.now();
    this.act();
  }

  /** It is not wanted any more. */
  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
