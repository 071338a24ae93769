/** Where records come from: a consumer of Kafka, or what stands for one in a test. */
import type { PartitionOffset, TopicPartition } from '../../api/sink';
import type { ByteColumn } from '../../data/batch/byte-column';
import type { TimestampType } from '../../data/record/record';
import type { ConnectError } from '../../errors';

/** How much of each message is copied. */
export type Wanted = 'values' | 'values and keys' | 'all';

/** One header as it lies on the topic. */
export interface WireHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

/** Consumed messages in columns; what was not wanted is empty. */
export interface ConsumedBatch {
  count: number;
  /** Payloads; null for tombstones. */
  readonly values: ByteColumn;
  offsets: Float64Array;
  /** Numbers for `RecordInlet.partitionOf`. */
  partitions: Int32Array;
  readonly keys: (Buffer | null)[];
  timestamps: Float64Array;
  readonly timestampTypes: TimestampType[];
  readonly headers: (readonly WireHeader[])[];
}

/** Gives records in bulk. Every call returns at once. */
export interface RecordInlet {
  /** A batch to be filled by this inlet. @param maxCount most messages in it @param wanted how much of each message */
  createBatch(maxCount: number, wanted: Wanted): ConsumedBatch;
  /**
   * Fills a batch with messages that are there; never waits. There are none while a partition is not yet where it was sent.
   * @returns messages taken, partition ends included
   */
  fetch(batch: ConsumedBatch): number;
  /** The partition behind a number of a batch. */
  partitionOf(number: number): TopicPartition;
  /** Partitions that are read now. */
  assignment(): readonly TopicPartition[];
  /** Fetches nothing from these partitions until `resume`. */
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Goes on from other offsets. */
  seek(offsets: readonly PartitionOffset[]): void;
}

/** What the member of a group tells the loop that serves it; may take its time, since nothing is fetched meanwhile. */
export interface GroupListener {
  /** Called before the first record of these partitions is fetched; `seek` and `pause` of them take effect with the first fetch. */
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>;
  /** @param lost true when others may own them already: commit nothing */
  onRevoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void>;
  /** Fetching goes back to this offset by itself. */
  onRefetch(from: PartitionOffset): void;
  /** The client has failed in a way that no waiting cures. */
  onFailure(error: ConnectError): void;
}

/** An inlet whose partitions are shared out among the members of a group, and which commits how far it has come. */
export interface GroupInlet extends RecordInlet {
  /** True once this member knows its partitions, which may be none. */
  readonly joined: boolean;
  /** How long it may be left alone; it has to be served then. */
  readonly dueInMs: number;
  /** True when it has left the group. */
  readonly closed: boolean;
  /** Joins the group for these topics, or changes them. */
  subscribe(topics: readonly string[]): void;
  /** Names of all topics of the cluster, or undefined if no broker answered within 100 ms. */
  listTopics(): string[] | undefined;
  /** Serves rebalances, commit results, errors and log lines that have come in. Counts as polling for `max.poll.interval.ms`. */
  serve(listener: GroupListener): Promise<void>;
  /** Commits offsets (the next to be read). Resolves with the error, if there was one; needs `serve` to be called meanwhile. */
  commit(offsets: readonly PartitionOffset[]): Promise<ConnectError | undefined>;
  /** Serves only commit results; for waiting within a rebalance. Answers come in the order of the commits. */
  serveCommits(): void;
  /** Pauses or resumes all partitions, also those assigned later. */
  setPaused(paused: boolean): void;
  /**
   * The end of each assigned partition, as its broker has it now; undefined if one did not answer within `fetch.max.wait.ms` and half a
   * second.
   */
  endOffsets(): PartitionOffset[] | undefined;
  /** True if everything before this end has been fetched. */
  hasReached(end: PartitionOffset): boolean;
  /** Leaves the group in order: the last revocation is served by the listener. Call `serve` until `closed`. */
  beginClose(): void;
}
