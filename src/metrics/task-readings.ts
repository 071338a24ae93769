/** The numbers of one task on the main thread: what it has reported last, and what its reports make over time. */
import { CELL_OF, NO_CELLS } from './cells';
import type { Metric } from './metric';
import { PluginReadings } from './plugin-readings';
import { type CellRow, Readings } from './readings';
import type { Measurement } from './registry';
import type { SampleSettings } from './samples';
import { type CountedMetric, TASK_METRICS, type TaskMetric } from './task-catalogue';
import type { PendingPlace, TaskReport } from './task-counters';

/** The group that a task of this kind has not. */
const FOREIGN_GROUP = { source: 'sink-task-metrics', sink: 'source-task-metrics' } as const;

const ROWS = { source: rowsOf('source'), sink: rowsOf('sink') };

interface TaskRow extends CellRow {
  readonly name: TaskMetric;
}

/** Those that are made of cells. */
function rowsOf(kind: 'source' | 'sink'): TaskRow[] {
  return (Object.keys(TASK_METRICS) as TaskMetric[]).flatMap(name => {
    const { type, group, of }: Metric = TASK_METRICS[name];
    const [part = name, whole = part] = of;
    const [partCell, wholeCell] = [CELL_OF[part as CountedMetric], CELL_OF[whole as CountedMetric]] as (number | undefined)[];
    if (group === FOREIGN_GROUP[kind] || partCell === undefined || wholeCell === undefined) return [];
    return [{ name, type, part: partCell, whole: wholeCell }];
  });
}

export class TaskReadings {
  /** The cells as they were reported last. */
  cells: Readonly<Float64Array> = NO_CELLS;
  /** Where the record is that has waited longest, as it was reported last. */
  oldest: PendingPlace | null = null;
  private readonly readings: Readings;
  /** Null as long as the plugin has none. */
  private plugin: PluginReadings | null = null;

  constructor(
    private readonly kind: 'source' | 'sink',
    private readonly settings: SampleSettings,
  ) {
    this.readings = new Readings(ROWS[kind], NO_CELLS, settings);
  }

  /** Takes a report, which is not changed from here on. @param nowMs epoch milliseconds */
  take({ cells, oldest, plugin }: TaskReport, nowMs: number): void {
    this.cells = cells;
    this.oldest = oldest;
    this.readings.take(cells, nowMs);
    if (!plugin) return;
    this.plugin ??= new PluginReadings(this.settings);
    this.plugin.take(plugin, nowMs);
  }

  /** All numbers that are made of reports, by our names. @param nowMs epoch milliseconds */
  numbers(nowMs: number): [TaskMetric, number][] {
    return ROWS[this.kind].map(({ name }, i) => [name, this.readings.value(i, nowMs)]);
  }

  /** The metrics that the plugin has registered. @param nowMs epoch milliseconds */
  ofPlugin(nowMs: number): Measurement[] {
    return this.plugin?.measurements(nowMs) ?? [];
  }
}
