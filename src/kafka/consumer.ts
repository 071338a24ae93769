/**
 * A member of a consumer group, driven by events: rebalances and commits come from queues, messages from one queue to which
 * every assigned partition is forwarded. Lives in the thread of its task; no call blocks for longer than 100 ms.
 */
import type { PartitionOffset, TopicPartition } from '../api/sink';
import type { ConnectError } from '../errors';
import type { Logger } from '../log';
import { type ClientLedger, createClient, hopelessError, type LibrdkafkaSettings, logEvent } from './client';
import type { FetchedBatch, PartitionNumbers } from './fetched-batch';
import { isHopeless, kafkaError, takeError } from './kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from './librdkafka';
import { allocateWords, copyMemory, joinAddress, readCString } from './native-memory';
import { makePartitionList, readPartitionList, withPartitionList } from './partition-list';

const WAKE_BYTE = Buffer.from('x');
const BLOCKING_LIMIT_MS = 100;

/** Called while the consumer is served; may take its time, since nothing is fetched meanwhile. */
export interface ConsumerListener {
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>;
  /** @param lost true when others may own them already: commit nothing */
  onRevoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void>;
  /** The client has failed in a way that no waiting cures. */
  onFailure(error: ConnectError): void;
}

export class KafkaConsumer implements PartitionNumbers {
  private readonly client: Address;
  private readonly consumerQueue: Address;
  private readonly messageQueue: Address;
  private readonly commitQueue: Address;
  private assigned: TopicPartition[] = [];
  private readonly numbered: TopicPartition[] = [];
  private readonly numbers = new Map<string, number>();
  private lastTopic: Address = 0;
  private lastPartition = -1;
  private lastNumber = 0;
  private readonly partitionQueues: Address[] = [];
  private readonly ends = new Map<number, number>();
  private commitWaiters: ((error: ConnectError | undefined) => void)[] = [];
  private listener: ConsumerListener | null = null;
  private pausedAll = false;
  private member = false;

  /**
   * @param wakeFd librdkafka writes one byte there when there is something to serve or fetch
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    private readonly ledger: ClientLedger,
    wakeFd: number,
    private readonly logger: Logger,
  ) {
    this.client = createClient(lib, 'consumer', settings, EVENT.REBALANCE | EVENT.OFFSET_COMMIT, ledger);
    lib.pollSetConsumer(this.client);
    this.consumerQueue = this.own(lib.queueGetConsumer(this.client));
    this.messageQueue = this.own(lib.queueNew(this.client));
    this.commitQueue = this.own(lib.queueNew(this.client));
    lib.setLogQueue(this.client, this.consumerQueue);
    for (const queue of [this.consumerQueue, this.messageQueue, this.commitQueue]) lib.queueIoEventEnable(queue, wakeFd, WAKE_BYTE, 1);
  }

  private own(queue: Address): Address {
    this.ledger.queueCreated(queue);
    return queue;
  }

  /** Partitions that this member has now. */
  assignment(): readonly TopicPartition[] {
    return this.assigned;
  }

  /** True if the group has given this member its share, which may be nothing. */
  get joined(): boolean {
    return this.member;
  }

  /** The partition behind a number of `FetchedBatch.partitions`. */
  partitionOf(number: number): TopicPartition {
    return this.numbered[number] as TopicPartition;
  }

  /** Joins the group for these topics, or changes them. */
  subscribe(topics: readonly string[]): void {
    const code = withPartitionList(
      this.lib,
      topics.map(topic => ({ topic, partition: -1 })),
      list => this.lib.subscribe(this.client, list),
    );
    if (code !== RESP_ERR.NO_ERROR) throw kafkaError(this.lib, code, `Could not subscribe to ${topics.join(', ')}`);
  }

  /** Names of all topics of the cluster, or undefined if no broker answered within 100 ms. */
  listTopics(): string[] | undefined {
    const out = new BigUint64Array(1);
    if (this.lib.metadata(this.client, 1, 0, Buffer.from(out.buffer), BLOCKING_LIMIT_MS) !== RESP_ERR.NO_ERROR) return undefined;
    const metadata = Number(out[0]);
    // rd_kafka_metadata_t: topic_cnt i32 @16, topics @24; rd_kafka_metadata_topic_t: 32 bytes, name @0.
    const head = allocateWords(8);
    copyMemory(head.address, metadata, 32);
    const names: string[] = [];
    const entry = allocateWords(8);
    for (let i = 0; i < (head.words[4] as number); i++) {
      copyMemory(entry.address, joinAddress(head.words, 6) + 32 * i, 32);
      names.push(readCString(joinAddress(entry.words, 0)));
    }
    this.lib.metadataDestroy(metadata);
    return names;
  }

