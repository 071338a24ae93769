/**
 * Notices that a consumed topic was deleted, and has metadata refreshed until it is back: librdkafka itself would do so only after
 * `metadata.max.age.ms`, five minutes by default, though the topic may be created again at any moment.
 */
import type { TopicPartition } from '../../api/sink';

const CHECK_EVERY_MS = 2000;

export class MissingTopics {
  private checkAtMs = Number.POSITIVE_INFINITY;

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** Notes an error that says that a topic is missing. */
  missing(): void {
    this.checkAtMs = Math.min(this.checkAtMs, this.nowMs());
  }

  /** Time until the next refresh, in ms. */
  get dueInMs(): number {
    return this.checkAtMs - this.nowMs();
  }

  /** @param topics the topics of the cluster as they are now; undefined if no broker answered */
  checked(topics: readonly string[] | undefined, assigned: readonly TopicPartition[]): void {
    const there = new Set(topics);
    const allThere = topics !== undefined && assigned.every(({ topic }) => there.has(topic));
    this.checkAtMs = allThere ? Number.POSITIVE_INFINITY : this.nowMs() + CHECK_EVERY_MS;
  }
}
