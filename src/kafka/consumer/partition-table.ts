/** The partitions of a consumer by small numbers, and which of their ends were reached. */
import { keyOfPartition, type PartitionOffset, type TopicPartition } from '../../api/sink';
import type { Address, Librdkafka } from '../native/librdkafka';
import type { PartitionNumbers } from './fetched-batch';

export class PartitionTable implements PartitionNumbers {
  private readonly numbered: TopicPartition[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly ends = new Map<number, number>();
  private lastTopic: Address = 0;
  private lastPartition = -1;
  private lastNumber = 0;

  /** @param onError see `PartitionNumbers` */
  constructor(
    private readonly lib: Pick<Librdkafka, 'topicName'>,
    readonly onError: PartitionNumbers['onError'],
  ) {}

  numberOf(topic: Address, partition: number): number {
    if (topic === this.lastTopic && partition === this.lastPartition) return this.lastNumber;
    const name = String(this.lib.topicName(topic));
    const key = keyOfPartition({ topic: name, partition });
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

  /** The partition of a number. */
  partitionOf(number: number): TopicPartition {
    return this.numbered[number] as TopicPartition;
  }

  onEnd(partitionNumber: number, offset: number): void {
    this.ends.set(partitionNumber, offset);
  }

  /** True if everything before this end has been fetched. */
  hasReached(end: PartitionOffset): boolean {
    const number = this.numbers.get(keyOfPartition(end));
    return end.offset === 0 || (number !== undefined && (this.ends.get(number) ?? -1) >= end.offset);
  }

  /** Forgets reached ends, after a seek. */
  forgetEnds(): void {
    this.ends.clear();
  }

  /** Forgets topic handles, which may be freed with an assignment: their addresses may be reused for other topics. */
  forgetTopics(): void {
    this.lastTopic = 0;
  }
}
