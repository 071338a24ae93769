/** Tells the main thread how far a task is, at most a few times a second, and never forgets the last step. */

const EVERY_MS = 200;

export class ProgressReporter {
  private lastMs = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param post sends the counters as they are when it is called */
  constructor(private readonly post: () => void) {}

  /** Something has moved. */
  changed(): void {
    if (this.timer) return;
    const waitMs = this.lastMs + EVERY_MS - Date.now();
    if (waitMs <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), waitMs);
  }

  /** Reports now; also at the end. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastMs = Date.now();
    this.post();
  }
}
