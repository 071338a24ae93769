/** A task as the main thread sees it; the thread behind it is an implementation detail. */
import type { TaskReport } from '../metrics/task-counters';
import type { TaskPlugins } from '../metrics/task-plugins';
import type { NativeClient, OffsetEntry, TaskId } from './messages';

/** Called on the main thread; must not throw. */
export interface TaskListener {
  onState(state: 'RUNNING' | 'PAUSED'): void;
  /** The task has failed: its own error, or the end of its thread. Called at most once. */
  onFailed(error: Error): void;
  onTopicActive(topic: string): void;
  /** The plugins that the task has made, once it has. */
  onPlugins(plugins: TaskPlugins): void;
  onProgress(report: TaskReport): void;
  onDrained(drained: boolean): void;
  /** Offsets to keep, from a report or from the end of the task; the promise says that they are safe. */
  saveOffsets(entries: readonly OffsetEntry[]): Promise<void>;
}

export interface TaskHandle {
  readonly id: TaskId;
  pause(): void;
  resume(): void;
  /** Has a sink say `onDrained` once all that is on its topics now has been delivered. */
  drain(): void;
  /** Has a source report its offsets, saves them through the listener, tells the task. Resolves also when the task gives no answer in time (then it is logged). */
  commitOffsets(timeoutMs: number): Promise<void>;
  /**
   * Asks the task to end in order. Resolves true when it has; false when it was overdue, was cut off, and is being cleared away.
   * @param deadlineMs epoch milliseconds
   */
  stop(deadlineMs: number): Promise<boolean>;
}

/** Frees what librdkafka holds for a thread that has ended; implemented by kafka/. */
export interface ClientKeeper {
  readonly libraryPath: string;
  makeWakePipe(): { readonly readFd: number; readonly writeFd: number };
  /** Frees queues and their clients, off the event loop. Only after the thread has exited, or has given them up. */
  free(queues: readonly number[], clients: readonly NativeClient[]): Promise<void>;
}
