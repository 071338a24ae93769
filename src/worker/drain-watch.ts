/** `--drain`: finds the moment when there is nothing left to do. */

export interface DrainWatchOptions {
  /** True if at this moment every task of every running connector is drained or has failed. */
  readonly isDrained: () => boolean;
  /** How long it must stay so: a sink says "drained" until it has noticed what a source has just written. */
  readonly settleMs: number;
}

/** Resolves its promise when everything has been drained and stayed so for one check round. */
export class DrainWatch {
  private timer: NodeJS.Timeout | undefined;
  private waiting: ((drained: boolean) => void)[] = [];

  constructor(private readonly options: DrainWatchOptions) {}

  /** Call it when all connectors were created. @returns true when everything is drained, false if the watch was closed before */
  drained(): Promise<boolean> {
    return new Promise(resolve => {
      this.waiting.push(resolve);
      this.onChange();
    });
  }

  /** To be called whenever a task or connector changes; each change starts the wait anew. */
  onChange(): void {
    clearTimeout(this.timer);
    if (this.waiting.length === 0 || !this.options.isDrained()) return;
    this.timer = setTimeout(() => {
      if (!this.options.isDrained()) return;
      for (const resolve of this.waiting.splice(0)) resolve(true);
    }, this.options.settleMs);
  }

  /** Gives the wait up, at the end of the worker. */
  close(): void {
    clearTimeout(this.timer);
    for (const resolve of this.waiting.splice(0)) resolve(false);
  }
}
