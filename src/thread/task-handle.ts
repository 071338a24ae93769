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
  /** Offsets to save, during the run or at its end; resolves once they are saved. */
  saveOffsets(entries: readonly OffsetEntry[]): Promise<void>;
}

export interface TaskHandle {
  readonly id: TaskId;
  pause(): void;
  resume(): void;
  /** Asks a sink to report `onDrained` once all that is now on its topics has been delivered. */
  drain(): void;
  /**
   * Asks a source for its offsets, saves them through the listener, and tells the task. If the task does not reply in time, that is logged
   * and this resolves all the same.
   */
  commitOffsets(timeoutMs: number): Promise<void>;
  /**
   * Asks the task to end in order. Resolves true once it has; false if it was cut off at the deadline and is being cleared away.
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
