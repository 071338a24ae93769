/** Starts and stops tasks, and turns their reports into statuses. `startTask` hides how a task runs. */
import { ConnectError, toError } from '../errors';
import { getLogger, type Logger, taskContext } from '../log';
import { CELL_OF } from '../metrics/cells';
import type { Measurement } from '../metrics/registry';
import type { SampleSettings } from '../metrics/samples';
import type { StartCounts } from '../metrics/start-counts';
import { StateTimes } from '../metrics/state-times';
import { countersOf, formatCounters, type TaskCounters } from '../metrics/task-counters';
import type { TaskPlugins, UsedPlugin } from '../metrics/task-plugins';
import { TaskReadings } from '../metrics/task-readings';
import { formatTaskId, type OffsetEntry, type TaskId } from '../thread/messages';
import type { TaskHandle, TaskListener } from '../thread/task-handle';
import { within } from '../waiting';
import type { ActiveTopics } from './active-topics';
import type { OffsetStore, StartTask, TaskStart } from './ports';
import type { State, StatusStore } from './status';
import { taskMeasurements } from './task-measurements';

const log = getLogger('org.apache.kafka.connect.runtime.Worker');
/** How long after the deadline a handle may still take to report that the task was cut off. */
const CUT_OFF_MARGIN_MS = 2000;

/** What supervision needs. */
export interface SupervisorOptions {
  readonly startTask: StartTask;
  readonly statuses: StatusStore;
  readonly topics: ActiveTopics;
  /** False if `topic.tracking.enable` is off. */
  readonly trackTopics: boolean;
  /** The open store; called when offsets arrive. */
  readonly offsetStore: () => OffsetStore;
  /** `task.shutdown.graceful.timeout.ms`: one deadline shared by all tasks that stop together. */
  readonly gracefulTimeoutMs: number;
  /** How long values are remembered for rates and averages. */
  readonly samples: SampleSettings;
  /** Where starts of tasks are counted. */
  readonly starts: StartCounts;
  /** Called when a task has drained, started, failed or ended. */
  readonly onDrainChange: () => void;
}

/** One run of a task, from its start to its stop. */
interface RunningTask {
  readonly start: TaskStart;
  /** That of its connector. */
  readonly plugin: UsedPlugin;
  readonly times: StateTimes<State>;
  readonly log: Logger;
  /** Null if it could not be started. */
  handle: TaskHandle | null;
  /** True once it has said that it runs, or is paused. */
  hasStarted: boolean;
  failed: boolean;
  drained: boolean;
  /** The plugins that it uses; null until it has said which. */
  plugins: TaskPlugins | null;
  /** What it has reported. */
  readonly readings: TaskReadings;
  /** Set when its stop begins: from then on its states are ignored, but its offsets count. */
  stopping: boolean;
  /** Set when it has ended or was cut off: late offsets must not undo later changes. */
  ended: boolean;
  readonly topics: Set<string>;
  /** Called with the first state that the task reports: null, or why it has failed. */
  saidHow: (failure: Error | null) => void;
}

/** The progress of a task. */
export interface TaskProgress {
  readonly id: TaskId;
  readonly kind: 'source' | 'sink';
  readonly failed: boolean;
  readonly drained: boolean;
  /** Records and bytes moved, and the outcomes of all records, since the run began; as last reported. */
  readonly records: number;
  readonly bytes: number;
  readonly counters: TaskCounters;
}

export class TaskSupervisor {
  private readonly tasks = new Map<string, RunningTask>();

  constructor(private readonly options: SupervisorOptions) {}

  /**
   * Starts a task. Never throws: a task that cannot be started is FAILED.
   * @returns resolves when the task has first reported its state, or has ended: null, or why it has failed
   */
  start(start: TaskStart, plugin: UsedPlugin): Promise<Error | null> {
    const logger = log.withContext(taskContext(start.id));
    const task: RunningTask = {
      start,
      plugin: { className: plugin.className, version: plugin.version },
      // As in Java: until it says how it is, it counts as what it is to be.
      times: new StateTimes<State>(start.paused ? 'PAUSED' : 'RUNNING', Date.now()),
      log: logger,
      handle: null,
      hasStarted: false,
      failed: false,
      drained: false,
      plugins: null,
      readings: new TaskReadings(start.kind, this.options.samples),
      stopping: false,
      ended: false,
      topics: new Set(),
      saidHow: () => {},
    };
    const said = new Promise<Error | null>(resolve => {
      task.saidHow = resolve;
    });
    this.tasks.set(formatTaskId(start.id), task);
    this.options.statuses.setTask(start.id, 'UNASSIGNED', plugin.version);
    logger.info(`Creating task ${formatTaskId(start.id)}`);
    try {
      task.handle = this.options.startTask(start, this.listenerOf(task));
    } catch (thrown) {
      this.fail(task, toError(thrown));
    }
    return said;
  }

  /** Makes tasks that could not be started (because of a variable without a value, for instance) FAILED, with one log line for all. */
  startFailed(ids: readonly TaskId[], error: Error, version: string): void {
    const [first, ...others] = ids;
    if (!first) return;
    const more = others.length > 0 ? `, and ${others.length} more for the same reason` : '';
    log.withContext(taskContext(first)).error(`Failed to start task ${formatTaskId(first)}${more}`, error);
    for (const id of ids) {
      this.options.statuses.failTask(id, error, version);
      this.options.starts.count(false, Date.now());
    }
  }

  pause(connector: string): void {
    for (const task of this.liveTasksOf(connector)) task.handle?.pause();
  }

  resume(connector: string): void {
    for (const task of this.liveTasksOf(connector)) task.handle?.resume();
  }

