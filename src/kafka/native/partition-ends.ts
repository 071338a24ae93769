/** The ends of partitions as their brokers have them now (ListOffsets). */
import type { PartitionOffset, TopicPartition } from '../../api/sink';
import { guarded } from '../../thread/gate';
import { type Address, type Librdkafka, RESP_ERR } from './librdkafka';
import { readPartitionList, withPartitionList } from './partition-list';

/** The end of a partition, in place of a timestamp. */
const LATEST = -1;

/** The end of each partition, in the order of the request; or the first error code. */
export type PartitionEnds = { readonly ends: PartitionOffset[] } | { readonly error: number };

/**
 * Reads the ends of partitions. All in one call: on the connection of a consumer, each of several would wait for a fetch of its own.
 * Open transactions count by the client's `isolation.level`.
 * @param limitMs how long the calling thread may be blocked
 */
export function readEnds(lib: Librdkafka, client: Address, partitions: readonly TopicPartition[], limitMs: number): PartitionEnds {
  const wanted = partitions.map(({ topic, partition }) => ({ topic, partition, offset: LATEST }));
  return guarded(() =>
    withPartitionList(lib, wanted, list => {
      const code = lib.offsetsForTimes(client, list, limitMs);
      const listed = code === RESP_ERR.NO_ERROR ? readPartitionList(list) : [];
      const bad = listed.find(({ error, offset }) => error !== RESP_ERR.NO_ERROR || offset < 0);
      if (code === RESP_ERR.NO_ERROR && !bad) return { ends: listed };
      return { error: bad?.error ?? code };
    }),
  );
}
