/** /connectors: list, create, read, change, delete. */
import type { Herder } from '../../herder/herder';
import { withCounters } from '../../herder/views';
import { parseConfig, parseCreateRequest, withName } from '../bodies';
import { empty, flag, json, param, type RestReply, type RestRequest, type Route, values } from '../route';

/** @param advertisedUrl what `Location` starts with if the client does not say by which host it came; without a slash at the end */
export function connectorRoutes(herder: Herder, advertisedUrl: string): Route[] {
  const created: Created = ({ baseUrl }, name, info) => ({
    ...json(201, info),
    headers: { location: `${baseUrl ?? advertisedUrl}/connectors/${encodeSegments(name)}` },
  });
  return [
    { method: 'GET', path: '/connectors', handle: request => json(200, listConnectors(herder, values(request, 'expand'))) },
    { method: 'POST', path: '/connectors', readsBody: true, handle: request => create(herder, request, created) },
    { method: 'GET', path: '/connectors/:connector', handle: request => json(200, herder.connectorInfo(param(request, 'connector'))) },
    { method: 'DELETE', path: '/connectors/:connector', handle: request => remove(herder, request) },
    {
      method: 'GET',
      path: '/connectors/:connector/config',
      handle: request => json(200, herder.connectorInfo(param(request, 'connector')).config),
    },
    { method: 'PUT', path: '/connectors/:connector/config', readsBody: true, handle: request => put(herder, request, created) },
    { method: 'PATCH', path: '/connectors/:connector/config', readsBody: true, handle: request => patch(herder, request) },
    { method: 'GET', path: '/connectors/:connector/status', handle: request => json(200, status(herder, request)) },
  ];
}

type Created = (request: RestRequest, name: string, info: unknown) => RestReply;

/** Percent-encoded as Java's builder of addresses does it: signs that may stand in a path stay, slashes too. */
function encodeSegments(name: string): string {
  // Through bytes, since half a character beyond the BMP cannot be encoded.
  return encodeURIComponent(Buffer.from(name).toString()).replaceAll(/%(?:2B|26|3D|3B|2C|3A|40|24|2F)/g, decodeURIComponent);
}

function listConnectors(herder: Herder, expand: readonly string[]): unknown {
  const names = herder.connectors();
  if (expand.length === 0) return names;
  const views = new Map<string, (name: string) => unknown>([
    ['status', name => herder.connectorStatus(name)],
    ['info', name => herder.connectorInfo(name)],
  ]);
  const wanted = [...new Set(expand)].filter(view => views.has(view));
  return Object.fromEntries(names.map(name => [name, Object.fromEntries(wanted.map(view => [view, views.get(view)?.(name)]))]));
}

function status(herder: Herder, request: RestRequest): unknown {
  const shown = herder.connectorStatus(param(request, 'connector'));
  return flag(request, 'counters') ? withCounters(shown, herder.progress(), Date.now()) : shown;
}

async function create(herder: Herder, request: RestRequest, created: Created): Promise<RestReply> {
  const { name, config, initialState } = parseCreateRequest(request.body);
  const options = { allowReplace: false, ...(initialState ? { initialState } : {}) };
  const { info } = await herder.putConnectorConfig(name, withName(name, config), options);
  return created(request, name, info);
}

async function put(herder: Herder, request: RestRequest, created: Created): Promise<RestReply> {
  const name = param(request, 'connector');
  const result = await herder.putConnectorConfig(name, withName(name, parseConfig(request.body)), { allowReplace: true });
  return result.created ? created(request, name, result.info) : json(200, result.info);
}

async function patch(herder: Herder, request: RestRequest): Promise<RestReply> {
  const name = param(request, 'connector');
  const changes = parseConfig(request.body);
  // A null would take the name out of the configuration, which the check of the result refuses.
  return json(200, await herder.patchConnectorConfig(name, changes.name === null ? changes : withName(name, changes)));
}

async function remove(herder: Herder, request: RestRequest): Promise<RestReply> {
  await herder.deleteConnector(param(request, 'connector'));
  return empty(204);
}
