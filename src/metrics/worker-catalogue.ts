/** The metrics of connectors, of the worker, and of plugins within a task. */
import { MetricGroup } from './metric';

const connector = new MetricGroup('connector-metrics');
const worker = new MetricGroup('connect-worker-metrics');
const rebalance = new MetricGroup('connect-worker-rebalance-metrics');
const transform = new MetricGroup('connector-transform-metrics');
const predicate = new MetricGroup('connector-predicate-metrics');

/** Of a connector, tagged with its name. */
export const CONNECTOR_METRICS = {
  connectorStatus: connector.text('status', 'State of the connector: unassigned, running, paused, stopped, failed or restarting.'),
  connectorType: connector.text('connector-type', 'source or sink.'),
  connectorClass: connector.text('connector-class', 'Class of the connector.'),
  connectorVersion: connector.text('connector-version', 'Version of the connector.'),
  connectorTotalTaskCount: worker.state('connector-total-task-count', 'tasks', 'Tasks of the connector.'),
  connectorRunningTaskCount: worker.state('connector-running-task-count', 'tasks', 'Those that are running.'),
  connectorPausedTaskCount: worker.state('connector-paused-task-count', 'tasks', 'Those that are paused.'),
  connectorFailedTaskCount: worker.state('connector-failed-task-count', 'tasks', 'Those that have failed.'),
  connectorUnassignedTaskCount: worker.state('connector-unassigned-task-count', 'tasks', 'Those that have not said yet how they are.'),
  connectorDestroyedTaskCount: worker.state('connector-destroyed-task-count', 'tasks', 'Always 0: a task that is removed is not counted.'),
  connectorRestartingTaskCount: worker.state('connector-restarting-task-count', 'tasks', 'Those that are being restarted.'),
};

/** Of the worker, without a tag. */
export const WORKER_METRICS = {
  connectorCount: worker.state('connector-count', 'connectors', 'Connectors in this worker.'),
  taskCount: worker.state('task-count', 'tasks', 'Tasks in this worker.'),
  connectorStartupAttemptsTotal: worker.state('connector-startup-attempts-total', 'events', 'Starts of connectors.'),
  connectorStartupSuccessTotal: worker.state('connector-startup-success-total', 'events', 'Those that succeeded.'),
  connectorStartupSuccessPercentage: worker.state('connector-startup-success-percentage', 'fraction', 'Part that succeeded.'),
  connectorStartupFailureTotal: worker.state('connector-startup-failure-total', 'events', 'Those that failed.'),
  connectorStartupFailurePercentage: worker.state('connector-startup-failure-percentage', 'fraction', 'Part that failed.'),
  taskStartupAttemptsTotal: worker.state('task-startup-attempts-total', 'events', 'Starts of tasks.'),
  taskStartupSuccessTotal: worker.state('task-startup-success-total', 'events', 'Those that succeeded.'),
  taskStartupSuccessPercentage: worker.state('task-startup-success-percentage', 'fraction', 'Part that succeeded.'),
  taskStartupFailureTotal: worker.state('task-startup-failure-total', 'events', 'Those that failed.'),
  taskStartupFailurePercentage: worker.state('task-startup-failure-percentage', 'fraction', 'Part that failed.'),
};

const ALONE = 'A standalone worker is in no group, so it does not rebalance.';

/** Of a group of workers. */
export const REBALANCE_METRICS = {
  connectProtocol: rebalance.absent('connect-protocol', 'text', ALONE),
  leaderName: rebalance.absent('leader-name', 'text', ALONE),
  epoch: rebalance.absent('epoch', 'events', ALONE),
  rebalanceCompletedTotal: rebalance.absent('completed-rebalances-total', 'events', ALONE),
  rebalanceMode: rebalance.absent('rebalancing', 'text', ALONE),
  rebalanceTimeMax: rebalance.absent('rebalance-max-time-ms', 'ms', ALONE),
  rebalanceTimeAvg: rebalance.absent('rebalance-avg-time-ms', 'ms', ALONE),
  rebalanceTimeSinceLast: rebalance.absent('time-since-last-rebalance-ms', 'ms', ALONE),
};

/** Of a transformation or predicate of a task, tagged with its alias. */
export const STAGE_METRICS = {
  transformClass: transform.text('transform-class', 'Class of the transformation.'),
  transformVersion: transform.text('transform-version', 'Version of the transformation.'),
  predicateClass: predicate.text('predicate-class', 'Class of the predicate.'),
  predicateVersion: predicate.text('predicate-version', 'Version of the predicate.'),
};
