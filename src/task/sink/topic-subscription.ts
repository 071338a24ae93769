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
    if (all) this.follow(consumer, all, this.pattern);
  }

  /** Subscribes to the topics that match, if others did before. @returns these topics */
  private follow(consumer: Consumer, all: readonly string[], pattern: FullMatch): string[] {
    const matching = pattern.filter(all.filter(topic => !INTERNAL_TOPICS.has(topic))).sort();
    if (matching.length > 0 && matching.join() !== this.subscribed) {
      this.subscribed = matching.join();
      consumer.subscribe(matching);
    }
    return matching;
  }

  /** Looks for topics that have come since. @returns those that are there now and are to be read, or undefined if no broker answered */
  lookAgain(consumer: Consumer): string[] | undefined {
    const all = consumer.listTopics();
    if (!all) return undefined;
    if (!this.pattern) return this.topics.filter(topic => all.includes(topic));
    return this.follow(consumer, all, this.pattern);
  }

  refreshIfDue(consumer: Consumer): void {
    if (Date.now() >= this.refreshAtMs) this.refresh(consumer);
  }

  dueInMs(nowMs: number): number {
    return this.refreshAtMs - nowMs;
  }
}
