/** The metrics of the worker and of its connectors. */
import type { Measurement } from '../metrics/registry';
import type { SampleSettings } from '../metrics/samples';
import { StartCounts } from '../metrics/start-counts';
import { CONNECTOR_METRICS, WORKER_METRICS } from '../metrics/worker-catalogue';
import type { ConnectorEntry } from './connector-lifecycle';
import type { State, StatusStore } from './status';

type WorkerMetric = keyof typeof WORKER_METRICS;
type ConnectorMetric = keyof typeof CONNECTOR_METRICS;

const TASK_STATES: readonly (readonly [ConnectorMetric, State | null])[] = [
  ['connectorTotalTaskCount', null],
  ['connectorRunningTaskCount', 'RUNNING'],
  ['connectorPausedTaskCount', 'PAUSED'],
  ['connectorFailedTaskCount', 'FAILED'],
  ['connectorUnassignedTaskCount', 'UNASSIGNED'],
  ['connectorRestartingTaskCount', 'RESTARTING'],
];

export class WorkerMetrics {
  /** Starts of connectors and of tasks that have ended, well or not. */
  readonly connectorStarts: StartCounts;
  readonly taskStarts: StartCounts;

  constructor(
    samples: SampleSettings,
    private readonly entries: ReadonlyMap<string, ConnectorEntry>,
    private readonly statuses: StatusStore,
  ) {
    this.connectorStarts = new StartCounts(samples);
    this.taskStarts = new StartCounts(samples);
  }

  /** @param nowMs epoch milliseconds */
  measure(nowMs: number): Measurement[] {
    return [...this.ofWorker(nowMs), ...[...this.entries.values()].flatMap(entry => this.ofConnector(entry, nowMs))];
  }

  private ofWorker(nowMs: number): Measurement[] {
    const { connectorStarts, taskStarts, entries } = this;
    const [ofConnectors, ofTasks] = [connectorStarts.shares(nowMs), taskStarts.shares(nowMs)];
    const values: Record<WorkerMetric, number> = {
      connectorCount: entries.size,
      taskCount: [...entries.keys()].reduce((sum, name) => sum + this.statuses.tasksOf(name).length, 0),
      connectorStartupAttemptsTotal: connectorStarts.successes + connectorStarts.failures,
      connectorStartupSuccessTotal: connectorStarts.successes,
      connectorStartupSuccessPercentage: ofConnectors.succeeded,
      connectorStartupFailureTotal: connectorStarts.failures,
      connectorStartupFailurePercentage: ofConnectors.failed,
      taskStartupAttemptsTotal: taskStarts.successes + taskStarts.failures,
      taskStartupSuccessTotal: taskStarts.successes,
      taskStartupSuccessPercentage: ofTasks.succeeded,
      taskStartupFailureTotal: taskStarts.failures,
      taskStartupFailurePercentage: ofTasks.failed,
    };
    return (Object.keys(values) as WorkerMetric[]).map(name => ({ metric: WORKER_METRICS[name], tags: {}, value: values[name] }));
  }

  private ofConnector({ name, plugin, runner }: ConnectorEntry, nowMs: number): Measurement[] {
    const states = this.statuses.tasksOf(name).map(({ state }) => state);
    const values: [ConnectorMetric, number | string][] = [
      ['connectorStatus', (this.statuses.connector(name)?.state ?? 'UNASSIGNED').toLowerCase()],
      ['connectorType', plugin.type],
      ['connectorClass', plugin.className],
      ['connectorVersion', plugin.version],
      ['connectorDestroyedTaskCount', 0],
      ...TASK_STATES.map(
        ([metric, wanted]) => [metric, states.filter(state => wanted === null || state === wanted).length] as [ConnectorMetric, number],
      ),
    ];
    const own = runner?.measurements(nowMs) ?? [];
    return [...values.map(([metric, value]) => ({ metric: CONNECTOR_METRICS[metric], tags: { connector: name }, value })), ...own];
  }
}
