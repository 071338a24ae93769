/** Which topics a sink reads: a list, or every topic whose whole name matches a pattern, looked up again from time to time. */
import type { SinkTopics } from '../../config/keys/sink-keys';
import { compileFullMatch, type FullMatch } from '../../java/regex/regex';
import type { GroupInlet } from '../../kafka/clients/record-inlet';

/** What is asked of the consumer. */
type Consumer = Pick<GroupInlet, 'subscribe' | 'listTopics'>;

const INTERNAL_TOPICS = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);
/** No broker answered: ask again soon. */
const RETRY_MS = 500;

export class TopicSubscription {
  private readonly pattern: FullMatch | null;
  private readonly topics: readonly string[];
  private subscribed = '';
  private refreshAtMs = Number.POSITIVE_INFINITY;

  /** @param refreshEveryMs `metadata.max.age.ms` */
  constructor(
    { topics, regex }: SinkTopics,
    private readonly refreshEveryMs: number,
  ) {
    // The one reading of expressions: what validation took must not fail here.
    this.pattern = regex === null ? null : compileFullMatch(regex);
    this.topics = topics;
  }

  /** Subscribes, for a pattern to the topics that match now. */
  refresh(consumer: Consumer): void {
    if (!this.pattern) {
      consumer.subscribe(this.topics);
      return;
    }
    const all = consumer.listTopics();
    this.refreshAtMs = Date.now() + (all ? this.refreshEveryMs : RETRY_MS);
    const matching = all && this.pattern.filter(all.filter(topic => !INTERNAL_TOPICS.has(topic))).sort();
    if (!matching || matching.length === 0 || matching.join() === this.subscribed) return;
    this.subscribed = matching.join();
    consumer.subscribe(matching);
  }

  refreshIfDue(consumer: Consumer): void {
    if (Date.now() >= this.refreshAtMs) this.refresh(consumer);
  }

  dueInMs(nowMs: number): number {
    return this.refreshAtMs - nowMs;
  }
}
