/** What the loops of sources and sinks have in common: the services of their thread, and what the main thread may ask of them. */
import type { KafkaClients } from '../../kafka/clients/kafka-clients';
import type { Logger } from '../../log';
import type { ErrorHandler } from '../../pipeline/error-handler';
import type { PluginTable } from '../../plugins/plugin-table';
import type { TaskSpec, TaskToMain } from '../../thread/messages';
import type { StopDeadline } from './stop-deadline';
import type { TaskMetrics } from './task-metrics';
import type { Wake } from './wake';

/** Services of a task thread. */
export interface TaskHost {
  readonly spec: TaskSpec;
  readonly plugins: PluginTable;
  readonly logger: Logger;
  /** The logger of the connector's own code. */
  readonly pluginLogger: Logger;
  readonly errors: ErrorHandler;
  /** What the task counts, and how the main thread hears of it. */
  readonly metrics: TaskMetrics;
  /** Makes the task's clients. */
  readonly kafka: KafkaClients;
  /** Sleeps until there is something to do; closed by the thread. */
  readonly wake: Wake;
  /** `offset.flush.interval.ms` and `offset.flush.timeout.ms` of the worker. */
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  /** Set when the task is told to stop. */
  readonly stopDeadline: StopDeadline;
  post(message: TaskToMain): void;
}

/** A running task, as its thread drives it. */
export interface TaskLoop {
  /** Runs the task to its end; never rejects. */
  run(): Promise<void>;
  pause(): void;
  resume(): void;
  /** @param deadlineMs by when it is to be gone, in epoch milliseconds; null where nobody waits for it, since it has failed */
  stop(deadlineMs: number | null): void;
  /** Sources only: posts the offsets that may be committed. */
  commitOffsets?(): void;
  /** Sources only: the reported offsets are safe, or not. */
  offsetsSaved?(error: Error | null): Promise<void>;
  /** Sinks only: say `drained` when everything that is on the topics now has been delivered. */
  drain?(): void;
}
