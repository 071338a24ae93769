/** States of connectors and tasks, in memory, in the shape in which REST shows them. */
import { javaStackTrace } from '../errors';
import { hideSecrets } from '../secrets';
import { formatTaskId, type TaskId } from '../thread/messages';

export type State = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING';

/** State of a connector or task; `trace` only when FAILED. */
export interface Status {
  readonly state: State;
  /** Version of the plugin; null while unknown. */
  readonly version: string | null;
  readonly trace?: string;
}

/** A status as REST writes it, its fields in Java's order. */
export interface StatusInfo {
  readonly state: State;
  readonly worker_id: string;
  readonly version: string | null;
  readonly trace?: string;
}

export interface TaskStatusInfo extends StatusInfo {
  readonly id: number;
}

/** Called after every change of a status. */
export interface StatusListener {
  /**
   * @param task null for the connector itself
   * @param state null when it was removed
   * @param error why it is FAILED
   */
  onStatus(connector: string, task: number | null, state: State | null, error?: unknown): void;
}

/** Holds the last status of every connector and task. Reading never waits. */
export class StatusStore {
  listener: StatusListener | null = null;
  private readonly connectors = new Map<string, Status>();
  private readonly tasks = new Map<string, { readonly id: TaskId; readonly status: Status }>();

  constructor(private readonly workerId: string) {}

  setConnector(name: string, state: State, version: string | null): void {
    this.connectors.set(name, { state, version });
    this.listener?.onStatus(name, null, state);
  }

  /** Makes a connector FAILED, with the trace of the error and its causes. */
  failConnector(name: string, error: unknown, version: string | null): void {
    this.connectors.set(name, { state: 'FAILED', version, trace: hideSecrets(javaStackTrace(error)) });
    this.listener?.onStatus(name, null, 'FAILED', error);
  }

  setTask(id: TaskId, state: State, version: string | null): void {
    this.tasks.set(formatTaskId(id), { id, status: { state, version } });
    this.listener?.onStatus(id.connector, id.task, state);
  }

  failTask(id: TaskId, error: unknown, version: string | null): void {
    this.tasks.set(formatTaskId(id), { id, status: { state: 'FAILED', version, trace: hideSecrets(javaStackTrace(error)) } });
    this.listener?.onStatus(id.connector, id.task, 'FAILED', error);
  }

  removeTask(id: TaskId): void {
    this.tasks.delete(formatTaskId(id));
    this.listener?.onStatus(id.connector, id.task, null);
  }

  /** Forgets a connector; its tasks were removed before. */
  removeConnector(name: string): void {
    this.connectors.delete(name);
    this.listener?.onStatus(name, null, null);
  }

  /** Adds a line to the trace of what is FAILED. */
  addToTrace(connector: string, task: number | null, line: string): void {
    const add = (status: Status): Status => ({ ...status, trace: `${status.trace ?? ''}${hideSecrets(line)}\n` });
    const own = this.connectors.get(connector);
    if (task === null && own?.state === 'FAILED') this.connectors.set(connector, add(own));
    const key = formatTaskId({ connector, task: task ?? 0 });
    const known = task === null ? undefined : this.tasks.get(key);
    if (known?.status.state === 'FAILED') this.tasks.set(key, { id: known.id, status: add(known.status) });
  }

  connector(name: string): StatusInfo | undefined {
    const status = this.connectors.get(name);
    return status && this.info(status);
  }

  task(id: TaskId): TaskStatusInfo | undefined {
    const known = this.tasks.get(formatTaskId(id));
    return known && { id: id.task, ...this.info(known.status) };
  }

  /** Tasks of a connector by number. */
  tasksOf(connector: string): TaskStatusInfo[] {
    return [...this.tasks.values()]
      .filter(({ id }) => id.connector === connector)
      .map(({ id, status }) => ({ id: id.task, ...this.info(status) }))
      .sort((a, b) => a.id - b.id);
  }

  private info({ state, version, trace }: Status): StatusInfo {
    return { state, worker_id: this.workerId, version, ...(trace === undefined ? {} : { trace }) };
  }
}
