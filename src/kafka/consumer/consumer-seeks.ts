/**
 * Seeks in partitions of a consumer. librdkafka refuses a seek while it still looks up the start offset of a newly assigned partition; then
 * the seek is retried until it succeeds, and nothing may be fetched meanwhile.
 */
import { keyOfPartition, type PartitionOffset, type TopicPartition } from '../../api/sink';
import type { Logger } from '../../log';
import { guarded } from '../../thread/gate';
import { kafkaError, takeError } from '../native/kafka-error';
import { type Address, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { readPartitionList, withPartitionList } from '../native/partition-list';

/** librdkafka's own thread replies at once, unless the machine is busy. */
const SEEK_LIMIT_MS = 100;
const AGAIN_AFTER_MS = 20;
/** Errors after which the seek is retried; a seek that timed out may have happened or not. */
const PASSING: ReadonlySet<number> = new Set([RESP_ERR.STATE, RESP_ERR.PREV_IN_PROGRESS, RESP_ERR.IN_PROGRESS]);

export class ConsumerSeeks {
  private readonly waiting = new Map<string, PartitionOffset>();
  private dueMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly lib: Librdkafka,
    private readonly client: Address,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** True while a seek has not taken effect yet. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Time until the next retry, in ms. */
  get dueInMs(): number {
    return this.dueMs - Date.now();
  }

  /** Begins to seek to these offsets. */
  begin(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) this.waiting.set(keyOfPartition(offset), offset);
    this.tryAll();
  }

  /** Retries refused seeks, if it is time. */
  serve(): void {
    if (this.dueInMs <= 0) this.tryAll();
  }

  /** Drops seeks of partitions that are no longer assigned. */
  forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.waiting.delete(keyOfPartition(partition));
  }

  private tryAll(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
    if (!this.isWaiting) return;
    const results = guarded(() =>
      withPartitionList(this.lib, [...this.waiting.values()], list => {
        takeError(this.lib, this.lib.seekPartitions(this.client, list, SEEK_LIMIT_MS));
        return readPartitionList(list);
      }),
    );
    for (const result of results) {
      if (PASSING.has(result.error)) continue;
      this.waiting.delete(keyOfPartition(result));
      if (result.error !== RESP_ERR.NO_ERROR)
        this.logger.error(
          `Consumer: could not seek to offset ${result.offset} of ${result.topic}-${result.partition}: ${kafkaError(this.lib, result.error).message}`,
        );
    }
    if (this.isWaiting) this.dueMs = Date.now() + AGAIN_AFTER_MS;
  }
}
