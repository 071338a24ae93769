/** What a consumer tells the loop that serves it. */
import type { PartitionOffset, TopicPartition } from '../../api/sink';
import type { ConnectError } from '../../errors';

/** Called while the consumer is served; may take its time, since nothing is fetched meanwhile. */
export interface ConsumerListener {
  /** Called before the first record of these partitions is fetched; `seek` and `pause` of them take effect with the first fetch. */
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>;
  /** @param lost true when others may own them already: commit nothing */
  onRevoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void>;
  /** Fetching goes back to this offset by itself. */
  onRefetch(from: PartitionOffset): void;
  /** The client has failed in a way that no waiting cures. */
  onFailure(error: ConnectError): void;
}
