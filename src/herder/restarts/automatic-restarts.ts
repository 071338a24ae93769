/**
 * `restart.policy=on-failure`: restarts failed connectors and tasks after a wait that doubles each time. It watches the statuses and acts
 * through the connector's queue like any request. Anything else that happens to the connector or task meanwhile (a manual restart, a new
 * configuration, a stop, a removal) cancels the wait.
 */
import type { RestartPolicy } from '../../config/keys/restart-policy';
import { ConnectError, type ErrorCode, toError } from '../../errors';
import { getLogger } from '../../log';
import { formatTaskId, type TaskId } from '../../thread/messages';
import { doubledMs } from '../../waiting';
import type { State, StatusListener, StatusStore } from '../status';

const log = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');

/** Errors that no restart cures: a setting has to be changed first. */
const LASTING: readonly ErrorCode[] = ['ConfigException', 'TooManyTasksException'];
/** Waits are shortened by up to this share, so that tasks which failed together do not restart together. */
const JITTER = 0.2;

/** A connector (`task` null) or a task. */
export interface Part {
  readonly connector: string;
  readonly task: number | null;
}

/** What restarts need. */
export interface AutomaticRestartOptions {
  readonly statuses: StatusStore;
  /** The policy of a connector; null if there is none, or no such connector. */
  readonly policyOf: (connector: string) => RestartPolicy | null;
  /** False while the user wants a connector paused or stopped. */
  readonly isWanted: (connector: string) => boolean;
  /** Restarts a part if it is still FAILED, in its turn; what fails again shows in the status. */
  readonly restart: (part: Part) => Promise<void>;
  /** Called when a restart is over. */
  readonly onDone: () => void;
  readonly random?: () => number;
}

/** The record of a failed connector or task. */
interface Record {
  readonly part: Part;
  /** Restarts since it was last healthy. */
  attempts: number;
  timer: NodeJS.Timeout | null;
  /** Set during an automatic restart, which changes the status itself. */
  restarting: boolean;
  runningSinceMs: number | null;
}

export class AutomaticRestarts implements StatusListener {
  private readonly records = new Map<string, Record>();
  private closed = false;

  constructor(private readonly options: AutomaticRestartOptions) {
    options.statuses.listener = this;
  }

  /** Cancels all waits, for good. */
  close(): void {
    this.closed = true;
    for (const record of this.records.values()) cancel(record);
    this.records.clear();
  }

  /** True while an automatic restart of the connector or one of its tasks is due or running. */
  isDue(connector: string): boolean {
    return [...this.records.values()].some(({ part, timer, restarting }) => part.connector === connector && (timer !== null || restarting));
  }

  onStatus(connector: string, task: number | null, state: State | null, error?: unknown): void {
    if (this.closed) return;
    const part = { connector, task };
    if (state === 'FAILED') this.failed(part, toError(error));
    else this.changed(part, state);
  }

  private changed(part: Part, state: State | null): void {
    const key = keyOf(part);
    const record = this.records.get(key);
    if (!record) return;
    cancel(record);
    if (state === 'RUNNING') record.runningSinceMs = Date.now();
    // An automatic restart does not remove the task it replaces; any other removal or restart begins a new count.
    else if (!record.restarting && (state === null || state === 'RESTARTING' || state === 'UNASSIGNED' || state === 'STOPPED')) {
      this.records.delete(key);
    }
  }

  private failed(part: Part, error: Error): void {
    const policy = this.options.policyOf(part.connector);
    if (!policy?.enabled) return;
    const lasting = lastingCause(error);
    if (lasting) {
      this.note(part, `No automatic restart: only another configuration can help against ${lasting.code}.`);
      return;
    }
    const record = this.recordOf(part);
    cancel(record);
    if (record.runningSinceMs !== null && Date.now() - record.runningSinceMs >= policy.healthyMs) record.attempts = 0;
    record.runningSinceMs = null;
    if (policy.maxAttempts >= 0 && record.attempts >= policy.maxAttempts) {
      this.note(part, `No further automatic restart: ${policy.maxAttempts} did not help (restart.policy.max.attempts).`);
      return;
    }
    record.attempts++;
    const delayMs = this.delayMs(policy, record.attempts);
    const count = policy.maxAttempts < 0 ? `${record.attempts}` : `${record.attempts} of ${policy.maxAttempts}`;
    this.note(part, `Automatic restart ${count} at ${new Date(Date.now() + delayMs).toISOString()} (restart.policy=on-failure).`);
    this.wait(part, record, delayMs);
  }

  private recordOf(part: Part): Record {
    const key = keyOf(part);
    const record = this.records.get(key) ?? { part, attempts: 0, timer: null, restarting: false, runningSinceMs: null };
    this.records.set(key, record);
    return record;
  }

  private delayMs({ initialDelayMs, maxDelayMs }: RestartPolicy, attempt: number): number {
    const full = doubledMs(initialDelayMs, maxDelayMs, attempt);
    return Math.round(full * (1 - JITTER * (this.options.random ?? Math.random)()));
  }

  private wait(part: Part, record: Record, delayMs: number): void {
    record.timer = setTimeout(() => void this.due(part, record, delayMs), delayMs);
    record.timer.unref();
  }

  private async due(part: Part, record: Record, delayMs: number): Promise<void> {
    record.timer = null;
    // A paused connector is left alone; once it is resumed, failed tasks are due again.
    if (!this.options.isWanted(part.connector)) {
      this.wait(part, record, delayMs);
      return;
    }
    log.info(`Restarting ${describe(part)} after its failure, attempt ${record.attempts}`);
    record.restarting = true;
    await this.options.restart(part).catch(error => log.error(`Failed to restart ${describe(part)}`, error));
    record.restarting = false;
    this.options.onDone();
  }

  /** Adds to the log and the status what is going to happen. */
  private note(part: Part, what: string): void {
    log.warn(`${describe(part)} has failed. ${what}`);
    this.options.statuses.addToTrace(part.connector, part.task, what);
  }
}

function cancel(record: Record): void {
  if (record.timer) clearTimeout(record.timer);
  record.timer = null;
}

/** The first error of a chain of causes that a restart cannot cure. */
function lastingCause(error: Error): ConnectError | undefined {
  const seen = new Set<unknown>();
  for (let cause: unknown = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    if (cause instanceof ConnectError && LASTING.includes(cause.code)) return cause;
    seen.add(cause);
  }
  return undefined;
}

const idOf = ({ connector, task }: Part): TaskId | null => (task === null ? null : { connector, task });

/** Not the name of a task, which may also be the name of a connector. */
const keyOf = (part: Part): string => JSON.stringify([part.connector, part.task]);

function describe(part: Part): string {
  const id = idOf(part);
  return id ? `Task ${formatTaskId(id)}` : `Connector ${part.connector}`;
}