  /** Stops tasks within one shared deadline. Those that do not stop in time are cut off. Statuses are not changed. */
  async stop(ids: readonly TaskId[]): Promise<void> {
    const deadlineMs = Date.now() + this.options.gracefulTimeoutMs;
    await Promise.all(ids.map(id => this.stopOne(id, deadlineMs)));
  }

  /** Handles of source tasks that may have offsets to commit. */
  runningSources(): TaskHandle[] {
    return [...this.tasks.values()].flatMap(task =>
      task.start.kind === 'source' && this.isLive(task) && task.handle ? [task.handle] : [],
    );
  }

  /** Numbers of a connector's tasks that were started and not stopped, including those that FAILED since. */
  idsOf(connector: string): TaskId[] {
    return [...this.tasks.values()].map(task => task.start.id).filter(id => id.connector === connector);
  }

  /** The progress of a connector's tasks. */
  progressOf(connector: string): TaskProgress[] {
    return [...this.tasks.values()].filter(task => task.start.id.connector === connector).map(progressOf);
  }

  /** The metrics of all tasks that were started and not stopped. @param nowMs epoch milliseconds */
  measure(nowMs: number): Measurement[] {
    return [...this.tasks.values()].flatMap(({ start, plugin, times, readings, plugins }) => {
      const { id, kind, taskProps } = start;
      const state = this.options.statuses.task(id)?.state ?? 'UNASSIGNED';
      return taskMeasurements(
        { id, kind, state, times, connector: plugin, taskClass: taskProps['task.class'] ?? '', readings, plugins },
        nowMs,
      );
    });
  }

  /** Asks every sink task of a connector to report when it has delivered all that is now on its topics. */
  drainSinks(connector: string): void {
    for (const task of this.liveTasksOf(connector)) {
      if (task.start.kind !== 'sink') continue;
      task.drained = false;
      task.handle?.drain();
    }
  }

  private async stopOne(id: TaskId, deadlineMs: number): Promise<void> {
    const key = formatTaskId(id);
    const task = this.tasks.get(key);
    if (!task) return;
    task.stopping = true;
    task.log.info(`Stopping task ${key}`);
    try {
      const limitMs = deadlineMs - Date.now() + CUT_OFF_MARGIN_MS;
      const inOrder = await within(limitMs, task.handle?.stop(deadlineMs) ?? Promise.resolve(true));
      if (!inOrder)
        task.log.error(`Graceful stop of task ${key} failed. Last counted: ${formatCounters(key, progressOf(task).counters, Date.now())}`);
    } catch (error) {
      task.log.error(`Graceful stop of task ${key} failed.`, error);
    }
    task.ended = true;
    task.saidHow(null);
    if (this.tasks.get(key) === task) this.tasks.delete(key);
    this.options.onDrainChange();
  }

  private listenerOf(task: RunningTask): TaskListener {
    return {
      onState: state => {
        task.saidHow(null);
        if (this.isLive(task)) this.setState(task, state);
      },
      onFailed: error => this.fail(task, error),
      onTopicActive: topic => {
        task.topics.add(topic);
        this.noteTopics(task);
      },
      // A task reports a topic only once; after a reset of the list, its next records bring its topics back.
      onProgress: report => {
        task.readings.take(report, Date.now());
        this.noteTopics(task);
      },
      onPlugins: plugins => {
        task.plugins = plugins;
      },
      onDrained: drained => {
        task.drained = drained;
        this.options.onDrainChange();
      },
      saveOffsets: entries => this.saveOffsets(task, entries),
    };
  }

  private setState(task: RunningTask, state: 'RUNNING' | 'PAUSED'): void {
    const { statuses, starts } = this.options;
    if (!task.hasStarted) starts.count(true, Date.now());
    task.hasStarted = true;
    task.times.change(state, Date.now());
    statuses.setTask(task.start.id, state, task.plugin.version);
  }

  private fail(task: RunningTask, error: Error): void {
    task.saidHow(error);
    if (!this.isLive(task)) return;
    task.failed = true;
    task.times.change('FAILED', Date.now());
    if (!task.hasStarted) this.options.starts.count(false, Date.now());
    task.log.error(
      `Worker${task.start.kind === 'source' ? 'Source' : 'Sink'}Task{id=${formatTaskId(task.start.id)}} Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted`,
      error,
    );
    this.options.statuses.failTask(task.start.id, error, task.plugin.version);
    this.options.onDrainChange();
  }

  private noteTopics(task: RunningTask): void {
    if (!this.options.trackTopics || task.stopping) return;
    for (const topic of task.topics) this.options.topics.add(task.start.id.connector, topic);
  }

  private async saveOffsets(task: RunningTask, entries: readonly OffsetEntry[]): Promise<void> {
    if (task.ended) {
      const id = formatTaskId(task.start.id);
      throw new ConnectError('IllegalStateException', `Offsets of task ${id} came too late: the task was stopped`);
    }
    await this.options.offsetStore().save(entries);
  }

  private isLive(task: RunningTask): boolean {
    return !task.failed && !task.stopping;
  }

  private liveTasksOf(connector: string): RunningTask[] {
    return [...this.tasks.values()].filter(task => task.start.id.connector === connector && this.isLive(task));
  }
}

function progressOf({ start, failed, drained, readings }: RunningTask): TaskProgress {
  const { cells, oldest } = readings;
  const [records, bytes] = [cells[CELL_OF.recordsMoved] as number, cells[CELL_OF.bytesMoved] as number];
  return { id: start.id, kind: start.kind, failed, drained, records, bytes, counters: countersOf(cells, oldest) };
}
