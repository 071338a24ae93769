/** Admin clients for topics: each is opened when something is to be asked, and given up afterwards, with its threads and connections. */
import type { ConnectError } from '../../errors';

/** A topic as it is to be made. */
export interface NewTopic {
  readonly name: string;
  /** -1 leaves it to the broker. */
  readonly partitions: number;
  /** -1 leaves it to the broker. */
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** What may be asked of the brokers about topics, one call at a time. */
export interface TopicCalls {
  /**
   * Asks for a topic; none is made by the question.
   * @returns the topic's error, undefined if it is there
   * @throws TimeoutException, SaslAuthenticationException and others of the whole call
   */
  describeTopic(name: string, signal: AbortSignal): Promise<ConnectError | undefined>;
  /**
   * Creates a topic.
   * @returns the topic's error with the broker's text (TopicExistsException if it is there), undefined if it was made
   * @throws as `describeTopic`
   */
  createTopic(topic: NewTopic, signal: AbortSignal): Promise<ConnectError | undefined>;
  /**
   * What becomes of old records of a topic: `delete`, `compact`, or both with a comma.
   * @throws what the brokers say of the topic (TopicAuthorizationException if its settings may not be seen), and as `describeTopic`
   */
  cleanupPolicy(name: string, signal: AbortSignal): Promise<string>;
  /** Has the client freed; it can be used no more. */
  giveUp(): void;
}

export class TopicAdmins {
  /** @param bootstrapServers for messages */
  constructor(
    private readonly create: () => TopicCalls,
    readonly bootstrapServers: string,
  ) {}

  /** Opens a client, which the caller gives up. @throws ConfigException, KafkaException */
  open(): TopicCalls {
    return this.create();
  }

  /** Has a client for some questions. @throws as `open`, and what the questions throw */
  async use<T>(ask: (admin: TopicCalls) => Promise<T>): Promise<T> {
    const admin = this.open();
    try {
      return await ask(admin);
    } finally {
      admin.giveUp();
    }
  }
}
