/** Calls of the admin client that the worker needs: the cluster id, and the offsets of consumer groups. Main thread only. */
import type { PartitionOffset, TopicPartition } from '../api/sink';
import { ConnectError } from '../errors';
import type { Logger } from '../log';
import { createClient, type LibrdkafkaSettings, logEvent } from './client';
import { kafkaError } from './kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from './librdkafka';
import { addressOf, copyMemory } from './native-memory';
import { readPartitionList, withPartitionList } from './partition-list';

/** rd_kafka_admin_op_t: any operation. */
const ANY_OPERATION = 0;
const POLL_EVERY_MS = 4;
const NO_CONSUMER_CLOSE = 8;
const ERROR_TEXT_BYTES = 512;

export class KafkaAdmin {
  private readonly client: Address;
  private readonly queue: Address;
  private closed = false;

  /**
   * @param apiTimeoutMs how long one call may take (`default.api.timeout.ms`)
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    private readonly apiTimeoutMs: number,
    private readonly logger: Logger,
  ) {
    this.client = createClient(lib, 'producer', settings, 0, { clientCreated: () => {}, queueCreated: () => {}, hold: () => {} });
    this.queue = lib.queueNew(this.client);
    lib.setLogQueue(this.client, this.queue);
  }

  /** The cluster id; null where the brokers have none. @throws TimeoutException, SaslAuthenticationException ... */
  async clusterId(): Promise<string | null> {
    const event = await this.call(options => this.lib.describeCluster(this.client, options, this.queue));
    try {
      const id = this.lib.clusterId(this.lib.describeClusterResult(event)) as unknown as string | null;
      return id ?? null;
    } finally {
      this.lib.eventDestroy(event);
    }
  }

  /** Committed offsets of a group; partitions without one are left out. An unknown group has none. */
  async listGroupOffsets(group: string): Promise<PartitionOffset[]> {
    const request = this.lib.listOffsetsNew(group, 0);
    const list = await this.groupCall(request, this.lib.listOffsetsDestroy, this.lib.listGroupOffsets, event =>
      this.firstGroup(count => this.lib.listOffsetsGroups(this.lib.listOffsetsResult(event), count)),
    );
    return list.filter(({ offset }) => offset >= 0).map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  }

  /** Sets committed offsets of a group that has no members. @throws GroupNotEmptyException, UnknownMemberIdException ... */
  async alterGroupOffsets(group: string, offsets: readonly PartitionOffset[]): Promise<void> {
    const request = withPartitionList(this.lib, offsets, list => this.lib.alterOffsetsNew(group, list));
    await this.groupCall(request, this.lib.alterOffsetsDestroy, this.lib.alterGroupOffsets, event =>
      this.firstGroup(count => this.lib.alterOffsetsGroups(this.lib.alterOffsetsResult(event), count)),
    );
  }

  /** Removes committed offsets of some partitions. */
  async deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void> {
    const request = withPartitionList(this.lib, partitions, list => this.lib.deleteOffsetsNew(group, list));
    await this.groupCall(request, this.lib.deleteOffsetsDestroy, this.lib.deleteGroupOffsets, event =>
      this.firstGroup(count => this.lib.deleteOffsetsGroups(this.lib.deleteOffsetsResult(event), count)),
    );
  }

  /** Removes a group with all its offsets; one that does not exist is fine. */
  async deleteGroup(group: string): Promise<void> {
    const request = this.lib.deleteGroupNew(group);
    try {
      await this.groupCall(request, this.lib.deleteGroupDestroy, this.lib.deleteGroups, event =>
        this.firstGroup(count => this.lib.deleteGroupsGroups(this.lib.deleteGroupsResult(event), count)),
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
    const requests = Buffer.alloc(8);
    requests.writeBigUInt64LE(BigInt(request));
    try {
      const event = await this.call(options => start(this.client, requests, 1, options, this.queue));
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

  /** The first of an array of group results. */
  private firstGroup(groups: (count: Buffer) => Address): Address {
    const array = groups(Buffer.alloc(8));
    const pointer = Buffer.allocUnsafeSlow(8);
    copyMemory(addressOf(pointer), array, 8);
    return Number(pointer.readBigUInt64LE());
  }

  /** Starts a call and waits for its event without blocking the thread. @throws the error that the event carries */
  private async call(start: (options: Address) => unknown): Promise<Address> {
    const errorText = Buffer.alloc(ERROR_TEXT_BYTES);
    const options = this.lib.adminOptionsNew(this.client, ANY_OPERATION);
    this.lib.adminOptionsSetTimeout(options, this.apiTimeoutMs, errorText, ERROR_TEXT_BYTES);
    start(options);
    this.lib.adminOptionsDestroy(options);
    for (;;) {
      // Closed meanwhile: the queue is gone, and a poll of it would end the process.
      if (this.closed) throw new ConnectError('KafkaException', 'The admin client was closed during a call');
      const event = this.lib.queuePoll(this.queue, 0);
      if (event === 0) await new Promise(resolve => setTimeout(resolve, POLL_EVERY_MS));
      else if (this.lib.eventType(event) === EVENT.LOG) {
        logEvent(this.lib, event, this.logger);
        this.lib.eventDestroy(event);
      } else return this.checked(event);
    }
  }

  private checked(event: Address): Address {
    const code = this.lib.eventError(event);
    if (code === RESP_ERR.NO_ERROR) return event;
    const error: ConnectError = kafkaError(this.lib, code, String(this.lib.eventErrorString(event)));
    this.lib.eventDestroy(event);
    throw error;
  }

  /** Frees the client, off the event loop. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.lib.queueDestroy(this.queue);
    await new Promise<void>(resolve => this.lib.destroyFlags.async(this.client, NO_CONSUMER_CLOSE, () => resolve()));
  }
}
