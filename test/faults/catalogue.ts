import { CLUSTER_FAULTS } from './broker-errors';
import { BROKER_FAULTS } from './broker-trouble';
import type { Fault } from './fault';
import { JDBC_FAULTS } from './jdbc';
import { OFFSET_FILE_FAULTS } from './offset-file';
import { HUMAN_FAULTS } from './settings-and-rights';
import { SINK_FAULTS } from './sink';
import { FILE_FAULTS } from './source-file';
import { WORKER_FAULTS } from './worker-ends';

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
