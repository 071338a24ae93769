/** Pause, resume, stop, restart; tasks; active topics. */
import { ConnectError } from '../../errors';
import type { Herder } from '../../herder/herder';
import type { TaskId } from '../../thread/messages';
import { HttpError } from '../error-mapper';
import { empty, FLAG, flag, json, type Method, param, type RestReply, type RestRequest, type Route } from '../route';

export function lifecycleRoutes(herder: Herder): Route[] {
  return [...stateRoutes(herder), restartRoute(herder), ...taskRoutes(herder), ...topicRoutes(herder)];
}

function stateRoutes(herder: Herder): Route[] {
  const change = (status: number, action: (name: string) => Promise<void>) => async (request: RestRequest) => {
    await action(param(request, 'connector'));
    return empty(status);
  };
  return [
    {
      method: 'PUT',
      path: '/connectors/:connector/pause',
      summary: '202. Tasks stay, nothing moves.',
      replies: { 202: null },
      errors: [404],
      handle: change(202, name => herder.pauseConnector(name)),
    },
    {
      method: 'PUT',
      path: '/connectors/:connector/resume',
      summary: '202. From paused or stopped.',
      replies: { 202: null },
      errors: [404, 500],
      handle: change(202, name => herder.resumeConnector(name)),
    },
    {
      method: 'PUT',
      path: '/connectors/:connector/stop',
      summary: '204. Tasks are gone, settings stay; offsets may be changed now.',
      replies: { 204: null },
      errors: [404],
      handle: change(204, name => herder.stopConnector(name)),
    },
  ];
}

function restartRoute(herder: Herder): Route {
  return {
    method: 'POST',
    path: '/connectors/:connector/restart',
    summary: '204; with `?includeTasks=true` or `?onlyFailed=true` 202 and the status.',
    query: [
      { name: 'includeTasks', description: 'Restart tasks too.', values: FLAG },
      { name: 'onlyFailed', description: 'Restart only what has failed.', values: FLAG },
    ],
    replies: { 202: 'ConnectorStatus', 204: null },
    errors: [404, 500],
    handle: request => restart(herder, request),
  };
}

function taskRoutes(herder: Herder): Route[] {
  return [
    {
      method: 'GET',
      path: '/connectors/:connector/tasks',
      summary: 'Tasks with their settings.',
      replies: { 200: 'TaskInfos' },
      errors: [404],
      handle: request => json(200, herder.taskInfos(param(request, 'connector'))),
    },
    unsupported('POST', '/connectors/:connector/tasks', 'externally setting task configurations'),
    unsupported('PUT', '/connectors/:connector/fence', 'exactly-once source connectors'),
    {
      method: 'GET',
      path: '/connectors/:connector/tasks/:task/status',
      summary: 'State of one task.',
      replies: { 200: 'TaskState' },
      errors: [404],
      handle: request => json(200, herder.taskStatus(taskId(request))),
    },
    {
      method: 'POST',
      path: '/connectors/:connector/tasks/:task/restart',
      summary: '204. Restarts one task.',
      replies: { 204: null },
      errors: [404, 500],
      handle: async request => {
        await herder.restartTask(taskId(request));
        return empty(204);
      },
    },
  ];
}

/** A route that Java serves in distributed mode only. */
function unsupported(method: Method, path: string, what: string): Route {
  return {
    method,
    path,
    summary: '500: for distributed workers only, as in Java.',
    replies: {},
    errors: [500],
    handle: () => {
      throw new ConnectError('UnsupportedOperationException', `Kafka Connect in standalone mode does not support ${what}.`);
    },
  };
}

function topicRoutes(herder: Herder): Route[] {
  const requireTracking = (): void => {
    if (!herder.topicTracking.enabled) throw new HttpError(403, 'Topic tracking is disabled.');
  };
  return [
    {
      method: 'GET',
      path: '/connectors/:connector/topics',
      summary: 'Topics used so far.',
      replies: { 200: 'ActiveTopics' },
      errors: [403],
      handle: request => {
        requireTracking();
        const name = param(request, 'connector');
        return json(200, { [name]: { topics: herder.activeTopics(name) } });
      },
    },
    {
      method: 'PUT',
      path: '/connectors/:connector/topics/reset',
      summary: '202. Forgets them.',
      replies: { 202: null },
      errors: [403],
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
