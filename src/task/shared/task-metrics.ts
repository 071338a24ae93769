/**
 * What a task counts, on its thread, and the way of it to the main thread: at most a few times a second, and never without the last step. It
 * also watches that the counts of records add up.
 */
import type { PluginMetrics } from '../../api/plugin-metrics';
import type { Logger } from '../../log';
import { Cells } from '../../metrics/cells';
import type { TaskCounting } from '../../metrics/counting';
import { TaskPluginMetrics } from '../../metrics/plugin-metrics';
import { countersOf, type PendingPlace, type TaskReport } from '../../metrics/task-counters';
import type { TaskId } from '../../thread/messages';
import { TaskBalance } from './task-balance';

const EVERY_MS = 200;
/** How often a plugin is asked for values that change without a word. */
const ASK_EVERY_MS = 5000;

export class TaskMetrics implements TaskCounting {
  readonly cells = new Cells();
  /**
   * Brings up to date what is not counted as it happens; set by the loop of the task.
   * @returns where the record is that has waited longest, null where none waits
   */
  look: () => PendingPlace | null = () => null;
  private readonly balance: TaskBalance;
  private lastMs = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Null before the plugin starts, and when it is gone. */
  private plugin: TaskPluginMetrics | null = null;
  private asking: NodeJS.Timeout | undefined;

  /** @param post sends a report, which is its own from then on */
  constructor(
    private readonly id: TaskId,
    logger: Logger,
    private readonly post: (report: TaskReport) => void,
  ) {
    this.balance = new TaskBalance(id, logger, () => {
      const oldest = this.look();
      return countersOf(this.cells.values, oldest);
    });
  }

  /** Something has changed. */
  changed(): void {
    if (this.timer) return;
    const waitMs = this.lastMs + EVERY_MS - Date.now();
    if (waitMs <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), waitMs);
  }

  /** Reports now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastMs = Date.now();
    const oldest = this.look();
    this.post({ cells: this.cells.take(), oldest, plugin: this.plugin?.take() ?? null });
    this.balance.check();
  }

  /** What the plugin registers its metrics with; those of an instance before are gone. */
  openPlugin(): PluginMetrics {
    this.closePlugin();
    const { connector, task } = this.id;
    const plugin = new TaskPluginMetrics(
      { connector, task: String(task) },
      () => this.changed(),
      () => {
        if (plugin.isAsked) this.asking ??= setInterval(() => this.changed(), ASK_EVERY_MS).unref();
        this.changed();
      },
    );
    this.plugin = plugin;
    return plugin;
  }

  /** The plugin is gone, and its metrics with it. */
  closePlugin(): void {
    clearInterval(this.asking);
    this.asking = undefined;
    this.plugin?.close();
    if (this.plugin) this.flush();
    this.plugin = null;
  }

  /** The last word, and a line in the log. */
  async close(): Promise<void> {
    await this.balance.close();
    this.flush();
  }
}