  /** Serves rebalances, commit results, errors and log lines that have come in. Counts as polling for `max.poll.interval.ms`. */
  async serve(listener: ConsumerListener): Promise<void> {
    this.listener = listener;
    this.serveCommits();
    for (let event = this.poll(this.consumerQueue); event !== 0; event = this.poll(this.consumerQueue)) {
      const rebalance = this.readEvent(event, listener);
      this.letGo(event);
      if (rebalance) await this.rebalance(rebalance.code, rebalance.partitions, listener);
    }
  }

  private poll(queue: Address): Address {
    const event = this.lib.queuePoll(queue, 0);
    if (event !== 0) this.ledger.hold(true);
    return event;
  }

  private letGo(event: Address): void {
    this.lib.eventDestroy(event);
    this.ledger.hold(false);
  }

  private readEvent(event: Address, listener: ConsumerListener): { code: number; partitions: TopicPartition[] } | null {
    const type = this.lib.eventType(event);
    if (type === EVENT.REBALANCE)
      return { code: this.lib.eventError(event), partitions: readPartitionList(this.lib.eventPartitions(event)) };
    if (type === EVENT.LOG) logEvent(this.lib, event, this.logger);
    if (type === EVENT.ERROR) {
      const error = hopelessError(this.lib, this.client, event, this.logger);
      if (error) listener.onFailure(error);
    }
    return null;
  }

  private async rebalance(code: number, partitions: TopicPartition[], listener: ConsumerListener): Promise<void> {
    const cooperative = String(this.lib.rebalanceProtocol(this.client)) === 'COOPERATIVE';
    if (code === RESP_ERR.ASSIGN_PARTITIONS) {
      this.member = true;
      this.assign(partitions, cooperative);
      await listener.onAssigned(partitions);
      return;
    }
    this.member = cooperative;
    const lost = this.lib.assignmentLost(this.client) !== 0;
    try {
      await listener.onRevoked(partitions, lost);
    } finally {
      this.unassign(partitions, cooperative);
    }
  }

  /** Queues are forwarded before the assignment, so that no message can slip into the consumer queue. */
  private assign(partitions: readonly TopicPartition[], cooperative: boolean): void {
    for (const { topic, partition } of partitions) {
      const queue = this.own(this.lib.queueGetPartition(this.client, topic, partition));
      this.partitionQueues.push(queue);
      this.lib.queueForward(queue, this.messageQueue);
    }
    this.assigned = cooperative ? [...this.assigned, ...partitions] : [...partitions];
    const list = makePartitionList(this.lib, partitions);
    if (cooperative) this.logError('incremental assign', takeError(this.lib, this.lib.incrementalAssign(this.client, list)));
    else this.lib.assign(this.client, list);
    this.lib.partitionsDestroy(list);
    if (this.pausedAll) this.pause(partitions);
  }

  private unassign(partitions: readonly TopicPartition[], cooperative: boolean): void {
    const gone = new Set(partitions.map(({ topic, partition }) => `${partition} ${topic}`));
    this.assigned = cooperative ? this.assigned.filter(({ topic, partition }) => !gone.has(`${partition} ${topic}`)) : [];
    this.ends.clear();
    // Topic handles may be freed with the assignment: their addresses must not be taken for those of others later.
    this.lastTopic = 0;
    if (!cooperative) {
      this.lib.assign(this.client, 0);
      return;
    }
    const error = withPartitionList(this.lib, partitions, list => this.lib.incrementalUnassign(this.client, list));
    this.logError('incremental unassign', takeError(this.lib, error));
  }

  private logError(what: string, error: ConnectError | undefined): void {
    if (error) this.logger.error(`Consumer: ${what} failed: ${error.message}`);
  }

