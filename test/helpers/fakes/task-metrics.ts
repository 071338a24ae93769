/** Metrics of a task that nobody hears of, and reports as tasks make them. */
import { Cells } from '../../../src/metrics/cells';
import { RegisteredMetrics } from '../../../src/metrics/plugin-metrics';
import type { TaskMetricOf } from '../../../src/metrics/task-catalogue';
import type { PendingPlace, TaskCounters, TaskReport } from '../../../src/metrics/task-counters';
import { countersOf } from '../../../src/metrics/task-counters';
import { TaskMetrics } from '../../../src/task/shared/task-metrics';
import { fakeLogger } from './fake-logger';

/** @param post takes the reports */
export function fakeTaskMetrics(post: (report: TaskReport) => void = () => {}): TaskMetrics {
  return new TaskMetrics({ connector: 'c', task: 0 }, fakeLogger(), post);
}

/** What a task registers metrics of its own with; nobody hears of them. */
export function fakePluginMetrics(): RegisteredMetrics {
  return new RegisteredMetrics({ connector: 'c', task: '0' }, () => {});
}

/** What a task has counted, as its counters. */
export function lookAt({ metrics }: { metrics: TaskMetrics }): TaskCounters {
  const oldest = metrics.look();
  return countersOf(metrics.cells.values, oldest);
}

/** A report with these counts. */
export function reportOf(counts: Partial<Record<TaskMetricOf<'level' | 'total'>, number>>, oldest: PendingPlace | null = null): TaskReport {
  const cells = new Cells();
  for (const [name, count] of Object.entries(counts)) cells.set(name as TaskMetricOf<'level' | 'total'>, count);
  return { cells: cells.take(), oldest, plugin: null };
}
