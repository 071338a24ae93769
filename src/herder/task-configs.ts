/** Turns the task settings that a connector returns into those that the tasks get. */
import type { Props } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import type { TasksMax } from '../config/tasks/tasks-max';
import { ConnectError } from '../errors';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.runtime.Worker');

/**
 * Checks the number of tasks against `tasks.max`.
 * @param limit `tasks.max.limit`, which always holds
 * @throws ConnectError (TooManyTasksException) unless `tasks.max.enforce` is false, which makes it a warning
 */
export function checkTasksMax(connector: string, count: number, max: TasksMax, limit = Number.POSITIVE_INFINITY): void {
  if (count > limit) {
    throw new ConnectError(
      'TooManyTasksException',
      `The connector ${connector} has generated ${count} tasks, which is greater than ${limit}, the most that this worker runs for one connector (tasks.max.limit in its settings).`,
    );
  }
  if (count <= max.count) return;
  const found = `The connector ${connector} has generated ${count} tasks, which is greater than ${max.count}, the maximum number of tasks it is configured to create. `;
  if (max.isEnforced) {
    throw new ConnectError(
      'TooManyTasksException',
      `${found}This behaviour should be considered a bug and is disallowed. If necessary, it can be permitted by reconfiguring the connector with 'tasks.max.enforce' set to false; however, this option will be removed in a future release of Kafka Connect.`,
    );
  }
  log.warn(
    `${found}This behavior should be considered a bug and will be disallowed in future releases of Kafka Connect. Please report this to the maintainers of the connector and request that they adjust their connector's taskConfigs() method to respect the maxTasks parameter.`,
  );
}

/**
 * A task's settings as stored and shown: those that the connector returned, the task's class, and for sinks the topics. If the connector's
 * own setting has a variable, the variable is kept, so that no secret shows.
 */
export function completeTaskConfig(taskProps: Props, rawConfig: Props, plugin: ConnectorPlugin): Props {
  const complete: Record<string, string> = { ...taskProps, 'task.class': plugin.taskClassName };
  const copied = plugin.type === 'sink' ? ['topics', 'topics.regex'] : [];
  for (const [key, value] of Object.entries(rawConfig)) {
    if (copied.includes(key) || (key in taskProps && value.includes('${'))) complete[key] = value;
  }
  return complete;
}

/** True if both hold the same settings, in whatever order. */
export function sameProps(a: Props, b: Props): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key] && key in b);
}
