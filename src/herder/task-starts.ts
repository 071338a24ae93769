/** Starts the tasks of a connector a few at a time, and stops doing so when the worker runs out of resources. */
import { ConnectError, toError } from '../errors';
import { formatTaskId, type TaskId } from '../thread/messages';
import { endsWithin } from '../waiting';
import { isWantOfResources, scarceResource } from './resources';

/** How many tasks may be starting at once: each loads code, opens files and connections. */
const AT_ONCE = 16;
/** How long the others wait for a starting task to report its state. */
const PATIENCE_MS = 2000;
/** How one task is started. */
export interface TaskStarting {
  /** Starts it. @returns `up` resolves with the first state that it reports: null, or why it has failed */
  start(id: TaskId): Promise<{ readonly up: Promise<Error | null> }>;
  /** Makes tasks FAILED without starting them. */
  refuse(ids: readonly TaskId[], error: Error): void;
}

/**
 * Starts tasks in order; resolves when all are started or refused.
 * @param scarce see `scarceResource`
 */
export async function startTasks(ids: readonly TaskId[], how: TaskStarting, scarce = scarceResource): Promise<void> {
  const starting = new Set<Promise<void>>();
  const wants: Error[] = [];
  const follow = async (id: TaskId, up: Promise<Error | null>): Promise<void> => {
    const error = await up;
    if (error && isWantOfResources(error)) wants.push(notStarted(`task ${formatTaskId(id)} has failed with "${error.message}"`, error));
  };
  for (const [i, id] of ids.entries()) {
    // Not for each task: the check costs a system call for each descriptor.
    const lack = i % AT_ONCE === 0 && ids.length > 1 ? scarce() : null;
    if (lack !== null) wants.push(notStarted(lack));
    const [want] = wants;
    if (want) {
      how.refuse(ids.slice(i), want);
      return;
    }
    try {
      const followed: Promise<void> = follow(id, (await how.start(id)).up).finally(() => starting.delete(followed));
      starting.add(followed);
    } catch (error) {
      how.refuse([id], toError(error));
    }
    if (starting.size >= AT_ONCE) await endsWithin(PATIENCE_MS, Promise.race(starting));
  }
}

function notStarted(why: string, cause?: Error): ConnectError {
  const message = `The task was not started, since resources have run short: ${why}. Set fewer tasks (tasks.max), or restart the task when there is room.`;
  return new ConnectError('ConnectException', message, cause);
}
