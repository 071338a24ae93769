/** /admin/loggers (KIP-495, KIP-976): reads and sets log levels while the worker runs. */

import { ConnectError } from '../../errors';
import { javaTrim } from '../../java/trim';
import { effectiveLevel, getLogger, isNamedBelow, LOG_LEVELS, type LogLevel, loggerNames, logLevels, setLogLevel } from '../../log';
import { parseConfig } from '../bodies';
import { HttpError } from '../error-mapper';
import { empty, json, param, type RestReply, type RestRequest, type Route, values } from '../route';

const log = getLogger('org.apache.kafka.connect.runtime.rest.resources.LoggingResource');

/** Tells the other threads of a new level: they have loggers of their own. */
export type OnLogLevel = (logger: string, level: LogLevel) => void;

export function loggerRoutes(onLogLevel: OnLogLevel): Route[] {
  const modified = new Map<string, number>();
  const show = (logger: string) => ({ level: effectiveLevel(logger), last_modified: modified.get(logger) ?? null });
  return [
    {
      method: 'GET',
      path: '/admin/loggers',
      summary: 'Loggers and levels.',
      replies: { 200: 'LogLevels' },
      handle: () => json(200, Object.fromEntries(loggerNames().map(logger => [logger, show(logger)]))),
    },
    {
      method: 'GET',
      path: '/admin/loggers/:logger',
      summary: 'One logger.',
      replies: { 200: 'LogLevel' },
      errors: [404],
      handle: request => {
        const logger = loggerOf(request);
        if (!loggerNames().includes(logger)) throw new ConnectError('NotFoundException', `Logger ${logger} not found.`);
        return json(200, show(logger));
      },
    },
    {
      method: 'PUT',
      path: '/admin/loggers/:logger',
      summary: '200 and the loggers that changed. Body `{"level": "DEBUG"}`; `?scope=cluster` 204.',
      query: [{ name: 'scope', description: 'A standalone worker is its whole cluster.', values: ['worker', 'cluster'] }],
      body: 'LogLevelChange',
      replies: { 200: 'Names', 204: null },
      errors: [400, 404],
      handle: request =>
        setLevel(request, (namespace, level) => {
          const before = new Map(affected(namespace).map(logger => [logger, effectiveLevel(logger)]));
          setLogLevel(namespace, level);
          onLogLevel(namespace, level);
          const changed = [...before].filter(([logger, old]) => effectiveLevel(logger) !== old).map(([logger]) => logger);
          for (const logger of changed) modified.set(logger, Date.now());
          return changed.sort();
        }),
    },
  ];
}

/** @param apply sets the level of a logger and of those below it, and returns the names of those that had another one */
function setLevel(request: RestRequest, apply: (namespace: string, level: LogLevel) => string[]): RestReply {
  const namespace = loggerOf(request);
  const level = requestedLevel(request);
  requireRoom(namespace);
  const loggers = apply(namespace, level);
  const scope = values(request, 'scope')[0]?.toLowerCase() ?? 'worker';
  if (scope === 'cluster') return empty(204);
  if (scope !== 'worker')
    log.warn(`Received invalid scope '${scope}' in request to adjust logging level for ${namespace}; assuming 'worker'`);
  return json(200, loggers);
}

/** Loggers that may have a level. Each name is kept as long as the worker runs, here and in every thread, even if nothing writes to it. */
const MAX_LEVELS = 1000;
const MAX_NAME_LENGTH = 300;

/** @throws ConnectError (BadRequestException) for a name that would be one too many */
function requireRoom(namespace: string): void {
  if (namespace.length > MAX_NAME_LENGTH) {
    throw new ConnectError(
      'BadRequestException',
      `A logger name of ${namespace.length} characters is too long: at most ${MAX_NAME_LENGTH} are allowed`,
    );
  }
  if (logLevels().size < MAX_LEVELS || loggerNames().includes(namespace)) return;
  throw new ConnectError(
    'BadRequestException',
    `${MAX_LEVELS} loggers have a level: a further one gets one only if something writes to it`,
  );
}

/** Loggers that a change may concern. */
function affected(namespace: string): string[] {
  return [...new Set([...loggerNames(), namespace])].filter(logger => isNamedBelow(logger, namespace));
}

/** The root logger has its name in any case. */
function loggerOf(request: RestRequest): string {
  const logger = param(request, 'logger');
  return logger.toLowerCase() === 'root' ? 'root' : logger;
}

function requestedLevel(request: RestRequest): LogLevel {
  const { level } = parseConfig(request.body);
  if (level === undefined || level === null) {
    throw new ConnectError('BadRequestException', "Desired 'level' parameter was not specified in request.");
  }
  const wanted = javaTrim(level).toUpperCase();
  const found = LOG_LEVELS.find(known => known === wanted);
  if (!found) throw new HttpError(404, `invalid log level '${level}'.`);
  return found;
}
