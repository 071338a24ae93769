/** The main thread's side of a task thread: passes messages to and from its tasks, and deals with its end, orderly or not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from '../errors';
import { type LogEntry, type LogLevel, noteLoggers } from '../log';
import { endsWithin } from '../waiting';
import { closeGate } from './gate';
import { HostedTask, type TaskAssignment } from './hosted-task';
import { formatTaskId, type MainToThread, type ThreadToMain } from './messages';
import type { SpareThread } from './spare-thread';
import type { ClientKeeper, TaskListener } from './task-handle';

/**
 * How often to check whether a thread has left native code, in which it must not be terminated. No native call takes longer than 100 ms,
 * except the commit of a transaction: up to 1 s.
 */
const GATE_CHECK_MS = 2;
/** A thread that handles no message for so long counts as blocked for good. */
const BLOCKED_AFTER_MS = 3000;
/** How long a thread without tasks may take to exit; something that a plugin left behind may block it. */
const END_LIMIT_MS = 2000;

export class TaskThreadHandle {
  /** Resolves when the thread has exited. */
  readonly exited: Promise<void>;
  private readonly tasks = new Map<number, HostedTask>();
  private nextNumber = 0;
  /** Tasks that should have stopped by now. */
  private readonly overdue = new Set<HostedTask>();
  /** Set once the thread was told to end or has ended: it takes no more tasks. */
  private isLeaving = false;
  private hasExited = false;
  private cutting: Promise<void> | null = null;
  private onAlive: () => void = () => {};

  /** @param isShared false for a thread that one task has for itself */
  constructor(
    private readonly thread: SpareThread,
    private readonly isShared: boolean,
    private readonly keeper: ClientKeeper,
    private readonly log: (entry: LogEntry) => void,
  ) {
    const { worker } = thread;
    this.exited = new Promise(resolve =>
      worker.once('exit', code => {
        this.afterExit(code);
        resolve();
      }),
    );
    worker.on('message', (message: ThreadToMain) => this.receive(message));
    // Its code could not be loaded, or its memory is used up; an exit follows.
    worker.on('error', error => this.failAll(error));
  }

  /** True if another task may join. A task that does not end might block the thread, and newcomers with it. */
  get takesMore(): boolean {
    return this.isShared && !this.isLeaving && this.overdue.size === 0;
  }

  get taskCount(): number {
    return this.tasks.size;
  }

  /** Starts a task here. */
  start(assignment: TaskAssignment, listener: TaskListener, logLevels: ReadonlyMap<string, LogLevel>): HostedTask {
    const number = this.nextNumber++;
    const task = new HostedTask(assignment, listener, this.keeper, this.log, {
      send: message => this.send({ type: 'task', number, message }),
      onEnded: () => this.remove(number, task),
      onOverdue: () => this.giveUp(task),
    });
    this.tasks.set(number, task);
    this.send({ type: 'start', number, spec: task.spec, logLevels });
    return task;
  }

  setLogLevel(logger: string, level: LogLevel): void {
    this.send({ type: 'log-level', logger, level });
  }

  private send(message: MainToThread): void {
    if (!this.hasExited) this.thread.worker.postMessage(message);
  }

  private receive(message: ThreadToMain): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'task':
        this.tasks.get(message.number)?.receive(message.message);
        break;
      case 'log':
        this.log(message.entry);
        break;
      case 'loggers':
        noteLoggers(message.names);
        break;
      case 'alive':
        this.onAlive();
        break;
      default:
        message satisfies never;
    }
  }

  private remove(number: number, task: HostedTask): void {
    this.tasks.delete(number);
    this.overdue.delete(task);
    if (this.hasExited || this.isLeaving) return;
    if (this.tasks.size === 0) this.end();
    else this.cutOffIfForlorn();
  }

  /** Ends the thread in order, now that there is nothing left in it. */
  private end(): void {
    this.isLeaving = true;
    this.send({ type: 'end' });
    const timer = setTimeout(() => void this.cutOff(), END_LIMIT_MS);
    void this.exited.then(() => clearTimeout(timer));
  }

  /**
   * A task has not stopped in time. If it is alone, it is cut off with its thread. If it shares the thread, it is left to end by itself,
   * however long that takes, unless it blocks the others: then the thread is ended, and they fail.
   */
  private giveUp(task: HostedTask): void {
    this.overdue.add(task);
    this.cutOffIfForlorn();
    if (!this.cutting) void this.cutOffIfBlocked(task);
  }

  private cutOffIfForlorn(): void {
    if (this.tasks.size > 0 && this.overdue.size === this.tasks.size) void this.cutOff();
  }

  private async cutOffIfBlocked(culprit: HostedTask): Promise<void> {
    const alive = new Promise<void>(resolve => {
      this.onAlive = resolve;
    });
    this.send({ type: 'ask' });
    const isAlive = await endsWithin(BLOCKED_AFTER_MS, Promise.race([alive, this.exited]), { ref: false });
    if (isAlive || this.cutting) return;
    const why = `task ${formatTaskId(culprit.id)}, which ran in the same thread, blocked it and could not be stopped`;
    for (const task of this.tasks.values()) {
      if (this.overdue.has(task)) continue;
      task.fail(new ConnectError('ConnectException', `The thread of task ${formatTaskId(task.id)} was ended: ${why}. Restart the task.`));
    }
    await this.cutOff();
  }

  /** Ends a thread that does not end by itself; never inside native code, see gate.ts. */
  private cutOff(): Promise<void> {
    this.isLeaving = true;
    this.cutting ??= this.terminate();
    return this.cutting;
  }

  private async terminate(): Promise<void> {
    while (!closeGate(this.thread.gate)) {
      if (this.hasExited) return;
      await sleep(GATE_CHECK_MS);
    }
    await this.thread.worker.terminate();
  }

  private afterExit(code: number): void {
    this.isLeaving = true;
    this.hasExited = true;
    if (!this.cutting) {
      const among = this.tasks.size > 1 ? `, with ${this.tasks.size - 1} other tasks in it` : '';
      for (const task of this.tasks.values()) {
        const text = `The thread of task ${formatTaskId(task.id)} ended unexpectedly (exit code ${code})${among}`;
        task.fail(new ConnectError('ConnectException', text));
      }
    }
    for (const task of [...this.tasks.values()]) task.threadGone();
  }

  private failAll(error: Error): void {
    for (const task of this.tasks.values()) task.fail(error);
  }
}
