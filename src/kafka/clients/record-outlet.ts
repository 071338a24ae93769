/** Where records go: a producer of Kafka, or what stands for one where nothing is to be sent, such as in a test. */
import type { ConnectError } from '../../errors';
import type { WireBatch } from '../producer/wire-batch';

/** Records handed over in one call; more gives nothing and costs memory. */
export const MAX_BATCH_MESSAGES = 4096;

/** Is told what has become of records. */
export interface DeliveryListener {
  /**
   * A record has its final answer.
   * @param slot what the caller gave the record
   * @param error undefined when the broker has acknowledged it
   */
  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void;
  /** A record that was given up before it was delivered, with the transaction it was in. */
  onPurged?(slot: number): void;
  /** The outlet has failed in a way that no waiting cures. */
  onFailure(error: ConnectError): void;
}

/** A record that was refused at once; final, no delivery follows. */
export interface Rejection {
  readonly index: number;
  readonly error: ConnectError;
}

/** Takes records in bulk, and answers each of them once. Every call returns at once. */
export interface RecordOutlet {
  /** Records handed over and not yet answered. */
  readonly inFlight: number;
  /** How many more records, with this many bytes on average, fit into the queue now. */
  room(bytesEach: number): number;
  /**
   * Hands over records `from .. from + count`, which go to one topic. Their memory may be reused when the call returns.
   * @param rejections receives the records that were refused for good
   * @returns how many were handled (taken or refused); fewer than `count` when the queue is full: `poll`, then try the rest
   * @throws KafkaException when no records are taken any more
   */
  send(batch: WireBatch, from: number, count: number, rejections: Rejection[]): number;
  /** Serves what has come in: deliveries, errors, log lines. Never waits. */
  poll(listener: DeliveryListener): void;
  /** Gives up what was not acknowledged; nothing is sent any more. What the outlet holds is freed with its thread. */
  release(): void;
  /** The same, and has it freed now, since the task goes on with another one. */
  giveUp(): void;
}

/** What the brokers say of a topic. */
export interface TopicState {
  readonly partitions: number;
  /** Partitions that nobody leads at the moment: nothing can be written there. */
  readonly leaderless: readonly number[];
}

/** An outlet that knows the topics where its records go, and may have transactions. */
export interface TopicOutlet extends RecordOutlet {
  /**
   * Asks for metadata, so that the first record need not wait for it. Blocks for 100 ms at most.
   * @param topic where the records will go; the brokers may make it now. Null where that is not yet known.
   */
  warmUp(topic: string | null): void;
  /** What the brokers say of a topic, null if they do not know it; undefined if none answered within 100 ms. */
  topicState(topic: string): TopicState | null | undefined;
  /** How many partitions the topic had when the brokers were asked last, by `warmUp` or `topicState`; never asks. */
  knownPartitions(topic: string): number | undefined;
  /** The transactions of an outlet with a `transactional.id`. */
  transactions(): OutletTransactions;
}

/** Transactions. What `between` throws ends a call that waits for the brokers. */
export interface OutletTransactions {
  /**
   * Makes every other producer with the same id unusable, and aborts what it has left open. Before anything else.
   * @param between runs between two steps
   * @throws the brokers' error if it does not pass
   */
  init(between: () => Promise<void>): Promise<void>;
  /** Begins a transaction. @throws ConnectError when the producer has failed */
  begin(): void;
  /**
   * Commits what was sent since `begin`. All of it must have been delivered, and its deliveries served.
   * @param between must not wait
   * @throws ConnectError when there is nothing to commit any more: what was sent since `begin` is or will be aborted
   */
  commit(between: () => Promise<void>): Promise<void>;
  /** Gives up all that was handed over since `begin`. @throws ConnectError when the producer has failed */
  abort(between: () => Promise<void>): Promise<void>;
}
