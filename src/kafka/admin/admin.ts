/** Calls of the admin client that the worker needs: the cluster id, and the offsets of consumer groups. Main thread only. */
import type { TopicPartition } from '../../api/sink';
import { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { createClient, hopelessError, type LibrdkafkaSettings, logEvent } from '../native/client';
import { isHopeless, isPassing, kafkaError, nameSubject } from '../native/kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { readPartitionList, withPartitionList } from '../native/partition-list';
import { RepeatFilter } from '../native/repeat-filter';
import { firstElement, pointerTo, ResultPauses, startAdminCall, withName } from './admin-call';

/** A committed offset; a bigint where it is above 2^53. */
interface GroupOffset extends TopicPartition {
  readonly offset: number | bigint;
}

const COORDINATOR_WAIT_MS = 100;
const DRAIN_EVERY_MS = 5000;
const NO_CONSUMER_CLOSE = 8;
const NO_REASON = 'no broker has answered in this time';

export class KafkaAdmin {
  private readonly client: Address;
  /** Delivers log lines and errors of the client. */
  private readonly mainQueue: Address;
  private readonly drain: NodeJS.Timeout;
  private readonly log: RepeatFilter;
  private readonly calls = new Set<Promise<unknown>>();
  private closed = false;
  private failure: ConnectError | undefined;

  /**
   * @param apiTimeoutMs how long one call may take (`default.api.timeout.ms`)
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    private readonly apiTimeoutMs: number,
    logger: Logger,
  ) {
    this.log = new RepeatFilter(logger);
    this.client = createClient(lib, 'producer', settings, 0, {
      clientCreated: () => {},
      queueCreated: () => {},
      clientGivenUp: () => {},
    });
    this.mainQueue = lib.queueGetMain(this.client);
    lib.setLogQueue(this.client, 0);
    this.drain = setInterval(() => this.serve(), DRAIN_EVERY_MS).unref();
  }

  /** The cluster id; null if the brokers have none. @throws TimeoutException, SaslAuthenticationException ... */
  async clusterId(): Promise<string | null> {
    const event = await this.call((options, queue) => this.lib.describeCluster(this.client, options, queue));
    try {
      const id = this.lib.clusterId(this.lib.describeClusterResult(event)) as unknown as string | null;
      return id ?? null;
    } finally {
      this.lib.eventDestroy(event);
    }
  }

  /** Why no broker responds, as far as known by now; empty if nothing is. */
  get trouble(): string {
    return this.log.connections.describe();
  }

  /** Committed offsets of a group; partitions without one are left out. An unknown group has none. */
  async listGroupOffsets(group: string): Promise<GroupOffset[]> {
    await this.coordinatorReady(group);
    const request = this.lib.listOffsetsNew(group, 0);
    const list = await this.groupCall(request, this.lib.listOffsetsDestroy, this.lib.listGroupOffsets, event =>
      firstElement(count => this.lib.listOffsetsGroups(this.lib.listOffsetsResult(event), count)),
    );
    return list
      .filter(({ offset }) => offset >= 0)
      .map(({ topic, partition, offset, exactOffset }) => ({
        topic,
        partition,
        offset: Number.isSafeInteger(offset) ? offset : exactOffset,
      }));
  }

  /**
   * Waits until the coordinator of a group serves it. librdkafka crashes the process (a null pointer in rd_kafka_handle_OffsetFetch) if
   * offsets are requested from a coordinator that does not serve the group yet, or no longer.
   * @throws GroupAuthorizationException, or the coordinator's last error at the time limit
   */
  private async coordinatorReady(group: string): Promise<void> {
    for (const endMs = Date.now() + this.apiTimeoutMs; ; ) {
      const event = await this.call((options, queue) =>
        withName(group, names => this.lib.describeGroups(this.client, names, 1, options, queue)),
      );
      try {
        const described = firstElement(count => this.lib.describeGroupsGroups(this.lib.describeGroupsResult(event), count));
        const error = this.lib.groupDescriptionError(described);
        const code = error === 0 ? RESP_ERR.NO_ERROR : this.lib.errorCode(error);
        // The embedded broker does not support describing groups, and is always ready.
        if (code === RESP_ERR.UNSUPPORTED_FEATURE || (!isPassing(this.lib, code) && !isHopeless(this.lib, code))) return;
        if (isHopeless(this.lib, code) || Date.now() > endMs)
          throw nameSubject(kafkaError(this.lib, code, String(this.lib.errorString(error))), { group });
      } finally {
        this.lib.eventDestroy(event);
      }
      await new Promise(resolve => setTimeout(resolve, COORDINATOR_WAIT_MS));
    }
  }

  /** Sets committed offsets of a group that has no members. @throws GroupNotEmptyException, UnknownMemberIdException ... */
  async alterGroupOffsets(group: string, offsets: readonly GroupOffset[]): Promise<void> {
    const request = withPartitionList(this.lib, offsets, list => this.lib.alterOffsetsNew(group, list));
    await this.groupCall(request, this.lib.alterOffsetsDestroy, this.lib.alterGroupOffsets, event =>
      firstElement(count => this.lib.alterOffsetsGroups(this.lib.alterOffsetsResult(event), count)),
    );
  }

  /** Removes committed offsets of some partitions. */
  async deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void> {
    const request = withPartitionList(this.lib, partitions, list => this.lib.deleteOffsetsNew(group, list));
    await this.groupCall(request, this.lib.deleteOffsetsDestroy, this.lib.deleteGroupOffsets, event =>
      firstElement(count => this.lib.deleteOffsetsGroups(this.lib.deleteOffsetsResult(event), count)),
    );
  }

  /** Removes a group with all its offsets, if it exists. */
  async deleteGroup(group: string): Promise<void> {
    const request = this.lib.deleteGroupNew(group);
    try {
      await this.groupCall(request, this.lib.deleteGroupDestroy, this.lib.deleteGroups, event =>
        firstElement(count => this.lib.deleteGroupsGroups(this.lib.deleteGroupsResult(event), count)),
      );
    } catch (error) {
      if (!(error as Error).message.includes('GROUP_ID_NOT_FOUND')) throw error;
    }
  }

  /** One call about one group: errors of the group and of its partitions are thrown. */
  private async groupCall(
    request: Address,
    destroy: (request: number) => unknown,
    start: (client: number, requests: Buffer, count: number, options: number, queue: number) => unknown,
    groupOf: (event: Address) => Address,
  ): Promise<ReturnType<typeof readPartitionList>> {
    const requests = pointerTo(request);
    try {
      const event = await this.call((options, queue) => start(this.client, requests, 1, options, queue));
      try {
        const group = groupOf(event);
        const error = this.lib.groupResultError(group);
        if (error !== 0) throw kafkaError(this.lib, this.lib.errorCode(error), String(this.lib.errorString(error)));
        const partitions = readPartitionList(this.lib.groupResultPartitions(group));
        const failed = partitions.find(partition => partition.error !== RESP_ERR.NO_ERROR);
        if (failed)
          throw kafkaError(this.lib, failed.error, `${failed.topic}-${failed.partition}: ${String(this.lib.errorText(failed.error))}`);
        return partitions;
      } finally {
        this.lib.eventDestroy(event);
      }
    } finally {
      destroy(request);
    }
  }

  /** Starts a call and waits for its event without blocking the thread. @throws the error that the event carries */
  private call(start: (options: Address, queue: Address) => unknown): Promise<Address> {
    if (this.closed) return Promise.reject(new ConnectError('ConnectException', 'The admin client is closed'));
    const call: Promise<Address> = this.run(start).finally(() => this.calls.delete(call));
    this.calls.add(call);
    return call;
  }

  /** Each call has a queue of its own, so that results cannot be mixed up. */
  private async run(start: (options: Address, queue: Address) => unknown): Promise<Address> {
    const queue = this.lib.queueNew(this.client);
    const pauses = new ResultPauses(this.lib, this.client);
    this.failure = undefined;
    try {
      startAdminCall(this.lib, this.client, this.apiTimeoutMs, options => start(options, queue));
      for (let event = this.lib.queuePoll(queue, 0); ; event = this.lib.queuePoll(queue, 0)) {
        if (event !== 0) return this.checked(event);
        if (this.closed) throw new ConnectError('ConnectException', 'The worker is stopping');
        this.serve();
        if (this.failure) throw this.failure;
        pauses.askForBrokers();
        await pauses.pause();
      }
    } finally {
      this.lib.queueDestroy(queue);
    }
  }

  /** Drains log lines and errors, which would pile up otherwise. A permanent error ends the open calls. */
  private serve(): void {
    for (let event = this.lib.queuePoll(this.mainQueue, 0); event !== 0; event = this.lib.queuePoll(this.mainQueue, 0)) {
      const type = this.lib.eventType(event);
      if (type === EVENT.LOG) logEvent(this.lib, event, this.log);
      if (type === EVENT.ERROR) this.failure = hopelessError(this.lib, this.client, event, this.log) ?? this.failure;
      this.lib.eventDestroy(event);
    }
  }

  private checked(event: Address): Address {
    const code = this.lib.eventError(event);
    if (code === RESP_ERR.NO_ERROR) {
      this.log.connections.clear();
      return event;
    }
    const error = kafkaError(this.lib, code, String(this.lib.eventErrorString(event)));
    this.lib.eventDestroy(event);
    throw code === RESP_ERR.TIMED_OUT ? new ConnectError(error.code, `${error.message}: ${this.trouble || NO_REASON}`, error) : error;
  }

  /** Abandons open calls and frees the client, off the event loop. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.drain);
    await Promise.allSettled(this.calls);
    this.lib.queueDestroy(this.mainQueue);
    await new Promise<void>(resolve => this.lib.destroyFlags.async(this.client, NO_CONSUMER_CLOSE, () => resolve()));
  }
}
