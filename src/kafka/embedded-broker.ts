/**
 * A broker inside this process (librdkafka's mock cluster), for trying things out without a Kafka: produce, fetch, groups. It
 * keeps about 5 MB a partition in memory and forgets the oldest, so sources must not run far ahead of their sinks.
 */
import type { Logger } from '../log';
import { createClient } from './client';
import { kafkaError } from './kafka-error';
import { type Address, type Librdkafka, RESP_ERR } from './librdkafka';

/** What `bootstrap.servers` says to ask for it. */
export const EMBEDDED_BOOTSTRAP = 'embedded';

/** How far a source may be ahead of the slowest sink; well below the 5 MB and 100,000 messages that the broker keeps. */
export const EMBEDDED_WINDOW_BYTES = 2_000_000;

export class EmbeddedBroker {
  readonly bootstrapServers: string;
  private readonly cluster: Address;

  constructor(
    private readonly lib: Librdkafka,
    logger: Logger,
  ) {
    const client = createClient(lib, 'producer', { 'client.id': 'embedded-broker' }, 0, {
      clientCreated: () => {},
      queueCreated: () => {},
      hold: () => {},
    });
    this.cluster = lib.mockClusterNew(client, 1);
    lib.mockRebalanceDelay(this.cluster, 0);
    this.bootstrapServers = String(lib.mockBootstraps(this.cluster));
    logger.info(`Embedded broker listening at ${this.bootstrapServers}; it keeps about 5 MB a topic, in memory, until the worker ends`);
  }

  /** Makes a topic with one partition; one that exists is fine. */
  createTopic(topic: string): void {
    const code = this.lib.mockTopicCreate(this.cluster, topic, 1, 1);
    if (code !== RESP_ERR.NO_ERROR && code !== RESP_ERR.TOPIC_ALREADY_EXISTS)
      throw kafkaError(this.lib, code, `Could not create topic ${topic}`);
  }
}
