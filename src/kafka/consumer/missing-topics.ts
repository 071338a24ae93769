/**
 * Notices that a topic which is being read was deleted, and has it looked for: librdkafka itself would ask for it again only after
 * `metadata.max.age.ms`, five minutes as a rule, though it may be made anew at any moment.
 */
import type { TopicPartition } from '../../api/sink';

const LOOK_EVERY_MS = 2000;

export class MissingTopics {
  private lookAtMs = Number.POSITIVE_INFINITY;

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** A topic is said to be gone. */
  missing(): void {
    this.lookAtMs = Math.min(this.lookAtMs, this.nowMs());
  }

  /** How long until the next look. */
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
