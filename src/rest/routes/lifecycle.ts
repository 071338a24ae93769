/** Pause, resume, stop, restart; tasks; active topics. */
import { ConnectError } from '../../errors';
import type { Herder } from '../../herder/herder';
import type { TaskId } from '../../thread/messages';
import { HttpError } from '../error-mapper';
import { empty, flag, json, param, type RestReply, type RestRequest, type Route } from '../route';

const STANDALONE = 'Kafka Connect in standalone mode does not support';

export function lifecycleRoutes(herder: Herder): Route[] {
  const change = (status: number, action: (name: string) => Promise<void>) => async (request: RestRequest) => {
    await action(param(request, 'connector'));
    return empty(status);
  };
  return [
    { method: 'PUT', path: '/connectors/:connector/pause', handle: change(202, name => herder.pauseConnector(name)) },
    { method: 'PUT', path: '/connectors/:connector/resume', handle: change(202, name => herder.resumeConnector(name)) },
    { method: 'PUT', path: '/connectors/:connector/stop', handle: change(204, name => herder.stopConnector(name)) },
    { method: 'POST', path: '/connectors/:connector/restart', handle: request => restart(herder, request) },
    ...taskRoutes(herder),
    ...topicRoutes(herder),
  ];
}

function taskRoutes(herder: Herder): Route[] {
  return [
    { method: 'GET', path: '/connectors/:connector/tasks', handle: request => json(200, herder.taskInfos(param(request, 'connector'))) },
    {
      method: 'POST',
      path: '/connectors/:connector/tasks',
      handle: () => unsupported(`${STANDALONE} externally setting task configurations.`),
    },
    { method: 'PUT', path: '/connectors/:connector/fence', handle: () => unsupported(`${STANDALONE} exactly-once source connectors.`) },
    { method: 'GET', path: '/connectors/:connector/tasks/:task/status', handle: request => json(200, herder.taskStatus(taskId(request))) },
    {
      method: 'POST',
      path: '/connectors/:connector/tasks/:task/restart',
      handle: async request => {
        await herder.restartTask(taskId(request));
        return empty(204);
      },
    },
  ];
}

function topicRoutes(herder: Herder): Route[] {
  const requireTracking = (): void => {
    if (!herder.topicTracking.enabled) throw new HttpError(403, 'Topic tracking is disabled.');
  };
  return [
    {
      method: 'GET',
      path: '/connectors/:connector/topics',
      handle: request => {
        requireTracking();
        const name = param(request, 'connector');
        return json(200, { [name]: { topics: herder.activeTopics(name) } });
      },
    },
    {
      method: 'PUT',
      path: '/connectors/:connector/topics/reset',
      handle: request => {
        requireTracking();
        if (!herder.topicTracking.allowReset) throw new HttpError(403, 'Topic tracking reset is disabled.');
        herder.resetActiveTopics(param(request, 'connector'));
        return empty(202);
      },
    },
  ];
}

async function restart(herder: Herder, request: RestRequest): Promise<RestReply> {
  const connector = param(request, 'connector');
  const includeTasks = flag(request, 'includeTasks');
  const onlyFailed = flag(request, 'onlyFailed');
  if (includeTasks || onlyFailed) return json(202, await herder.restartConnectorAndTasks({ connector, includeTasks, onlyFailed }));
  await herder.restartConnector(connector);
  return empty(204);
}

/** A task number that is not an integer of 32 bits is a path that does not exist. */
function taskId(request: RestRequest): TaskId {
  const text = param(request, 'task');
  const task = Number(text);
  if (!/^[+-]?[0-9]+$/.test(text) || task !== (task | 0)) throw new HttpError(404);
  return { connector: param(request, 'connector'), task };
}

function unsupported(message: string): never {
  throw new ConnectError('UnsupportedOperationException', message);
}
