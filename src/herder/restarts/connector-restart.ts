/** POST /connectors/{name}/restart with includeTasks or onlyFailed (KIP-745). */
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import type { ConnectorEntry, ConnectorLifecycle } from '../connector-lifecycle';
import type { StatusStore } from '../status';
import { type ConnectorStatusInfo, connectorStatus } from '../views';
import { describePlan, planRestart, type RestartRequest, withRestarting } from './restart-plan';

const log = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');

/** Carries out a plan. @returns the states at its beginning; a failure to start shows in the status only */
export async function carryOutRestart(
  lifecycle: ConnectorLifecycle,
  statuses: StatusStore,
  entry: ConnectorEntry,
  request: RestartRequest,
): Promise<ConnectorStatusInfo> {
  const plan = planRestart(request, statusOf(entry, statuses));
  log.info(`Received plan to restart ${describePlan(plan, request)}`);
  const { version } = entry.plugin;
  const reply = withRestarting(statusOf(entry, statuses), plan);
  if (plan.restartConnector) statuses.setConnector(entry.name, 'RESTARTING', version);
  for (const id of plan.tasks) statuses.setTask(id, 'RESTARTING', version);
  if (plan.restartConnector) await restartInstance(lifecycle, entry);
  await lifecycle.restartTasks(entry, plan.tasks);
  if (plan.restartConnector) await lifecycle.updateTasks(entry).catch(error => log.error('Failed to update tasks', error));
  log.info(`Completed plan to restart ${describePlan(plan, request)}`);
  return reply;
}

async function restartInstance(lifecycle: ConnectorLifecycle, entry: ConnectorEntry): Promise<void> {
  await lifecycle.stopConnector(entry);
  try {
    await lifecycle.startConnector(entry);
    log.info(`Connector '${entry.name}' restart successful`);
  } catch (error) {
    log.error(`Connector '${entry.name}' restart failed`, error);
  }
}

function statusOf(entry: ConnectorEntry, statuses: StatusStore): ConnectorStatusInfo {
  const status = connectorStatus(entry, statuses);
  if (!status) throw new ConnectError('NotFoundException', `Status for connector ${entry.name} not found`);
  return status;
}
