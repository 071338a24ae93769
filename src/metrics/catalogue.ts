/** Every metric of this worker by its name: what Kafka Connect 4.3 has, and what we have besides. */
import type { Metric } from './metric';
import { TASK_METRICS } from './task-catalogue';
import { CONNECTOR_METRICS, REBALANCE_METRICS, STAGE_METRICS, WORKER_METRICS } from './worker-catalogue';

/** All rows, by our names. */
export const CATALOGUE: Readonly<Record<string, Metric>> = {
  ...WORKER_METRICS,
  ...CONNECTOR_METRICS,
  ...TASK_METRICS,
  ...STAGE_METRICS,
  ...REBALANCE_METRICS,
};

/** The tags of the metrics of a group, in Java's order. `connect-worker-metrics` with a connector are of that connector. */
export function tagsOf(name: string, { group }: Metric): readonly string[] {
  if (name in WORKER_METRICS || name in REBALANCE_METRICS) return [];
  if (name in CONNECTOR_METRICS) return ['connector'];
  if (group === 'connector-transform-metrics') return ['connector', 'task', 'transform'];
  return group === 'connector-predicate-metrics' ? ['connector', 'task', 'predicate'] : ['connector', 'task'];
}
