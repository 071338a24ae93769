/** POST /connectors/{name}/restart?includeTasks=&onlyFailed=: what is to be restarted (KIP-745). */
import type { TaskId } from '../../thread/messages';
import type { ConnectorStatusInfo } from '../views';

/** A request to restart a connector, its tasks, or those of them that failed. */
export interface RestartRequest {
  readonly connector: string;
  readonly onlyFailed: boolean;
  readonly includeTasks: boolean;
}

/** What a request restarts, given the current states. */
export interface RestartPlan {
  readonly restartConnector: boolean;
  readonly tasks: readonly TaskId[];
  /** Number of existing tasks. */
  readonly totalTasks: number;
}

/** Plans a restart by the current states. */
export function planRestart(request: RestartRequest, status: ConnectorStatusInfo): RestartPlan {
  const isChosen = (state: string): boolean => !request.onlyFailed || state === 'FAILED';
  const tasks = request.includeTasks ? status.tasks.filter(task => isChosen(task.state)) : [];
  return {
    restartConnector: isChosen(status.connector.state),
    tasks: tasks.map(({ id }) => ({ connector: request.connector, task: id })),
    totalTasks: status.tasks.length,
  };
}

/** The states before a restart, with RESTARTING for what it restarts; as in Java a failed one keeps its trace. */
export function withRestarting(status: ConnectorStatusInfo, { restartConnector, tasks }: RestartPlan): ConnectorStatusInfo {
  const chosen = new Set(tasks.map(({ task }) => task));
  return {
    ...status,
    connector: restartConnector ? { ...status.connector, state: 'RESTARTING' } : status.connector,
    tasks: status.tasks.map(task => (chosen.has(task.id) ? { ...task, state: 'RESTARTING' } : task)),
  };
}

/** `connector and 1 of 2 tasks for restart request for {...}`, as Java logs it. */
export function describePlan(plan: RestartPlan, request: RestartRequest): string {
  const connector = plan.restartConnector ? 'connector and ' : '';
  return `${connector}${plan.tasks.length} of ${plan.totalTasks} tasks for restart request for {connectorName='${request.connector}', onlyFailed=${request.onlyFailed}, includeTasks=${request.includeTasks}}`;
}
