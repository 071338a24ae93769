/** /connectors: list, create, read, change, delete. */
import type { Herder } from '../../herder';
import { parseConfig, parseCreateRequest, withName } from '../bodies';
import { empty, json, param, type RestReply, type RestRequest, type Route, values } from '../route';

/** @param advertisedUrl what `Location` starts with, without a slash at the end */
export function connectorRoutes(herder: Herder, advertisedUrl: string): Route[] {
  const created = (name: string, info: unknown): RestReply => ({
    ...json(201, info),
    headers: { location: `${advertisedUrl}/connectors/${encodeURIComponent(name).replaceAll('%2F', '/')}` },
  });
  return [
    { method: 'GET', path: '/connectors', handle: request => json(200, listConnectors(herder, values(request, 'expand'))) },
    { method: 'POST', path: '/connectors', handle: request => create(herder, request, created) },
    { method: 'GET', path: '/connectors/:connector', handle: request => json(200, herder.connectorInfo(param(request, 'connector'))) },
    { method: 'DELETE', path: '/connectors/:connector', handle: request => remove(herder, request) },
    {
      method: 'GET',
      path: '/connectors/:connector/config',
      handle: request => json(200, herder.connectorInfo(param(request, 'connector')).config),
    },
    { method: 'PUT', path: '/connectors/:connector/config', handle: request => put(herder, request, created) },
    { method: 'PATCH', path: '/connectors/:connector/config', handle: request => patch(herder, request) },
    {
      method: 'GET',
      path: '/connectors/:connector/status',
      handle: request => json(200, herder.connectorStatus(param(request, 'connector'))),
    },
  ];
}

type Created = (name: string, info: unknown) => RestReply;

function listConnectors(herder: Herder, expand: readonly string[]): unknown {
  const names = herder.connectors();
  if (expand.length === 0) return names;
  const expanded = (name: string) => ({
    ...(expand.includes('status') ? { status: herder.connectorStatus(name) } : {}),
    ...(expand.includes('info') ? { info: herder.connectorInfo(name) } : {}),
  });
  return Object.fromEntries(names.map(name => [name, expanded(name)]));
}

async function create(herder: Herder, request: RestRequest, created: Created): Promise<RestReply> {
  const { name, config, initialState } = parseCreateRequest(request.body);
  const options = { allowReplace: false, ...(initialState ? { initialState } : {}) };
  const { info } = await herder.putConnectorConfig(name, withName(name, config), options);
  return created(name, info);
}

async function put(herder: Herder, request: RestRequest, created: Created): Promise<RestReply> {
  const name = param(request, 'connector');
  const result = await herder.putConnectorConfig(name, withName(name, parseConfig(request.body)), { allowReplace: true });
  return result.created ? created(name, result.info) : json(200, result.info);
}

async function patch(herder: Herder, request: RestRequest): Promise<RestReply> {
  const name = param(request, 'connector');
  return json(200, await herder.patchConnectorConfig(name, withName(name, parseConfig(request.body))));
}

async function remove(herder: Herder, request: RestRequest): Promise<RestReply> {
  await herder.deleteConnector(param(request, 'connector'));
  return empty(204);
}
