/**
 * Notices that a consumed topic was deleted, and has metadata refreshed until it is back: librdkafka itself would do so only after
 * `metadata.max.age.ms`, five minutes by default, though the topic may be created again at any moment.
 */
import type { TopicPartition } from '../../api/sink';

const LOOK_EVERY_MS = 2000;

export class MissingTopics {
  private lookAtMs = Number.POSITIVE_INFINITY;

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** Notes an error that says that a topic is missing. */
  missing(): void {
    this.lookAtMs = Math.min(this.lookAtMs, this.nowMs());
  }

  /** Time until the next refresh, in ms. */
  get dueInMs(): number {
    return this.lookAtMs - this.nowMs();
  }

  /** @param topics the topics of the cluster as they are now; undefined if no broker answered */
  looked(topics: readonly string[] | undefined, assigned: readonly TopicPartition[]): void {
    const there = new Set(topics);
    const allThere = topics !== undefined && assigned.every(({ topic }) => there.has(topic));
    this.lookAtMs = allThere ? Number.POSITIVE_INFINITY : this.nowMs() + LOOK_EVERY_MS;
  }
}
