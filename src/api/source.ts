/** The contract of source tasks. */

import type { RecordBatch } from '../data/batch/record-batch';
import type { SourceOffset, SourcePartition, SourceRecord } from '../data/record/record';
import type { Logger } from '../log';
import type { Props } from './connector';
import type { PluginMetrics } from './plugin-metrics';
import type { TransactionContext } from './transaction-context';

/**
 * Member of a source offset by which a task marks it: a text of at most `MAX_MARK_BYTES` in UTF-8, which only that task understands. It is
 * kept beside the offset, where Java does not look, and `OffsetStorageReader.mark` gives it back with the offset. It is asked for once,
 * when the offset is about to be stored, hence a getter may take its time. Undefined: there is no mark. Anything else fails the task.
 */
export const OFFSET_MARK: unique symbol = Symbol('mark of a source offset');

/** Longest mark of a source offset, in bytes of UTF-8: it is written with each commit, and read at each start. */
export const MAX_MARK_BYTES = 1024;

/** A place in a source. */
export interface SourcePlace {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/** What `poll` returns: records, or records in columns. */
export type SourceBatch = readonly SourceRecord[] | RecordBatch;

/** Stored offsets of this connector. */
export interface OffsetStorageReader {
  /** The last committed offset of a source partition (keys in any order), or null. */
  offset(partition: SourcePartition): SourceOffset | null;
  /** What the task has marked that offset with; null for an offset that was set by others, or has no mark. */
  mark(partition: SourcePartition): string | null;
}

/** Coordinates of an acknowledged record. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What a source task may ask of its worker. */
export interface SourceTaskContext {
  /** The settings of this task, as `start` gets them. */
  readonly props: Props;
  /** What was stored when the task was started; it does not follow the commits of this task. */
  readonly offsetStorageReader: OffsetStorageReader;
  /** `connector-0`, for messages. */
  readonly taskId: string;
  /**
   * Lines by it carry the context of this task, e.g. `[name|task-0] `; `withContext(logger.context)` gives it to loggers of other names.
   */
  readonly logger: Logger;
  /** Metrics of the task's own, shown beside those of the worker; removed after `stop` (KIP-877). */
  readonly metrics: PluginMetrics;
  /**
   * Aborted when the worker wants `poll` to come back (pause, stop). A fresh one comes with each `poll`; a wait that ignores
   * it delays the stop until `task.shutdown.graceful.timeout.ms` ends the thread.
   */
  readonly signal: () => AbortSignal;
  /** Only where the task is to say where transactions end. */
  readonly transactionContext?: TransactionContext | null;
  /** Size in bytes above which Kafka takes no record (`max.request.size` of the producer). */
  readonly maxRequestSizeBytes: number;
  /** Counts a record that the task had to leave out, when `errors.tolerance=all` allows it; throws the error otherwise. */
  readonly skipOrThrow: (error: Error) => void;
  /**
   * Counts bytes that are gone before they could be read, null for an unknown number. Counted only: the task says what and why.
   */
  readonly countUnread: (bytes: number | null) => void;
  /** True where nothing more will come from the caller's side: `--drain` was given. */
  readonly draining: boolean;
}

/**
 * One task of a source connector (org.apache.kafka.connect.source.SourceTask); lives in a thread of its own, so it may compute or call
 * blocking functions for a while, but a pause and a stop wait for `poll` to come back. Its methods are called one after the other, the
 * next one when the promise of the one before is settled.
 */
export interface SourceTask {
  /**
   * Called once; opens what the task needs, at the place that stored offsets name. An error makes the task FAILED, a RetriableException
   * too.
   */
  start(props: Props, context: SourceTaskContext): void | Promise<void>;
  /**
   * Returns the next batch, or null when there is nothing now; then it should have waited a while, since it is called again at
   * once. Not called while an earlier batch is not yet handed to the producer. A RetriableException counts as null; any other
   * error makes the task FAILED. Records belong to the worker from here on and are not changed any more. Their order is kept within a
   * topic partition; an offset is stored once its record and all before it are acknowledged, so after a crash some come twice.
   */
  poll(): SourceBatch | null | Promise<SourceBatch | null>;
  /**
   * A place that the task has come to without a record: where it begins for the first time, or has gone on to. Asked for after each batch
   * of `poll` was handed over; null if there is none since the last one. Kept soon, as the offset of a record there would be.
   */
  takePlace?(): SourcePlace | null;
  /** True when there is nothing more to read at this moment and nothing held back but an unfinished record; asked for `--drain`. */
  drained?(): boolean;
  /**
   * False if what was read cannot be read again: then the task fails where it would go on with a new client, and a new instance of the
   * task, behind the last acknowledged record, since what was under way would be lost in silence. Absent: it can.
   */
  canRewind?(): boolean;
  /**
   * Called at a stop instead of `poll` while `canRewind` answers false, until it returns null: what the task has taken in already goes out
   * before it is stopped, as far as `task.shutdown.graceful.timeout.ms` allows. It takes in nothing more, and does not wait.
   */
  pollHeld?(): SourceBatch | null | Promise<SourceBatch | null>;
  /** Called after each offset commit of this task, also when nothing had changed. Errors are logged only. */
  commit?(): void | Promise<void>;
  /**
   * Called for each record that was acknowledged, or dropped (metadata null). Errors are logged only. Not called for records in columns.
   */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void;
  /**
   * Called once after the last poll, also when `start` failed. Errors are logged only. The thread ends afterwards, whatever is left
   * open; after `task.shutdown.graceful.timeout.ms` it ends without waiting.
   */
  stop(): void | Promise<void>;
}
