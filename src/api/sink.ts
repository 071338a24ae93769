/** The contract of sink tasks. */

import type { PackedTexts } from '../data/packed-texts';
import type { SinkRecord } from '../data/record';
import type { Props } from './connector';

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The next offset to read for a partition: the last delivered one plus one. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/** Reports a record that a sink could not write (KIP-610). */
export type ErrantRecordReporter = (record: SinkRecord, error: Error) => Promise<void>;

/** What a sink task may ask of its worker. */
export interface SinkTaskContext {
  readonly props: Props;
  /** `connector-0`, for messages. */
  readonly taskId: string;
  /** Partitions that this task has now. */
  assignment(): readonly TopicPartition[];
  /** Goes on from another offset at the next poll. */
  offset(partition: TopicPartition, offset: number): void;
  /** How long to wait at most before `put` is called again after a RetriableException, in ms. */
  timeout(timeoutMs: number): void;
  pause(...partitions: TopicPartition[]): void;
  resume(...partitions: TopicPartition[]): void;
  /** Commits soon, without waiting for the interval. */
  requestCommit(): void;
  /** Null unless a dead letter queue or error logging is configured. */
  readonly errantRecordReporter: ErrantRecordReporter | null;
}

/** One task of a sink connector (org.apache.kafka.connect.sink.SinkTask); lives in a thread of its own. */
export interface SinkTask {
  /** Called once, before partitions are assigned. An error makes the task FAILED. */
  start(props: Props, context: SinkTaskContext): void | Promise<void>;
  /** New partitions were assigned; called before their first record. */
  open?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /**
   * Writes records; called also with an empty list. A RetriableException has the same list delivered again later; any other
   * error makes the task FAILED. Records may be kept until `flush`.
   */
  put(records: readonly SinkRecord[]): void | Promise<void>;
  /**
   * The same for tasks that need nothing but the text of each value (Java's toString as UTF-8, the word `null` for null), in
   * packed form. Where it exists, and no transformation needs records, it is called instead of `put`; the caller owns the buffer
   * and reuses it after the call. A RetriableException has the same texts delivered again.
   */
  putTexts?(texts: PackedTexts): void | Promise<void>;
  /** Makes durable what was put so far; called before offsets are committed. An error rewinds to the last committed offsets. */
  flush?(offsets: readonly PartitionOffset[]): void | Promise<void>;
  /** Says which offsets may be committed; by default calls `flush` and returns all. */
  preCommit?(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] | Promise<readonly PartitionOffset[]>;
  /** Partitions are about to be taken away, or the task ends; offsets were committed before, unless they were lost. */
  close?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** Called once at the end, also when `start` failed. */
  stop(): void | Promise<void>;
}
