/**
 * Which task runs in which thread. Each gets a thread of its own as long as there are fewer than `task.threads.max`; beyond that,
 * tasks that never block go to the thread of their kind that has the fewest, and all others still get their own.
 */
import type { LogEntry, LogLevel } from '../log';
import { endsWithin } from '../waiting';
import type { TaskAssignment } from './hosted-task';
import type { MainToThread } from './messages';
import { startSignalWatcher } from './signal-watcher';
import { type SpareThread, startSpareThread } from './spare-thread';
import type { ClientKeeper, TaskHandle, TaskListener } from './task-handle';
import { TaskThreadHandle } from './task-thread-handle';

const CLOSE_LIMIT_MS = 5000;

/** What task threads need from the worker. */
export interface TaskThreadsOptions {
  readonly keeper: ClientKeeper;
  readonly logLevels: () => ReadonlyMap<string, LogLevel>;
  /** Takes log lines of tasks. */
  readonly log: (entry: LogEntry) => void;
  /** `task.threads.max`; called only when a task starts. */
  readonly maxThreads: () => number;
  /** For the first task, so that it does not wait for its code. */
  readonly spare?: SpareThread | null;
}

/** Starts tasks in threads. */
export class TaskThreads {
  private readonly threads = new Set<TaskThreadHandle>();
  private readonly leaving = new Set<Promise<void>>();
  private spare: SpareThread | null;

  constructor(private readonly options: TaskThreadsOptions) {
    this.spare = options.spare ?? null;
  }

  /** True if a thread runs tasks or waits for the first one. */
  get hasThreads(): boolean {
    return this.threads.size > 0 || this.spare !== null;
  }

  /** Runs a task. */
  start(assignment: TaskAssignment, listener: TaskListener): TaskHandle {
    const thread = this.threadFor(assignment) ?? this.startThread(assignment.mayShareThread);
    const task = thread.start(assignment, listener, this.options.logLevels());
    this.waitFor(task.gone);
    return task;
  }

  /** The first task will be of this kind: the thread that waits for it may load what it runs on, while others wait for the brokers. */
  expect(kind: TaskAssignment['kind']): void {
    this.spare?.worker.postMessage({ type: 'expect', kind } satisfies MainToThread);
  }

  /** The existing thread that a task is to share, if it may and must share one. */
  private threadFor({ mayShareThread }: TaskAssignment): TaskThreadHandle | undefined {
    if (!mayShareThread || this.threads.size < this.options.maxThreads()) return undefined;
    const open = [...this.threads].filter(thread => thread.takesMore);
    return open.sort((a, b) => a.taskCount - b.taskCount)[0];
  }

  private startThread(shared: boolean): TaskThreadHandle {
    const { keeper, log } = this.options;
    const thread = new TaskThreadHandle(this.spare ?? startSpareThread(), shared, keeper, log);
    this.spare = null;
    this.threads.add(thread);
    this.waitFor(thread.exited.then(() => this.leave(thread)));
    return thread;
  }

  private leave(thread: TaskThreadHandle): void {
    this.threads.delete(thread);
    // The task threads that are gone have watched for signals too.
    if (this.threads.size === 0) startSignalWatcher(null);
  }

  private waitFor(end: Promise<void>): void {
    const left = end.finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }

  /** Changes a level in every thread; those that start later get all levels with their first task. */
  setLogLevel(logger: string, level: LogLevel): void {
    for (const thread of this.threads) thread.setLogLevel(logger, level);
  }

  /** Waits until every thread has exited and its clients are freed. @returns false if some had not within `CLOSE_LIMIT_MS` */
  async close(): Promise<boolean> {
    const { spare } = this;
    this.spare = null;
    // Not terminated, since it may be loading native code; told to end, it ends by itself.
    const spareGone = spare ? new Promise<void>(resolve => spare.worker.once('exit', () => resolve())) : Promise.resolve();
    spare?.worker.postMessage({ type: 'end' } satisfies MainToThread);
    return endsWithin(CLOSE_LIMIT_MS, Promise.all([...this.leaving, spareGone]));
  }
}
