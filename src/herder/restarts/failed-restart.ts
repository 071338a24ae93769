/** Restarts a failed connector or task for `restart.policy`, as one of the requests in the connector's queue. */
import type { RestartPolicy } from '../../config/keys/restart-policy';
import type { RequestQueue } from '../changes/request-queue';
import type { ConnectorEntry, ConnectorLifecycle } from '../connector-lifecycle';
import type { HerderOptions } from '../herder-options';
import type { StatusStore } from '../status';
import type { AutomaticRestartOptions, Part } from './automatic-restarts';
import { carryOutRestart } from './connector-restart';

/** The parts of a herder that a restart touches. */
export interface RestartContext {
  readonly entries: ReadonlyMap<string, ConnectorEntry>;
  readonly statuses: StatusStore;
  readonly queue: RequestQueue;
  readonly lifecycle: ConnectorLifecycle;
  /** Called after a restart, for `--drain`, which waits for due restarts. */
  readonly onDrainChange: () => void;
}

/** The options of automatic restarts of a herder. */
export function restartOptions(context: RestartContext, { restartPolicyOf }: HerderOptions): AutomaticRestartOptions {
  const { entries, statuses, queue, onDrainChange } = context;
  const policyOf = (name: string): RestartPolicy | null => {
    const entry = entries.get(name);
    return entry && restartPolicyOf ? restartPolicyOf(entry.config) : null;
  };
  return {
    statuses,
    policyOf,
    isWanted: name => entries.get(name)?.target === 'STARTED',
    restart: part =>
      queue.run(part.connector, `restarting what has failed of connector ${part.connector}`, () => restartFailedPart(context, part)),
    onDone: onDrainChange,
  };
}

/** Restarts what is still FAILED. A failure to start shows in the status only. */
async function restartFailedPart({ entries, statuses, lifecycle }: RestartContext, { connector, task }: Part): Promise<void> {
  const entry = entries.get(connector);
  if (entry?.target !== 'STARTED') return;
  if (task === null) {
    if (statuses.connector(connector)?.state !== 'FAILED') return;
    await carryOutRestart(lifecycle, statuses, entry, { connector, onlyFailed: true, includeTasks: false });
  } else if (statuses.task({ connector, task })?.state === 'FAILED' && entry.taskConfigs[task]) {
    await lifecycle.restartTasks(entry, [{ connector, task }]);
  }
}