  numberOf(topic: Address, partition: number): number {
    if (topic === this.lastTopic && partition === this.lastPartition) return this.lastNumber;
    const name = String(this.lib.topicName(topic));
    const key = `${partition} ${name}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.numbered.push({ topic: name, partition }) - 1;
      this.numbers.set(key, number);
    }
    this.lastTopic = topic;
    this.lastPartition = partition;
    this.lastNumber = number;
    return number;
  }

  onEnd(partitionNumber: number, offset: number): void {
    this.ends.set(partitionNumber, offset);
  }

  onError(code: number, text: string): void {
    const error = kafkaError(this.lib, code, text);
    if (isHopeless(this.lib, code)) this.listener?.onFailure(error);
    else this.logger.warn(`${error.message}; the consumer goes on trying.`);
  }

  /** Fills a batch with messages that are there; never waits. @returns messages taken, partition ends included */
  fetch(batch: FetchedBatch): number {
    this.ledger.hold(true);
    const taken = batch.fill(this.messageQueue, this);
    this.ledger.hold(false);
    return taken;
  }

  /** Commits offsets (the next to be read). Resolves with the error, if there was one; needs `serve` to be called meanwhile. */
  commit(offsets: readonly PartitionOffset[]): Promise<ConnectError | undefined> {
    return new Promise(resolve => {
      const code = withPartitionList(this.lib, offsets, list => this.lib.commitQueue(this.client, list, this.commitQueue, 0, 0));
      if (code !== RESP_ERR.NO_ERROR) resolve(kafkaError(this.lib, code));
      else this.commitWaiters.push(resolve);
    });
  }

  /** Serves only commit results; for waiting within a rebalance. Answers come in the order of the commits. */
  serveCommits(): void {
    for (let event = this.poll(this.commitQueue); event !== 0; event = this.poll(this.commitQueue)) {
      const code = this.lib.eventError(event);
      const failed = readPartitionList(this.lib.eventPartitions(event)).find(({ error }) => error !== RESP_ERR.NO_ERROR);
      this.letGo(event);
      const final = code === RESP_ERR.NO_ERROR || code === RESP_ERR.NO_OFFSET ? (failed?.error ?? 0) : code;
      this.commitWaiters.shift()?.(final === 0 ? undefined : kafkaError(this.lib, final));
    }
  }

  /** Fetches nothing from these partitions until `resume`. */
  pause(partitions: readonly TopicPartition[]): void {
    withPartitionList(this.lib, partitions, list => this.lib.pausePartitions(this.client, list));
  }

  resume(partitions: readonly TopicPartition[]): void {
    withPartitionList(this.lib, partitions, list => this.lib.resumePartitions(this.client, list));
  }

  /** Pauses or resumes all partitions, also those assigned later. */
  setPaused(paused: boolean): void {
    this.pausedAll = paused;
    if (paused) this.pause(this.assigned);
    else this.resume(this.assigned);
  }

  /** Goes on from other offsets. */
  seek(offsets: readonly PartitionOffset[]): void {
    if (offsets.length === 0) return;
    const error = withPartitionList(this.lib, offsets, list => this.lib.seekPartitions(this.client, list, 0));
    this.logError('seek', takeError(this.lib, error));
    this.ends.clear();
  }

  /** The end of each assigned partition, as the broker has it now; undefined if one did not answer within 100 ms. */
  endOffsets(): PartitionOffset[] | undefined {
    const ends: PartitionOffset[] = [];
    for (const { topic, partition } of this.assigned) {
      const high = [0];
      const code = this.lib.queryWatermarks(this.client, topic, partition, [0], high, BLOCKING_LIMIT_MS);
      if (code !== RESP_ERR.NO_ERROR) return undefined;
      ends.push({ topic, partition, offset: Number(high[0]) });
    }
    return ends;
  }

  /** True if everything before this end has been fetched; needs `enable.partition.eof`. */
  hasReached(end: PartitionOffset): boolean {
    const number = this.numbers.get(`${end.partition} ${end.topic}`);
    return end.offset === 0 || (number !== undefined && (this.ends.get(number) ?? -1) >= end.offset);
  }

  /** Leaves the group in order: the last revocation is served by the listener. Call `serve` until `closed`. */
  beginClose(): void {
    this.logError('close', takeError(this.lib, this.lib.consumerCloseQueue(this.client, this.consumerQueue)));
  }

  get closed(): boolean {
    return this.lib.consumerClosed(this.client) !== 0;
  }
}
