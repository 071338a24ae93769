/** `--drain`: finds the moment when there is nothing left to do. */
import type { ConnectorEntry } from './connector-lifecycle';
import type { TaskSupervisor } from './task-supervisor';

export interface DrainWatchOptions {
  /** True if every source task of every running connector has read and delivered all there is, or has failed. */
  readonly sourcesDrained: () => boolean;
  /** Asks every sink task to report when it has delivered what is now on its topics. */
  readonly drainSinks: () => void;
  /** True if every sink task has reported that since, or has failed. */
  readonly sinksDrained: () => boolean;
}

/** Resolves its promise when everything has been drained: sources first, then sinks up to what the sources have written. */
export class DrainWatch {
  private sinksAsked = false;
  private waiting: ((drained: boolean) => void)[] = [];

  constructor(private readonly options: DrainWatchOptions) {}

  /** Call it once all connectors are created. @returns true when everything is drained; false if the watch was closed first */
  drained(): Promise<boolean> {
    return new Promise(resolve => {
      this.waiting.push(resolve);
      this.onChange();
    });
  }

  /** To be called whenever a task or connector changes. */
  onChange(): void {
    if (this.waiting.length === 0) return;
    if (!this.options.sourcesDrained()) {
      this.sinksAsked = false;
      return;
    }
    if (!this.sinksAsked) {
      this.sinksAsked = true;
      this.options.drainSinks();
    }
    if (!this.options.sinksDrained()) return;
    for (const resolve of this.waiting.splice(0)) resolve(true);
  }

  /** Ends the wait, at the end of the worker. */
  close(): void {
    for (const resolve of this.waiting.splice(0)) resolve(false);
  }
}

/**
 * Watches all connectors that are running. Paused, stopped and failed ones are not waited for, unless `restart.policy` is about to restart
 * them.
 */
export function drainOptions(
  entries: ReadonlyMap<string, ConnectorEntry>,
  supervisor: () => TaskSupervisor,
  isRestartDue: (connector: string) => boolean,
): DrainWatchOptions {
  const wanted = (): ConnectorEntry[] => [...entries.values()].filter(({ target }) => target === 'STARTED');
  const isDrained = ({ name, runner }: ConnectorEntry): boolean =>
    !isRestartDue(name) &&
    (runner === null ||
      supervisor()
        .progressOf(name)
        .every(task => task.drained || task.failed));
  const drained = (kind: 'source' | 'sink'): boolean =>
    wanted()
      .filter(({ plugin }) => plugin.type === kind)
      .every(isDrained);
  return {
    sourcesDrained: () => drained('source'),
    drainSinks: () => {
      for (const { name, runner } of wanted()) if (runner) supervisor().drainSinks(name);
    },
    sinksDrained: () => drained('sink'),
  };
}
