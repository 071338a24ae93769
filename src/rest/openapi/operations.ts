/** What each route takes and answers: from this come the OpenAPI document and the README's table of routes. */
import type { SchemaName } from './schemas';

/** A query parameter. */
export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  /** Values that mean something; others are ignored or mean the default. */
  readonly values?: readonly string[];
  /** May be there several times. */
  readonly repeated?: boolean;
}

/** One route. */
export interface Operation {
  /** Markdown; the README shows it. */
  readonly summary: string;
  readonly query?: readonly QueryParameter[];
  readonly body?: SchemaName;
  /** Statuses other than errors, each with the shape of its body; null: no body. */
  readonly answers: Readonly<Record<number, SchemaName | null>>;
  /** Errors that this route foresees; those of every route (405, 406, 413, 415 ...) are not named again. */
  readonly errors?: readonly number[];
}

const FLAG = ['true', 'false'];
const NEVER = 'for distributed workers only, as in Java.';

/** By method and path, the path as routes spell it. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /': { summary: 'Version and cluster id.', answers: { 200: 'ServerInfo' } },
  'GET /health': {
    summary:
      '200 once all connector files are created, 503 before. As in Java it is about the worker: failed tasks do not count, but with `?tasks=true`.',
    query: [{ name: 'tasks', description: '503 too while a connector or task is FAILED; the message names them.', values: FLAG }],
    answers: { 200: 'Health', 503: 'Health' },
  },
  'GET /connectors': {
    summary: 'Names; `?expand=status&expand=info` adds both.',
    query: [{ name: 'expand', description: 'What is shown of each connector.', values: ['status', 'info'], repeated: true }],
    answers: { 200: 'Connectors' },
  },
  'POST /connectors': {
    summary: '201. Body `{"name", "config"[, "initial_state"]}`; 400 invalid, 409 exists.',
    body: 'CreateConnector',
    answers: { 201: 'ConnectorInfo' },
    errors: [400, 409, 500],
  },
  'GET /connectors/:connector': { summary: 'Name, settings, tasks, type.', answers: { 200: 'ConnectorInfo' }, errors: [404] },
  'DELETE /connectors/:connector': {
    summary: '204. Offsets stay: the same name goes on where it stopped.',
    answers: { 204: null },
    errors: [404],
  },
  'GET /connectors/:connector/config': {
    summary: 'Settings as submitted, variables unresolved.',
    answers: { 200: 'Config' },
    errors: [404],
  },
  'PUT /connectors/:connector/config': {
    summary: '200, or 201 when it is new. Replaces all settings.',
    body: 'NewConfig',
    answers: { 200: 'ConnectorInfo', 201: 'ConnectorInfo' },
    errors: [400, 500],
  },
  'PATCH /connectors/:connector/config': {
    summary: '200. Merges; `null` removes a key.',
    body: 'ConfigChange',
    answers: { 200: 'ConnectorInfo' },
    errors: [400, 404, 500],
  },
  'GET /connectors/:connector/status': {
    summary: 'State of connector and tasks, with the trace of what failed; `?counters=true` adds what became of the records of each task.',
    query: [{ name: 'counters', description: 'Add `counters` to each task.', values: FLAG }],
    answers: { 200: 'ConnectorStatus' },
    errors: [404],
  },
  'PUT /connectors/:connector/pause': { summary: '202. Tasks stay, nothing moves.', answers: { 202: null }, errors: [404] },
  'PUT /connectors/:connector/resume': { summary: '202. From paused or stopped.', answers: { 202: null }, errors: [404, 500] },
  'PUT /connectors/:connector/stop': {
    summary: '204. Tasks are gone, settings stay; offsets may be changed now.',
    answers: { 204: null },
    errors: [404],
  },
  'POST /connectors/:connector/restart': {
    summary: '204; with `?includeTasks=true` or `?onlyFailed=true` 202 and the status.',
    query: [
      { name: 'includeTasks', description: 'Restart tasks too.', values: FLAG },
      { name: 'onlyFailed', description: 'Restart only what has failed.', values: FLAG },
    ],
    answers: { 202: 'ConnectorStatus', 204: null },
    errors: [404, 500],
  },
  'GET /connectors/:connector/tasks': { summary: 'Tasks with their settings.', answers: { 200: 'TaskInfos' }, errors: [404] },
  'POST /connectors/:connector/tasks': { summary: `500: ${NEVER}`, answers: {}, errors: [500] },
  'PUT /connectors/:connector/fence': { summary: `500: ${NEVER}`, answers: {}, errors: [500] },
  'GET /connectors/:connector/tasks/:task/status': {
    summary: 'State of one task.',
    answers: { 200: 'TaskState' },
    errors: [404],
  },
  'POST /connectors/:connector/tasks/:task/restart': {
    summary: '204. Restarts one task.',
    answers: { 204: null },
    errors: [404, 500],
  },
  'GET /connectors/:connector/topics': { summary: 'Topics used so far.', answers: { 200: 'ActiveTopics' }, errors: [403] },
  'PUT /connectors/:connector/topics/reset': { summary: '202. Forgets them.', answers: { 202: null }, errors: [403] },
  'GET /connectors/:connector/offsets': {
    summary: 'Positions of a source, or offsets of the group of a sink.',
    answers: { 200: 'Offsets' },
    errors: [404, 500],
  },
  'PATCH /connectors/:connector/offsets': {
    summary: '200. Sets offsets of a stopped connector; `null` removes one.',
    body: 'OffsetsChange',
    answers: { 200: 'Message' },
    errors: [400, 404, 500],
  },
  'DELETE /connectors/:connector/offsets': {
    summary: '200. Removes all offsets of a stopped connector.',
    answers: { 200: 'Message' },
    errors: [400, 404, 500],
  },
  'GET /connector-plugins': {
    summary: 'Connectors; `?connectorsOnly=false` lists converters too.',
    query: [{ name: 'connectorsOnly', description: 'Only connectors, which is the default.', values: FLAG }],
    answers: { 200: 'Plugins' },
  },
  'GET /connector-plugins/:plugin/config': {
    summary: 'Settings that a plugin defines.',
    query: [{ name: 'version', description: 'A version or a range of them, as Maven writes it; `latest` by default.' }],
    answers: { 200: 'SettingDefinitions' },
    errors: [400, 404],
  },
  'PUT /connector-plugins/:plugin/config/validate': {
    summary: '200 with every setting, its value and its errors. Starts nothing.',
    body: 'NewConfig',
    answers: { 200: 'Validation' },
    errors: [400, 404, 500],
  },
  'GET /admin/loggers': { summary: 'Loggers and levels.', answers: { 200: 'LogLevels' } },
  'GET /admin/loggers/:logger': { summary: 'One logger.', answers: { 200: 'LogLevel' }, errors: [404] },
  'PUT /admin/loggers/:logger': {
    summary: '200 and the loggers that changed. Body `{"level": "DEBUG"}`; `?scope=cluster` 204.',
    query: [{ name: 'scope', description: 'A standalone worker is its whole cluster.', values: ['worker', 'cluster'] }],
    body: 'LogLevelChange',
    answers: { 200: 'Names', 204: null },
    errors: [400, 404],
  },
  'GET /openapi.json': { summary: 'This interface as an OpenAPI 3 document.', answers: { 200: 'AnyObject' } },
};
