/**
 * All that crosses between the main thread and a task thread. No record ever does: a task owns its Kafka client and its batches; what
 * crosses is control, status, offsets as text, log lines. A thread may run several tasks, so a message to or from a task travels in an
 * envelope with the task's number.
 */
import type { Props } from '../api/connector';
import type { TaskSettings } from '../config/tasks/task-settings';
import type { ErrorEnvelope } from '../errors';
import type { LogEntry, LogLevel } from '../log';
import type { TaskReport } from '../metrics/task-counters';
import type { TaskPlugins } from '../metrics/task-plugins';

/** Identity of a task; written `connector-0`. */
export interface TaskId {
  readonly connector: string;
  readonly task: number;
}

/** `connector-0`, as in logs and messages. */
export function formatTaskId(id: TaskId): string {
  return `${id.connector}-${id.task}`;
}

/**
 * An entry of the offset store as text: key `["connector",{partition}]`, value `{offset}`, both compact JSON as Java writes
 * them; a null value removes the offset. The mark is what the task stores beside this very offset, see `OFFSET_MARK`.
 */
export type OffsetEntry = readonly [key: string, value: string | null, mark?: string];

/**
 * Shared memory that keeps a source from running further ahead of the sinks than an embedded broker retains; one for each topic. Slot 0
 * counts what was produced, each further slot what one consumer group has delivered; `UNUSED_SLOT` marks free ones. Until the first group
 * has come, the source waits at the limit.
 */
export interface RetentionWindow {
  readonly topic: string;
  readonly counters: BigInt64Array;
  /** Where a sink counts; 0 for sources. */
  readonly slot: number;
  readonly limitBytes: number;
}

/** Value of a slot that no group uses. */
export const UNUSED_SLOT = -1n;

/** What a task thread gets as its `workerData`. */
export interface TaskThreadData {
  /** See thread/gate.ts. */
  readonly gate: Int32Array;
}

/** All a task thread needs to run one task. Variables are resolved; nothing in here may be logged whole. */
export interface TaskSpec {
  readonly id: TaskId;
  readonly kind: 'source' | 'sink';
  /** Full name of the connector's class. */
  readonly connectorClass: string;
  /** What the framework reads of the settings of worker and connector. */
  readonly settings: TaskSettings;
  /** Texts for plugins and Kafka clients: of the worker, of the connector (without what a plugin added) and of this task. */
  readonly workerProps: Props;
  readonly connectorProps: Props;
  readonly taskProps: Props;
  /** Path of the shared library that holds librdkafka. */
  readonly libraryPath: string;
  /** Non-blocking pipe that librdkafka writes to when there is work: read end and write end. */
  readonly wakePipe: { readonly readFd: number; readonly writeFd: number };
  /** Shared memory of one word: 1 when the read end of the pipe belongs to the task, and is closed with it or its thread. */
  readonly pipeTaken: Int32Array;
  /** The task may share a thread: it runs no outside plugins and never blocks. */
  readonly mayShareThread: boolean;
  /** Files that export plugins beside the built-in ones. */
  readonly pluginModules: readonly string[];
  readonly paused: boolean;
  /** Stored offsets of this connector, for sources. */
  readonly storedOffsets: readonly OffsetEntry[];
  /** `--drain`: the task is to say when it has delivered everything there is. */
  readonly draining: boolean;
  readonly retentionWindows: readonly RetentionWindow[];
}

/** A client of librdkafka by its address; a reader is a consumer that is in no group. */
export interface NativeClient {
  readonly type: 'producer' | 'consumer' | 'reader';
  readonly address: number;
}

/** Messages from the main thread to a thread. Tasks have numbers, since a restarted task has the same name as the one before it. */
export type MainToThread =
  | { readonly type: 'start'; readonly number: number; readonly spec: TaskSpec; readonly logLevels: ReadonlyMap<string, LogLevel> }
  | { readonly type: 'task'; readonly number: number; readonly message: MainToTask }
  | { readonly type: 'log-level'; readonly logger: string; readonly level: LogLevel }
  /** The first task will be of this kind: load what it runs on. */
  | { readonly type: 'expect'; readonly kind: TaskSpec['kind'] }
  /** Asks for `alive`, to find out whether the thread is blocked. */
  | { readonly type: 'ask' }
  /** No tasks are left: the thread is to end. */
  | { readonly type: 'end' };

/** Messages from a thread to the main thread. */
export type ThreadToMain =
  /** The thread has loaded its code and waits for `start`. */
  | { readonly type: 'ready' }
  | { readonly type: 'task'; readonly number: number; readonly message: TaskToMain }
  | { readonly type: 'log'; readonly entry: LogEntry }
  /** Names of loggers that are new in the thread. */
  | { readonly type: 'loggers'; readonly names: readonly string[] }
  /** Reply to `ask`: the thread is not blocked. */
  | { readonly type: 'alive' };

/** Messages from the main thread to a task. */
export type MainToTask =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Finish what is in flight, commit, end. A task that has not ended at the deadline (epoch milliseconds) is cut off. */
  | { readonly type: 'stop'; readonly deadlineMs: number }
  /** Sources: send the committable offsets. Sinks commit by themselves. */
  | { readonly type: 'commit-offsets' }
  /** Sinks: send `drained` once everything that is now on their topics has been delivered. */
  | { readonly type: 'drain' }
  /** The offsets sent last are saved, or why not. */
  | { readonly type: 'offsets-saved'; readonly error: ErrorEnvelope | null };

/** Messages from a task to the main thread. */
export type TaskToMain =
  /** The Kafka client, to be freed by the main thread when the task has ended. */
  | { readonly type: 'client-created'; readonly client: NativeClient }
  /** Address of a queue of that client; must be destroyed before the client. */
  | { readonly type: 'queue-created'; readonly address: number }
  /** A client that the task no longer uses, with its queues: to be freed now. */
  | { readonly type: 'client-given-up'; readonly client: NativeClient; readonly queues: readonly number[] }
  | { readonly type: 'state'; readonly state: 'RUNNING' | 'PAUSED' }
  | { readonly type: 'failed'; readonly error: ErrorEnvelope }
  /**
   * Reply to `commit-offsets`; also sent unasked at the end (`final`), and when a source begins anew. Covers contiguous acknowledged
   * records only.
   */
  | {
      readonly type: 'offsets';
      readonly entries: readonly OffsetEntry[];
      /** Records acknowledged since the last such message, and records still in flight. */
      readonly acknowledged: number;
      readonly pending: number;
      readonly final: boolean;
    }
  /** A topic was written to or read from for the first time (active topics). */
  | { readonly type: 'topic-active'; readonly topic: string }
  /** Converters, transformations and predicates that the task has made. */
  | { readonly type: 'plugins'; readonly plugins: TaskPlugins }
  /** What the task has counted since its start; sent a few times a second while that changes. */
  | { readonly type: 'progress'; readonly report: TaskReport }
  /** Whether there is nothing left to do for now; sent on change while `draining`. */
  | { readonly type: 'drained'; readonly drained: boolean }
  /** The task has ended in order and uses nothing any more. */
  | { readonly type: 'stopped' };
