/** The contract of sink tasks. */

import type { ByteColumn } from '../data/batch/byte-column';
import type { SinkRecord } from '../data/record/record';
import type { Logger } from '../log';
import type { Props } from './connector';
import type { PluginMetrics } from './plugin-metrics';

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The partition as the key of a map; no two partitions have the same. */
export const keyOfPartition = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

/** The next offset to read for a partition: the last delivered one plus one. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/**
 * Reports a record that a sink could not write (KIP-610): it is logged or becomes a dead letter, and the task goes on.
 * The promise resolves when the report is safe, and rejects when `errors.tolerance` does not allow it; offsets wait for it.
 */
export type ErrantRecordReporter = (record: SinkRecord, error: Error) => Promise<void>;

/**
 * What a sink gets instead of records, in columns. The worker owns all of it, and uses it again once the promise of `putBatch` is settled.
 */
export interface ConsumedTexts {
  readonly count: number;
  /** The text of each value (Java's toString, as UTF-8); null where the value is null. */
  readonly value: ByteColumn;
}

/** What a sink task may ask of its worker. */
export interface SinkTaskContext {
  /** The settings of this task, as `start` gets them. */
  readonly props: Props;
  /** `connector-0`, for messages. */
  readonly taskId: string;
  /**
   * Lines by it carry the context of this task, e.g. `[name|task-0] `; `withContext(logger.context)` gives it to loggers of other names.
   */
  readonly logger: Logger;
  /** Metrics of the task's own, shown beside those of the worker; removed after `stop` (KIP-877). */
  readonly metrics: PluginMetrics;
  /** Partitions that this task has now. */
  assignment(): readonly TopicPartition[];
  /**
   * Goes on from another offset at the next poll; called in `open`, before the first record of the partition. A flush that fails goes
   * back to no other place.
   * @throws IllegalArgumentException for an offset below 0; the task fails if it does not have the partition then
   */
  offset(partition: TopicPartition, offset: number): void;
  /**
   * How long to wait at most before `put` is called again, after a RetriableException (without it, a second) or without new records;
   * in ms, once.
   */
  timeout(timeoutMs: number): void;
  /**
   * Fetches no more of these partitions until `resume`, or until they are taken away; the others go on.
   * @throws IllegalWorkerStateException if they are not assigned
   */
  pause(...partitions: TopicPartition[]): void;
  /** Takes back `pause`; while the connector itself is paused, it waits for that to end. */
  resume(...partitions: TopicPartition[]): void;
  /** Commits soon, without waiting for the interval. */
  requestCommit(): void;
  /** Null unless a dead letter queue or error logging is configured. */
  readonly errantRecordReporter: ErrantRecordReporter | null;
}

/**
 * One task of a sink connector (org.apache.kafka.connect.sink.SinkTask); lives in a thread of its own. Its methods are called one after
 * the other, the next one when the promise of the one before is settled. A `put` that takes longer than `max.poll.interval.ms` (5
 * minutes) loses its partitions to the group, and they come again.
 */
export interface SinkTask {
  /**
   * Most records that one `put` shall bring where `max.poll.records` is not set, at least 1; for tasks that are faster with more than the
   * 500 that it is by default. Asked before `start`.
   */
  recordsPerPut?(): number;
  /**
   * True if the next records may be fetched and converted while the promise of a `put` is pending. Only for tasks that ask for other
   * offsets in `open` alone and pause no partitions: what was fetched already would come all the same.
   */
  readonly allowsFetchAhead?: boolean;
  /** True if `put` looks at neither timestamps nor headers: where nothing else needs them, records come without them (null, none). */
  readonly ignoresMetadata?: boolean;
  /** Called once, before partitions are assigned. An error makes the task FAILED, a RetriableException too. */
  start(props: Props, context: SinkTaskContext): void | Promise<void>;
  /** New partitions were assigned; called before their first record. An error makes the task FAILED. */
  open?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /**
   * Writes records; called also with an empty list, at least once in `offset.flush.interval.ms`. A RetriableException has the same list
   * delivered again later; any other error makes the task FAILED. Records belong to the task and may be kept, at most until `flush`; each
   * may come more than once, after a crash or a rebalance.
   */
  put(records: readonly SinkRecord[]): void | Promise<void>;
  /**
   * The same for tasks that need nothing but the text of each value. Where it exists, and nothing else needs records, it is called instead
   * of `put`. A RetriableException has the same batch delivered again.
   */
  putBatch?(batch: ConsumedTexts): void | Promise<void>;
  /**
   * Makes durable what was put so far; called before offsets are committed. An error is logged, and the consumer goes back to the last
   * committed offsets: the records come again.
   */
  flush?(offsets: readonly PartitionOffset[]): void | Promise<void>;
  /**
   * Says which offsets may be committed, for tasks that know better than "all that was put"; it takes the place of `flush`, and its
   * errors count as those of `flush`. It is shown how far all partitions are, whenever one of them has moved. Offsets of partitions it
   * does not have, or beyond what was put, are ignored with a warning.
   */
  preCommit?(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] | Promise<readonly PartitionOffset[]>;
  /**
   * Partitions are about to be taken away, or the task ends; offsets were committed before, unless they were lost. An error makes the task
   * FAILED.
   */
  close?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /**
   * Called once at the end, also when `start` failed, after the last `close`. Errors are logged only. The thread ends afterwards,
   * whatever is left open; after `task.shutdown.graceful.timeout.ms` it ends without waiting.
   */
  stop(): void | Promise<void>;
}
