/** /admin/loggers (KIP-495, KIP-976): reads and sets log levels while the worker runs. */
import { javaTrim } from '../../../api/config-types';
import { ConnectError } from '../../../errors';
import { effectiveLevel, getLogger, LOG_LEVELS, type LogLevel, loggerNames, setLogLevel } from '../../../log';
import { parseConfig } from '../bodies';
import { HttpError } from '../error-mapper';
import { empty, json, param, type RestReply, type RestRequest, type Route, values } from '../route';

const log = getLogger('org.apache.kafka.connect.runtime.rest.resources.LoggingResource');

/** Tells task threads of a new level; they have loggers of their own. */
export type OnLogLevel = (logger: string, level: LogLevel) => void;

export function loggerRoutes(onLogLevel: OnLogLevel): Route[] {
  const modified = new Map<string, number>();
  const show = (logger: string) => ({ level: effectiveLevel(logger), last_modified: modified.get(logger) ?? null });
  return [
    {
      method: 'GET',
      path: '/admin/loggers',
      handle: () => json(200, Object.fromEntries(loggerNames().map(logger => [logger, show(logger)]))),
    },
    {
      method: 'GET',
      path: '/admin/loggers/:logger',
      handle: request => {
        const logger = loggerOf(request);
        if (!loggerNames().includes(logger)) throw new ConnectError('NotFoundException', `Logger ${logger} not found.`);
        return json(200, show(logger));
      },
    },
    {
      method: 'PUT',
      path: '/admin/loggers/:logger',
      readsBody: true,
      handle: request =>
        setLevel(request, changed => {
          for (const logger of changed.loggers) {
            setLogLevel(logger, changed.level);
            modified.set(logger, Date.now());
            onLogLevel(logger, changed.level);
          }
        }),
    },
  ];
}

interface LevelChange {
  readonly loggers: readonly string[];
  readonly level: LogLevel;
}

function setLevel(request: RestRequest, apply: (change: LevelChange) => void): RestReply {
  const namespace = loggerOf(request);
  const level = requestedLevel(request);
  const affected = [...new Set([...loggerNames(), namespace])].filter(logger => isBelow(namespace, logger));
  const loggers = affected.filter(logger => effectiveLevel(logger) !== level).sort();
  apply({ loggers, level });
  const scope = values(request, 'scope')[0]?.toLowerCase() ?? 'worker';
  if (scope === 'cluster') return empty(204);
  if (scope !== 'worker')
    log.warn(`Received invalid scope '${scope}' in request to adjust logging level for ${namespace}; assuming 'worker'`);
  return json(200, loggers);
}

/** As in Java, which compares text: `x.Worker` changes `x.WorkerConfig` too. */
function isBelow(namespace: string, logger: string): boolean {
  return namespace === 'root' || logger.startsWith(namespace);
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
