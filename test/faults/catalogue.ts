import type { Fault } from './fault';
import { CLUSTER_FAULTS } from './scenes/broker-errors';
import { BROKER_FAULTS } from './scenes/broker-trouble';
import { JDBC_FAULTS } from './scenes/jdbc';
import { OFFSET_FILE_FAULTS } from './scenes/offset-file';
import { HUMAN_FAULTS } from './scenes/settings-and-rights';
import { SINK_FAULTS } from './scenes/sink';
import { FILE_FAULTS } from './scenes/source-file';
import { WORKER_FAULTS } from './scenes/worker-ends';

/** All faults of the suite, in the order in which they run. */
export const FAULTS: readonly Fault[] = [
  ...WORKER_FAULTS,
  ...BROKER_FAULTS,
  ...CLUSTER_FAULTS,
  ...FILE_FAULTS,
  ...OFFSET_FILE_FAULTS,
  ...HUMAN_FAULTS,
  ...SINK_FAULTS,
  ...JDBC_FAULTS,
];
