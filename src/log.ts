/**
 * Loggers in Kafka Connect's layout. This file knows levels, names and contexts; where a line goes is set once a thread:
 * the main thread writes it, a task thread posts it to the main thread.
 */
import { javaStackTrace } from './errors';
import { hideSecrets } from './secrets';
import { boundedLine } from './visible-text';

/** Connect's levels, most talkative first. */
export const LOG_LEVELS = ['ALL', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of the log, before it is laid out. */
export interface LogEntry {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly level: LogLevel;
  /** Name of the logger: the Java class whose place the code takes. */
  readonly logger: string;
  /** Connect's MDC context with its trailing blank, `[name|task-0] `, or empty. */
  readonly context: string;
  readonly message: string;
  /** Trace of an error, of several lines, laid out by `logTrace`. */
  readonly trace?: string;
}

/** Writes one entry; must not throw. */
export type LogSink = (entry: LogEntry) => void;

export interface Logger {
  /** What its lines are marked with, e.g. `[name|task-0] `; may be empty. */
  readonly context: string;
  trace(message: string | (() => string)): void;
  debug(message: string | (() => string)): void;
  info(message: string): void;
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
  /** The same logger, its lines marked with this context, e.g. `[name|worker] `. */
  withContext(context: string): Logger;
  isEnabled(level: LogLevel): boolean;
}

/** The context of a connector: `[name|worker] `. */
export const connectorContext = (connector: string): string => `[${connector}|worker] `;

/** The context of a task: `[name|task-0] `; with a scope, `[name|task-0|offsets] `. */
export function taskContext({ connector, task }: { readonly connector: string; readonly task: number }, scope?: 'offsets'): string {
  return `[${connector}|task-${task}${scope === undefined ? '' : `|${scope}`}] `;
}

const rankOf = (level: LogLevel): number => LOG_LEVELS.indexOf(level);
const levels = new Map<string, LogLevel>([['root', 'INFO']]);
/** Names of all loggers of this thread, as `GET /admin/loggers` shows them. */
const names = new Set<string>();
/** New names for the listener of `onNewLoggers` that were not passed on yet. */
let untold: string[] = [];
let tellNames: ((fresh: readonly string[]) => void) | null = null;
let sink: LogSink = () => {};

/** Sets where this thread's lines go. */
export function setLogSink(next: LogSink): void {
  sink = next;
}

/**
 * Sets the level of a logger and of those below it by dots, and of all whose level was set before and whose name begins with its name, as
 * Log4j's `Configurator.setAllLevels` does. `root` is the parent of all.
 */
export function setLogLevel(logger: string, level: LogLevel): void {
  for (const other of levels.keys()) if (isNamedBelow(other, logger)) levels.set(other, level);
  levels.set(logger, level);
}

/** True if a change of `upper` may concern a logger: names are compared as text, so `x.Worker` is above `x.WorkerConfig` too. */
export function isNamedBelow(logger: string, upper: string): boolean {
  return upper === 'root' || (logger !== 'root' && logger.startsWith(upper));
}

/** Copies the levels of another thread. */
export function copyLogLevels(from: ReadonlyMap<string, LogLevel>): void {
  for (const [logger, level] of from) levels.set(logger, level);
}

/** Passes on new names of loggers, beginning with the existing ones; several at a time, so that loading a module is one message. */
export function onNewLoggers(tell: (fresh: readonly string[]) => void): void {
  tellNames = tell;
  untold = [];
  for (const name of names) tellLater(name);
}

/** Adds the names of another thread's loggers. */
export function noteLoggers(fresh: readonly string[]): void {
  for (const name of fresh) names.add(name);
}

function tellLater(name: string): void {
  if (untold.push(name) > 1) return;
  setImmediate(() => tellNames?.(untold.splice(0)));
}

/** All levels that were set, by logger name. */
export function logLevels(): ReadonlyMap<string, LogLevel> {
  return levels;
}

/** Names of all loggers that were asked for or given a level in this thread, `root` among them; sorted. */
export function loggerNames(): string[] {
  return [...new Set([...names, ...levels.keys()])].sort();
}

/** The level in force for a logger: its own, or that of its nearest parent by dots. */
export function effectiveLevel(logger: string): LogLevel {
  for (let name = logger; ; name = name.slice(0, name.lastIndexOf('.'))) {
    const level = levels.get(name);
    if (level) return level;
    if (!name.includes('.')) return levels.get('root') ?? 'INFO';
  }
}

/**
 * A logger by name (the Java class whose place the code takes).
 * Messages of TRACE and DEBUG may be functions, which are called only when the level is on.
 */
export function getLogger(logger: string, context = ''): Logger {
  if (tellNames && !names.has(logger)) tellLater(logger);
  names.add(logger);
  const isEnabled = (level: LogLevel): boolean => rankOf(level) >= rankOf(effectiveLevel(logger));
  const write = (level: LogLevel, message: string | (() => string), error?: unknown): void => {
    if (!isEnabled(level)) return;
    const text = typeof message === 'string' ? message : message();
    sink({ atMs: Date.now(), level, logger, context, message: text, ...(error === undefined ? {} : { trace: logTrace(error) }) });
  };
  return {
    context,
    trace: message => write('TRACE', message),
    debug: message => write('DEBUG', message),
    info: message => write('INFO', message),
    warn: (message, error) => write('WARN', message, error),
    error: (message, error) => write('ERROR', message, error),
    withContext: next => getLogger(logger, next),
    isEnabled,
  };
}

/** The trace of an error as the log shows it: messages are made visible (`visibleText`), so all line breaks are ours. */
export function logTrace(error: unknown): string {
  return javaStackTrace(error, boundedLine).trimEnd();
}

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * A line in Connect's layout, `[%d] %p %X{connector.context}%m (%c)`, local time. Foreign texts, such as names of files and settings, can
 * neither begin a line of their own nor control a terminal: see `visibleText`. Values supplied by config providers are hidden.
 */
export function layoutLine(entry: LogEntry): string {
  const at = new Date(entry.atMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())},${String(at.getMilliseconds()).padStart(3, '0')}`;
  const trace = entry.trace === undefined ? '' : `\n${hideSecrets(entry.trace)}`;
  return `[${day} ${time}] ${entry.level} ${boundedLine(hideSecrets(entry.context + entry.message))}${trace} (${boundedLine(entry.logger)})`;
}
