/** The herder's connectors as the REST API shows them. */
import type { Props } from '../api/connector';
import { ConnectError } from '../errors';
import { ageMs, NO_COUNTS, type OldestPending, type TaskCounters } from '../metrics/task-counters';
import { formatTaskId } from '../thread/messages';
import type { ConnectorEntry } from './connector-lifecycle';
import { taskIdsOf } from './connector-lifecycle';
import type { StatusInfo, StatusStore, TaskStatusInfo } from './status';
import type { TaskProgress } from './task-supervisor';

/** GET /connectors/{name}. */
export interface ConnectorInfo {
  readonly name: string;
  readonly config: Props;
  readonly tasks: readonly { readonly connector: string; readonly task: number }[];
  readonly type: 'source' | 'sink';
}

/** GET /connectors/{name}/tasks. */
export interface TaskInfo {
  readonly id: { readonly connector: string; readonly task: number };
  readonly config: Props;
}

/** GET /connectors/{name}/status. */
export interface ConnectorStatusInfo {
  readonly name: string;
  readonly connector: StatusInfo;
  readonly tasks: readonly TaskStatusInfo[];
  readonly type: 'source' | 'sink';
}

export function connectorInfo(entry: ConnectorEntry): ConnectorInfo {
  return { name: entry.name, config: entry.config, tasks: taskIdsOf(entry), type: entry.plugin.type };
}

export function taskInfos(entry: ConnectorEntry): TaskInfo[] {
  return taskIdsOf(entry).map(id => ({ id, config: entry.taskConfigs[id.task] ?? {} }));
}

/** The status of a connector; undefined while a new connector has none. */
export function connectorStatus(entry: ConnectorEntry, statuses: StatusStore): ConnectorStatusInfo | undefined {
  const connector = statuses.connector(entry.name);
  return connector && { name: entry.name, connector, tasks: statuses.tasksOf(entry.name), type: entry.plugin.type };
}

/** Counters as REST shows them; of the oldest pending record how long it has waited, in ms, or null if none waits. */
export interface CountersInfo extends Omit<TaskCounters, 'oldestPending' | 'unread'> {
  readonly oldestPending: (Omit<OldestPending, 'sinceMs'> & { readonly ageMs: number }) | null;
  /** Bytes that were gone before the source could read them, and how often their number is unknown; absent if there were none. */
  readonly unreadBytes?: number;
  readonly unreadUnknown?: number;
}

/**
 * A status with the counters of each task; zeros for a task that could not be started.
 * @param nowMs epoch milliseconds
 */
export function withCounters(
  status: ConnectorStatusInfo,
  progress: readonly TaskProgress[],
  nowMs: number,
): ConnectorStatusInfo & { readonly tasks: readonly (TaskStatusInfo & { readonly counters: CountersInfo })[] } {
  const countersOf = (task: number): TaskCounters =>
    progress.find(({ id }) => id.connector === status.name && id.task === task)?.counters ?? NO_COUNTS;
  return { ...status, tasks: status.tasks.map(task => ({ ...task, counters: countersInfo(countersOf(task.id), nowMs) })) };
}

function countersInfo({ oldestPending, unread, ...counts }: TaskCounters, nowMs: number): CountersInfo {
  const gone = unread && { unreadBytes: unread.bytes, unreadUnknown: unread.unknown };
  if (!oldestPending) return { ...counts, oldestPending: null, ...gone };
  const { topic, partition, sinceMs } = oldestPending;
  return { ...counts, oldestPending: { topic, partition, ageMs: ageMs(sinceMs, nowMs) }, ...gone };
}

/** Names of the connector, if it has failed, and of its failed tasks. */
export function failedParts(entry: ConnectorEntry, statuses: StatusStore): string[] {
  const tasks = taskIdsOf(entry).filter(id => statuses.task(id)?.state === 'FAILED');
  const own = statuses.connector(entry.name)?.state === 'FAILED' ? [entry.name] : [];
  return [...own, ...tasks.map(formatTaskId)];
}

/** A connector by name. @throws ConnectError (NotFoundException) with this message */
export function entryOf(
  entries: ReadonlyMap<string, ConnectorEntry>,
  name: string,
  message = `Connector ${name} not found`,
): ConnectorEntry {
  const entry = entries.get(name);
  if (!entry) throw notFound(message);
  return entry;
}

/** The error for something that does not exist. */
export function notFound(message: string): ConnectError {
  return new ConnectError('NotFoundException', message);
}
