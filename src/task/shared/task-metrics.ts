/**
 * What a task counts, on its thread, and the way of it to the main thread: at most a few times a second, and never without the last step.
 * It also watches that the counts of records add up.
 */
import type { PluginMetrics } from '../../api/plugin-metrics';
import type { Logger } from '../../log';
import { Cells } from '../../metrics/cells';
import type { TaskCounting } from '../../metrics/counting';
import { RegisteredMetrics } from '../../metrics/plugin-metrics';
import { REPORT_EVERY_MS } from '../../metrics/plugin-reporter';
import { countersOf, type PendingPlace, type TaskReport } from '../../metrics/task-counters';
import { Throttle } from '../../metrics/throttle';
import type { TaskId } from '../../thread/messages';
import { TaskBalance } from './task-balance';

export class TaskMetrics implements TaskCounting {
  readonly cells = new Cells();
  /**
   * Brings up to date what is not counted as it happens; set by the loop of the task.
   * @returns where the record is that has waited longest, null where none waits
   */
  look: () => PendingPlace | null = () => null;
  private readonly balance: TaskBalance;
  private readonly reports: Throttle;
  /** Null before the plugin starts, and when it is gone. */
  private plugin: RegisteredMetrics | null = null;

  /** @param post sends a report, which is its own from then on */
  constructor(
    private readonly id: TaskId,
    logger: Logger,
    private readonly post: (report: TaskReport) => void,
  ) {
    this.reports = new Throttle(REPORT_EVERY_MS, () => this.report());
    this.balance = new TaskBalance(id, logger, () => {
      const oldest = this.look();
      return countersOf(this.cells.values, oldest);
    });
  }

  /** Something has changed. */
  changed(): void {
    this.reports.wanted();
  }

  /** Reports now. */
  flush(): void {
    this.reports.now();
  }

  private report(): void {
    const oldest = this.look();
    this.post({ cells: this.cells.take(), oldest, plugin: this.plugin?.take() ?? null });
    this.balance.check();
  }

  /** What the plugin registers its metrics with; those of an instance before are gone. */
  openPlugin(): PluginMetrics {
    this.closePlugin();
    const { connector, task } = this.id;
    this.plugin = new RegisteredMetrics({ connector, task: String(task) }, () => this.changed());
    return this.plugin;
  }

  /** The plugin is gone, and its metrics with it. */
  closePlugin(): void {
    if (!this.plugin) return;
    this.plugin.close();
    this.flush();
    this.plugin = null;
  }

  /** The last word, and a line in the log. */
  async close(): Promise<void> {
    await this.balance.close();
    this.flush();
  }
}
