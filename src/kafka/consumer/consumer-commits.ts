/** Commits of a consumer that were sent and have no result yet. */
import type { PartitionOffset } from '../../api/sink';
import type { ConnectError } from '../../errors';
import { guarded } from '../../thread/gate';
import { nextEvent } from '../native/client';
import { kafkaError } from '../native/kafka-error';
import { type Address, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { readPartitionList, withPartitionList } from '../native/partition-list';

export class ConsumerCommits {
  private waiters: ((error: ConnectError | undefined) => void)[] = [];

  /** @param queue receives the results; owned by the ledger of the client */
  constructor(
    private readonly lib: Librdkafka,
    private readonly client: Address,
    private readonly queue: Address,
  ) {}

  /** Commits offsets (of the next records to read). Resolves with the error, if there was one; `serve` must be called meanwhile. */
  commit(offsets: readonly PartitionOffset[]): Promise<ConnectError | undefined> {
    return new Promise(resolve => {
      guarded(() => {
        const code = withPartitionList(this.lib, offsets, list => this.lib.commitQueue(this.client, list, this.queue, 0, 0));
        if (code !== RESP_ERR.NO_ERROR) resolve(kafkaError(this.lib, code));
        else this.waiters.push(resolve);
      });
    });
  }

  /** Resolves the commits whose results have arrived, in order. */
  serve(): void {
    for (;;) {
      const code = nextEvent(this.lib, this.queue, event => {
        const error = this.lib.eventError(event);
        if (error !== RESP_ERR.NO_ERROR && error !== RESP_ERR.NO_OFFSET) return error;
        return readPartitionList(this.lib.eventPartitions(event)).find(partition => partition.error !== RESP_ERR.NO_ERROR)?.error ?? 0;
      });
      if (code === undefined) return;
      this.waiters.shift()?.(code === RESP_ERR.NO_ERROR ? undefined : kafkaError(this.lib, code));
    }
  }
}
