/**
 * A member of a consumer group, driven by events: rebalances and commits come from queues, messages from one queue to which every assigned
 * partition is forwarded. Runs in the thread of its task; no call but `endOffsets` blocks for longer than 100 ms.
 */
import { keyOfPartition, type PartitionOffset, type TopicPartition } from '../../api/sink';
import type { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { guarded } from '../../thread/gate';
import type { GroupInlet, GroupListener, Wanted } from '../clients/record-inlet';
import { type ClientLedger, createClient, hopelessError, type LibrdkafkaSettings, logEvent, nextEvent, ownQueue } from '../native/client';
import {
  isHopeless,
  isMissingTopic,
  isPassing,
  kafkaError,
  loggedError,
  nameSubject,
  type Subject,
  takeError,
} from '../native/kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { readTopics } from '../native/metadata';
import { allocateWords, joinAddress } from '../native/native-memory';
import { readEnds } from '../native/partition-ends';
import { makePartitionList, readPartitionList, withPartitionList } from '../native/partition-list';
import { RepeatFilter } from '../native/repeat-filter';
import { ConsumerCommits } from './consumer-commits';
import { ConsumerSeeks } from './consumer-seeks';
import { FetchedBatch, readPosition } from './fetched-batch';
import { MissingTopics } from './missing-topics';
import { PartitionTable } from './partition-table';

const WAKE_BYTE = Buffer.from('x');
const BLOCKING_LIMIT_MS = 100;
/**
 * How long the request itself may take; before it, the broker may still serve a fetch on the same connection, which may wait for messages.
 */
const END_ANSWER_MS = 500;
const DEFAULT_FETCH_WAIT_MS = 500;

/** What a task requests while its new partitions are being opened, to be done once they are assigned. */
interface Opening {
  readonly partitions: ReadonlySet<string>;
  readonly offsets: Map<string, number>;
  paused: TopicPartition[];
}

export class KafkaConsumer implements GroupInlet {
  private readonly client: Address;
  private readonly consumerQueue: Address;
  private readonly messageQueue: Address;
  private readonly commits: ConsumerCommits;
  private readonly table: PartitionTable;
  private readonly seeks: ConsumerSeeks;
  private assigned: TopicPartition[] = [];
  joined = false;
  private listener: GroupListener | null = null;
  private pausedAll = false;
  private opening: Opening | null = null;
  private readonly missingTopics = new MissingTopics();
  private readonly log: RepeatFilter;
  /** What errors are about, for messages. */
  private readonly subject: Subject;
  private readonly endOffsetsLimitMs: number;

  /**
   * @param wakeFd librdkafka writes a byte there when there is something to serve or fetch; null if nobody waits for it
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    private readonly ledger: ClientLedger,
    wakeFd: number | null,
    private readonly logger: Logger,
  ) {
    this.log = new RepeatFilter(logger, Date.now, { client: 'consumer', servers: settings['bootstrap.servers'] ?? '' });
    this.subject = { group: settings['group.id'] ?? '', operation: 'Read' };
    this.endOffsetsLimitMs = Number(settings['fetch.wait.max.ms'] ?? DEFAULT_FETCH_WAIT_MS) + END_ANSWER_MS;
    this.client = createClient(lib, 'consumer', settings, EVENT.REBALANCE | EVENT.OFFSET_COMMIT, ledger);
    guarded(() => lib.pollSetConsumer(this.client));
    this.consumerQueue = ownQueue(ledger, () => lib.queueGetConsumer(this.client));
    this.messageQueue = ownQueue(ledger, () => lib.queueNew(this.client));
    const commitQueue = ownQueue(ledger, () => lib.queueNew(this.client));
    this.commits = new ConsumerCommits(lib, this.client, commitQueue);
    this.seeks = new ConsumerSeeks(lib, this.client, logger);
    this.table = new PartitionTable(lib, (code, text, topic) => this.onError(code, text, topic));
    guarded(() => {
      lib.setLogQueue(this.client, this.consumerQueue);
      if (wakeFd === null) return;
      for (const queue of [this.consumerQueue, this.messageQueue, commitQueue]) lib.queueIoEventEnable(queue, wakeFd, WAKE_BYTE, 1);
    });
  }

  assignment(): readonly TopicPartition[] {
    return this.assigned;
  }

  partitionOf(number: number): TopicPartition {
    return this.table.partitionOf(number);
  }

  subscribe(topics: readonly string[]): void {
    guarded(() => {
      const code = withPartitionList(
        this.lib,
        topics.map(topic => ({ topic, partition: -1 })),
        list => this.lib.subscribe(this.client, list),
      );
      if (code !== RESP_ERR.NO_ERROR) throw kafkaError(this.lib, code, `Could not subscribe to ${topics.join(', ')}`);
    });
  }

  listTopics(): string[] | undefined {
    return guarded(() => readTopics(this.lib, this.client, 0, BLOCKING_LIMIT_MS))?.map(topic => topic.name);
  }

  async serve(listener: GroupListener): Promise<void> {
    this.listener = listener;
    this.commits.serve();
    this.seeks.serve();
    if (this.missingTopics.dueInMs <= 0) this.missingTopics.checked(this.listTopics(), this.assigned);
    for (;;) {
      const rebalance = nextEvent(this.lib, this.consumerQueue, event => this.readEvent(event, listener));
      if (rebalance === undefined) return;
      if (rebalance) await this.rebalance(rebalance.code, rebalance.partitions, listener);
    }
  }

  private readEvent(event: Address, listener: GroupListener): { code: number; partitions: TopicPartition[] } | null {
    const type = this.lib.eventType(event);
    if (type === EVENT.REBALANCE)
      return { code: this.lib.eventError(event), partitions: readPartitionList(this.lib.eventPartitions(event)) };
    if (type === EVENT.FETCH) this.fetchAgain(event, listener);
    if (type === EVENT.LOG) this.readLog(logEvent(this.lib, event, this.log), listener);
    if (type === EVENT.ERROR) {
      const error = hopelessError(this.lib, this.client, event, this.log);
      if (error) listener.onFailure(nameSubject(error, this.subject));
    }
    return null;
  }

  private readLog(line: string, listener: GroupListener): void {
    const code = loggedError(this.lib, line);
    if (code === undefined) return;
    if (isHopeless(this.lib, code)) listener.onFailure(nameSubject(kafkaError(this.lib, code, line), this.subject));
    else this.missingTopics.missing();
  }

  get dueInMs(): number {
    return Math.min(this.missingTopics.dueInMs, this.seeks.dueInMs);
  }

  /** For a message that came on the wrong queue, before its partition was forwarded: fetches it and those after it again. */
  private fetchAgain(event: Address, listener: GroupListener): void {
    const pointer = allocateWords(2);
    if (this.lib.eventMessageArray(event, pointer.buffer, 1) === 0) return;
    const from = readPosition(this.lib, joinAddress(pointer.words, 0));
    if (!from) return;
    this.forward(from);
    listener.onRefetch(from);
    this.seek([from]);
  }

  private async rebalance(code: number, partitions: TopicPartition[], listener: GroupListener): Promise<void> {
    const cooperative = guarded(() => String(this.lib.rebalanceProtocol(this.client)) === 'COOPERATIVE');
    if (code === RESP_ERR.ASSIGN_PARTITIONS) {
      this.assigned = cooperative ? [...this.assigned, ...partitions] : [...partitions];
      this.joined = true;
      const keys = new Set(partitions.map(keyOfPartition));
      const opening: Opening = { partitions: keys, offsets: new Map(), paused: this.pausedAll ? [...partitions] : [] };
      this.opening = opening;
      try {
        await listener.onAssigned(partitions);
      } finally {
        this.opening = null;
        guarded(() => this.assign(partitions, cooperative, opening));
      }
      return;
    }
    const lost = guarded(() => this.lib.assignmentLost(this.client) !== 0);
    try {
      await listener.onRevoked(partitions, lost);
    } finally {
      guarded(() => this.unassign(partitions, cooperative));
    }
  }

  /** Queues are forwarded before the assignment, so that no message reaches the consumer queue. */
  private assign(partitions: readonly TopicPartition[], cooperative: boolean, opening: Opening): void {
    for (const partition of partitions) this.forward(partition);
    const list = makePartitionList(
      this.lib,
      partitions.map(partition => {
        const offset = opening.offsets.get(keyOfPartition(partition));
        return offset === undefined ? partition : { ...partition, offset };
      }),
    );
    if (cooperative) this.logError('incremental assign', takeError(this.lib, this.lib.incrementalAssign(this.client, list)));
    else this.lib.assign(this.client, list);
    this.lib.partitionsDestroy(list);
    this.pause(opening.paused);
  }

  private forward({ topic, partition }: TopicPartition): void {
    this.lib.queueForward(
      ownQueue(this.ledger, () => this.lib.queueGetPartition(this.client, topic, partition)),
      this.messageQueue,
    );
  }

  private unassign(partitions: readonly TopicPartition[], cooperative: boolean): void {
    const gone = new Set(partitions.map(keyOfPartition));
    this.seeks.forget(cooperative ? partitions : this.assigned);
    this.assigned = cooperative ? this.assigned.filter(partition => !gone.has(keyOfPartition(partition))) : [];
    this.table.forgetEnds();
    this.table.forgetTopics();
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

  private onError(code: number, text: string, topic: Address): void {
    const about = topic === 0 ? this.subject : { ...this.subject, topic: String(this.lib.topicName(topic)) };
    const error = nameSubject(kafkaError(this.lib, code, text), about);
    if (isHopeless(this.lib, code)) this.listener?.onFailure(error);
    else if (isMissingTopic(this.lib, code)) this.missingTopics.missing();
    if (!isHopeless(this.lib, code) && !isPassing(this.lib, code)) this.log.warn(`${error.message}; the consumer keeps trying.`);
  }

  createBatch(maxCount: number, wanted: Wanted): FetchedBatch {
    return new FetchedBatch(this.lib, maxCount, wanted);
  }

  fetch(batch: FetchedBatch): number {
    if (this.seeks.isWaiting) return 0;
    return guarded(() => batch.fill(this.messageQueue, this.table));
  }

  commit(offsets: readonly PartitionOffset[]): Promise<ConnectError | undefined> {
    return this.commits.commit(offsets);
  }

  serveCommits(): void {
    this.commits.serve();
  }

  pause(partitions: readonly TopicPartition[]): void {
    if (partitions.length === 0) return;
    if (this.opening) this.opening.paused.push(...partitions);
    guarded(() => withPartitionList(this.lib, partitions, list => this.lib.pausePartitions(this.client, list)));
  }

  resume(partitions: readonly TopicPartition[]): void {
    if (partitions.length === 0) return;
    const resumed = new Set(partitions.map(keyOfPartition));
    if (this.opening) this.opening.paused = this.opening.paused.filter(partition => !resumed.has(keyOfPartition(partition)));
    guarded(() => withPartitionList(this.lib, partitions, list => this.lib.resumePartitions(this.client, list)));
  }

  setPaused(paused: boolean): void {
    this.pausedAll = paused;
    if (paused) this.pause(this.assigned);
    else this.resume(this.assigned);
  }

  /** Takes effect later if librdkafka is not ready for it. */
  seek(offsets: readonly PartitionOffset[]): void {
    const { opening } = this;
    const known = opening ? offsets.filter(offset => !opening.partitions.has(keyOfPartition(offset))) : offsets;
    for (const offset of offsets)
      if (opening?.partitions.has(keyOfPartition(offset))) opening.offsets.set(keyOfPartition(offset), offset.offset);
    if (known.length === 0) return;
    this.seeks.begin(known);
    this.table.forgetEnds();
  }

  endOffsets(): PartitionOffset[] | undefined {
    if (this.assigned.length === 0) return [];
    const result = readEnds(this.lib, this.client, this.assigned, this.endOffsetsLimitMs);
    return 'ends' in result ? result.ends : undefined;
  }

  /** Needs `enable.partition.eof`. */
  hasReached(end: PartitionOffset): boolean {
    return this.table.hasReached(end);
  }

  beginClose(): void {
    guarded(() => this.logError('close', takeError(this.lib, this.lib.consumerCloseQueue(this.client, this.consumerQueue))));
  }

  get closed(): boolean {
    return guarded(() => this.lib.consumerClosed(this.client) !== 0);
  }
}
