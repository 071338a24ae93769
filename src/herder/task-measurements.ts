/** The metrics of one task, from what it has reported and what the main thread knows of it. */
import type { Measurement } from '../metrics/registry';
import type { StateTimes } from '../metrics/state-times';
import { TASK_METRICS, type TaskMetric } from '../metrics/task-catalogue';
import type { TaskPlugins, UsedPlugin } from '../metrics/task-plugins';
import type { TaskReadings } from '../metrics/task-readings';
import { STAGE_METRICS } from '../metrics/worker-catalogue';
import type { TaskId } from '../thread/messages';
import type { State } from './status';

/** What is known of a task. */
export interface MeasuredTask {
  readonly id: TaskId;
  readonly kind: 'source' | 'sink';
  readonly state: State;
  readonly times: StateTimes<State>;
  readonly connector: UsedPlugin;
  readonly taskClass: string;
  readonly readings: TaskReadings;
  /** Null until it has said which. */
  readonly plugins: TaskPlugins | null;
}

/** @param nowMs epoch milliseconds */
export function taskMeasurements(task: MeasuredTask, nowMs: number): Measurement[] {
  const { id, times, readings, plugins } = task;
  const tags = { connector: id.connector, task: String(id.task) };
  const states: [TaskMetric, number][] = [
    ['taskRunningRatio', times.ratio('RUNNING', nowMs)],
    ['taskPauseRatio', times.ratio('PAUSED', nowMs)],
  ];
  const values = [...textsOf(task), ...states, ...readings.numbers(nowMs)];
  return [
    ...values.map(([name, value]) => ({ metric: TASK_METRICS[name], tags, value })),
    ...(plugins ? stagesOf(plugins, tags) : []),
    ...readings.ofPlugin(nowMs),
  ];
}

function textsOf({ state, kind, connector, taskClass, plugins }: MeasuredTask): [TaskMetric, string][] {
  const texts: [TaskMetric, string][] = [
    ['taskStatus', state.toLowerCase()],
    ['taskConnectorType', kind],
    ['taskConnectorClass', connector.className],
    ['taskConnectorClassVersion', connector.version],
    ['taskClass', taskClass],
    ['taskVersion', connector.version],
  ];
  if (!plugins) return texts;
  const { key, value, header } = plugins;
  return [
    ...texts,
    ['taskKeyConverterClass', key.className],
    ['taskKeyConverterVersion', key.version],
    ['taskValueConverterClass', value.className],
    ['taskValueConverterVersion', value.version],
    ['taskHeaderConverterClass', header.className],
    ['taskHeaderConverterVersion', header.version],
  ];
}

function stagesOf({ transforms, predicates }: TaskPlugins, tags: Measurement['tags']): Measurement[] {
  const { transformClass, transformVersion, predicateClass, predicateVersion } = STAGE_METRICS;
  return [
    ...transforms.flatMap(({ alias, className, version }) => [
      { metric: transformClass, tags: { ...tags, transform: alias }, value: className },
      { metric: transformVersion, tags: { ...tags, transform: alias }, value: version },
    ]),
    ...predicates.flatMap(({ alias, className, version }) => [
      { metric: predicateClass, tags: { ...tags, predicate: alias }, value: className },
      { metric: predicateVersion, tags: { ...tags, predicate: alias }, value: version },
    ]),
  ];
}
