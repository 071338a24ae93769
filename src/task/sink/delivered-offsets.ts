/** Which offsets of a sink were delivered and which are committed; offsets are those of the next record, as Kafka counts. */
import { keyOfPartition, type PartitionOffset, type TopicPartition } from '../../api/sink';
import type { Logger } from '../../log';

interface Progress {
  readonly topic: string;
  readonly partition: number;
  /** Next offset after the last delivered record; -1 before the first. */
  delivered: number;
  committed: number;
  /** Where to go back to when a flush fails: what was committed last, before that where the task began. */
  back: number;
}

export class DeliveredOffsets {
  private readonly progress = new Map<string, Progress>();

  /** Everything up to (not including) `next` was delivered; `first` is where this delivery began. */
  delivered(partition: TopicPartition, first: number, next: number): void {
    const key = keyOfPartition(partition);
    const known = this.progress.get(key);
    if (known) known.delivered = next;
    else this.progress.set(key, { topic: partition.topic, partition: partition.partition, delivered: next, committed: -1, back: first });
  }

  /** True if something was delivered and is not committed. */
  get changed(): boolean {
    for (const { delivered, committed } of this.progress.values()) if (delivered !== committed) return true;
    return false;
  }

  /** How many offsets were delivered and are not committed: of all partitions, and of the one with the most. */
  behind(): { all: number; most: number } {
    let [all, most] = [0, 0];
    for (const { delivered, committed, back } of this.progress.values()) {
      const behind = Math.max(0, delivered - (committed < 0 ? back : committed));
      all += behind;
      most = Math.max(most, behind);
    }
    return { all, most };
  }

  /** How far all partitions are that are still assigned, committed or not; empty if all of it is committed. */
  uncommitted(assignment: readonly TopicPartition[]): PartitionOffset[] {
    const assigned = new Set(assignment.map(keyOfPartition));
    const known = [...this.progress].filter(([key]) => assigned.has(key)).map(([, progress]) => progress);
    if (known.every(({ delivered, committed }) => delivered === committed)) return [];
    return known.map(({ topic, partition, delivered }) => ({ topic, partition, offset: delivered }));
  }

  /** Offsets less those that are committed already. */
  changes(offsets: readonly PartitionOffset[]): PartitionOffset[] {
    return offsets.filter(offset => this.progress.get(keyOfPartition(offset))?.committed !== offset.offset);
  }

  /** What a task's `preCommit` answered, less what it must not commit, and what is committed already. */
  allowed(asked: readonly PartitionOffset[], assignment: readonly TopicPartition[], logger: Logger): PartitionOffset[] {
    const assigned = new Set(assignment.map(keyOfPartition));
    const taken = asked.filter(({ topic, partition, offset }) => {
      const key = keyOfPartition({ topic, partition });
      const known = this.progress.get(key);
      if (!assigned.has(key))
        logger.warn(`Ignoring invalid task provided offset ${topic}-${partition}/${offset} -- partition not assigned`);
      else if (known && offset > known.delivered)
        logger.warn(`Ignoring invalid task provided offset ${topic}-${partition}/${offset} -- not yet consumed`);
      return assigned.has(key) && known !== undefined && offset <= known.delivered;
    });
    return this.changes(taken);
  }

  committed(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) {
      const known = this.progress.get(keyOfPartition(offset));
      if (!known) continue;
      known.committed = offset.offset;
      known.back = offset.offset;
    }
  }

  /** The task has chosen itself where to go on: there a flush that fails goes back to. */
  returnTo(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) {
      const known = this.progress.get(keyOfPartition(offset));
      if (known) known.back = offset.offset;
    }
  }

  /** Where to go on when a flush has failed. */
  lastCommitted(): PartitionOffset[] {
    return [...this.progress.values()].map(({ topic, partition, back }) => ({ topic, partition, offset: back }));
  }

  /** The consumer was sent back; what comes after that counts as not delivered. */
  rewind(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) {
      const known = this.progress.get(keyOfPartition(offset));
      if (known) known.delivered = offset.offset;
    }
  }

  forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.progress.delete(keyOfPartition(partition));
  }
}
