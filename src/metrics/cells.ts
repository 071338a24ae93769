/**
 * What a task has counted: a number for each metric that the task makes itself. It lives on the thread of the task, so that to count costs
 * an addition; a copy goes to the main thread with the task's progress.
 */
import type { MetricType } from './metric';
import { type CountedMetric, TASK_METRICS, type TaskMetricOf } from './task-catalogue';

/** What the first value is, by type; the other types have none. */
const BEGINS: Partial<Record<MetricType, number>> = {
  total: 0,
  level: 0,
  highest: Number.NEGATIVE_INFINITY,
  lowest: Number.POSITIVE_INFINITY,
};

const COUNTED = (Object.keys(TASK_METRICS) as CountedMetric[]).filter(name => TASK_METRICS[name].type in BEGINS);
const FIRST = Float64Array.from(COUNTED, name => BEGINS[TASK_METRICS[name].type] ?? 0);
/** Highest and lowest values are those since the last copy. */
const RENEWED = COUNTED.flatMap((name, cell) => (['highest', 'lowest'].includes(TASK_METRICS[name].type) ? [cell] : []));

/** Where each metric that a task counts lies among the cells. */
export const CELL_OF = Object.fromEntries(COUNTED.map((name, cell) => [name, cell])) as Readonly<Record<CountedMetric, number>>;

/** The cells of a task that has counted nothing. */
export const NO_CELLS: Readonly<Float64Array> = FIRST.slice();

export class Cells {
  /** By `CELL_OF`. */
  readonly values = FIRST.slice();

  /** Counts. */
  add(name: TaskMetricOf<'total' | 'level'>, count = 1): void {
    this.values[CELL_OF[name]] = (this.values[CELL_OF[name]] as number) + count;
  }

  /** Says what is so now; of a total, what was counted elsewhere. */
  set(name: TaskMetricOf<'level' | 'total'>, value: number): void {
    this.values[CELL_OF[name]] = value;
  }

  /** Notes a value, should it be the highest or lowest since the last copy. */
  note(name: TaskMetricOf<'highest' | 'lowest'>, value: number): void {
    const cell = CELL_OF[name];
    const known = this.values[cell] as number;
    if (TASK_METRICS[name].type === 'lowest' ? value < known : value > known) this.values[cell] = value;
  }

  /** @returns a copy, which is the caller's; highest and lowest values begin anew */
  take(): Float64Array {
    const copy = this.values.slice();
    for (const cell of RENEWED) this.values[cell] = FIRST[cell] as number;
    return copy;
  }
}
