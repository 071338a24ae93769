/** /connectors: list, create, read, change, delete. */
import type { Herder } from '../../herder/herder';
import { withCounters } from '../../herder/views';
import { parseConfig, parseCreateRequest, withName } from '../bodies';
import { empty, FLAG, flag, json, param, type RestReply, type RestRequest, type Route, values } from '../route';

/** @param advertisedUrl what `Location` starts with if the client does not say by which host it came; without a slash at the end */
export function connectorRoutes(herder: Herder, advertisedUrl: string): Route[] {
  const created: Created = ({ baseUrl }, name, info) => ({
    ...json(201, info),
    headers: { location: `${baseUrl ?? advertisedUrl}/connectors/${encodeSegments(name)}` },
  });
  return [...listRoutes(herder, created), ...oneRoutes(herder), ...configRoutes(herder, created), statusRoute(herder)];
}

function listRoutes(herder: Herder, created: Created): Route[] {
  return [
    {
      method: 'GET',
      path: '/connectors',
      summary: 'Names; `?expand=status&expand=info` adds both.',
      query: [{ name: 'expand', description: 'What is shown of each connector.', values: ['status', 'info'], repeated: true }],
      replies: { 200: 'Connectors' },
      handle: request => json(200, listConnectors(herder, values(request, 'expand'))),
    },
    {
      method: 'POST',
      path: '/connectors',
      summary: '201. Body `{"name", "config"[, "initial_state"]}`; 400 invalid, 409 exists.',
      body: 'CreateConnector',
      replies: { 201: 'ConnectorInfo' },
      errors: [400, 409, 500],
      handle: request => create(herder, request, created),
    },
  ];
}

function oneRoutes(herder: Herder): Route[] {
  const path = '/connectors/:connector';
  return [
    {
      method: 'GET',
      path,
      summary: 'Name, settings, tasks, type.',
      replies: { 200: 'ConnectorInfo' },
      errors: [404],
      handle: request => json(200, herder.connectorInfo(param(request, 'connector'))),
    },
    {
      method: 'DELETE',
      path,
      summary: '204. Offsets stay: the same name goes on where it stopped.',
      replies: { 204: null },
      errors: [404],
      handle: request => remove(herder, request),
    },
  ];
}

function configRoutes(herder: Herder, created: Created): Route[] {
  const path = '/connectors/:connector/config';
  return [
    {
      method: 'GET',
      path,
      summary: 'Settings as submitted, variables unresolved.',
      replies: { 200: 'Config' },
      errors: [404],
      handle: request => json(200, herder.connectorInfo(param(request, 'connector')).config),
    },
    {
      method: 'PUT',
      path,
      summary: '200, or 201 when it is new. Replaces all settings.',
      body: 'NewConfig',
      replies: { 200: 'ConnectorInfo', 201: 'ConnectorInfo' },
      errors: [400, 500],
      handle: request => put(herder, request, created),
    },
    {
      method: 'PATCH',
      path,
      summary: '200. Merges; `null` removes a key.',
      body: 'ConfigChange',
      replies: { 200: 'ConnectorInfo' },
      errors: [400, 404, 500],
      handle: request => patch(herder, request),
    },
  ];
}

function statusRoute(herder: Herder): Route {
  return {
    method: 'GET',
    path: '/connectors/:connector/status',
    summary: 'State of connector and tasks, with the trace of what failed; `?counters=true` adds what became of the records of each task.',
    query: [{ name: 'counters', description: 'Add `counters` to each task.', values: FLAG }],
    replies: { 200: 'ConnectorStatus' },
    errors: [404],
    handle: request => json(200, status(herder, request)),
  };
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
