/** `--drain` of a sink task: has it delivered everything that was on its topics when it was asked? */
import { keyOfPartition, type PartitionOffset } from '../../api/sink';
import type { GroupInlet } from '../../kafka/clients/record-inlet';
import type { TopicSubscription } from './topic-subscription';

/**
 * Topics that have come since the task has joined are given to a member of the group by then; a topic that still has no partition here is
 * read by other members.
 */
const SHARED_OUT_MS = 3000;

export class SinkDrain {
  private sinceMs = 0;
  /** Topics that must have been given to somebody; null before anybody was asked. */
  private topics: readonly string[] | null = null;
  private ends: readonly PartitionOffset[] | null = null;
  private assigned = '';

  constructor(
    private readonly consumer: GroupInlet,
    private readonly subscription: TopicSubscription,
  ) {}

  /** Asks anew: what counts is on the topics from now on. */
  begin(): void {
    this.sinceMs = Date.now();
    this.topics = null;
    this.ends = null;
  }

  /** True when everything has been fetched. Asks brokers, and may wait for them for a second (`endOffsets`). */
  isFetched(): boolean {
    this.topics ??= this.subscription.lookAgain(this.consumer) ?? null;
    if (this.topics === null) return false;
    if (this.topics.length === 0) return true;
    if (!this.consumer.joined || !this.isSharedOut(this.topics)) return false;
    this.ends ??= this.consumer.endOffsets() ?? null;
    return this.ends?.every(end => this.consumer.hasReached(end)) ?? false;
  }

  private isSharedOut(topics: readonly string[]): boolean {
    const assignment = this.consumer.assignment();
    const assigned = assignment.map(keyOfPartition).join();
    if (assigned !== this.assigned) this.ends = null;
    this.assigned = assigned;
    const own = new Set(assignment.map(({ topic }) => topic));
    return topics.every(topic => own.has(topic)) || Date.now() - this.sinceMs > SHARED_OUT_MS;
  }
}
