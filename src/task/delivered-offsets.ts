/** Which offsets of a sink were delivered and which are committed; offsets are those of the next record, as Kafka counts. */
import type { PartitionOffset, TopicPartition } from '../api/sink';
import type { Logger } from '../log';

interface Progress {
  readonly topic: string;
  readonly partition: number;
  /** Next offset after the last delivered record; -1 before the first. */
  delivered: number;
  committed: number;
  /** First offset that was fetched: where to go back to before anything was committed. */
  readonly first: number;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

export class DeliveredOffsets {
  private readonly progress = new Map<string, Progress>();

  /** Everything up to (not including) `next` was delivered; `first` is where this delivery began. */
  delivered(partition: TopicPartition, first: number, next: number): void {
    const key = keyOf(partition);
    const known = this.progress.get(key);
    if (known) known.delivered = next;
    else this.progress.set(key, { topic: partition.topic, partition: partition.partition, delivered: next, committed: -1, first });
  }

  /** True if something was delivered and is not committed. */
  get changed(): boolean {
    for (const { delivered, committed } of this.progress.values()) if (delivered !== committed) return true;
    return false;
  }

  /** Offsets to commit, of partitions that are still assigned. */
  uncommitted(assignment: readonly TopicPartition[]): PartitionOffset[] {
    const assigned = new Set(assignment.map(keyOf));
    return [...this.progress]
      .filter(([key, { delivered, committed }]) => delivered !== committed && assigned.has(key))
      .map(([, { topic, partition, delivered }]) => ({ topic, partition, offset: delivered }));
  }

  /** What a task's `preCommit` answered, less what it must not commit. */
  allowed(asked: readonly PartitionOffset[], logger: Logger): PartitionOffset[] {
    return asked.filter(({ topic, partition, offset }) => {
      const known = this.progress.get(keyOf({ topic, partition }));
      if (known && offset <= known.delivered && offset !== known.committed) return true;
      if (!known) logger.warn(`Ignoring invalid task provided offset ${topic}-${partition}/${offset} -- partition not assigned`);
      else if (offset > known.delivered)
        logger.warn(`Ignoring invalid task provided offset ${topic}-${partition}/${offset} -- not yet consumed`);
      return false;
    });
  }

  committed(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) {
      const known = this.progress.get(keyOf(offset));
      if (known) known.committed = offset.offset;
    }
  }

  /** Where to go on when a flush has failed. */
  lastCommitted(): PartitionOffset[] {
    return [...this.progress.values()].map(({ topic, partition, committed, first }) => ({
      topic,
      partition,
      offset: committed < 0 ? first : committed,
    }));
  }

  /** The consumer was sent back; what lies behind counts as not delivered. */
  rewind(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) {
      const known = this.progress.get(keyOf(offset));
      if (known) known.delivered = offset.offset;
    }
  }

  forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.progress.delete(keyOf(partition));
  }
}
