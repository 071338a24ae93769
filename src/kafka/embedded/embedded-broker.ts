/**
 * A broker inside this process (librdkafka's mock cluster), for trying things out without Kafka: produce, fetch, groups. It retains about 5
 * MB of each partition, in memory, and discards the oldest, so sources must not run far ahead of their sinks.
 */
import { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { type RetentionWindow, UNUSED_SLOT } from '../../thread/messages';
import { createClient } from '../native/client';
import { kafkaError } from '../native/kafka-error';
import { type Address, type Librdkafka, loadLibrdkafka, RESP_ERR } from '../native/librdkafka';

/** The value of `bootstrap.servers` that asks for it. */
export const EMBEDDED_BOOTSTRAP = 'embedded';

/** How far a source may be ahead of the slowest sink; well below the 5 MB and 100,000 messages that the broker retains. */
const WINDOW_BYTES = 2_000_000;
const MAX_GROUPS = 15;

/**
 * Defaults for clients of the embedded broker: it responds to a fetch that found nothing only after the maximum wait, even if records
 * arrive meanwhile.
 */
export const EMBEDDED_CLIENT_DEFAULTS = { 'consumer.fetch.max.wait.ms': '10' } as const;

/** Settings that the embedded broker forces: it creates topics with one partition itself, and does not support admin clients. */
export const EMBEDDED_SETTINGS = { 'topic.creation.enable': 'false' } as const;

export class EmbeddedBroker {
  /** The mock cluster does not support DescribeCluster, so the id is set here. */
  readonly clusterId = 'embedded-broker';
  readonly bootstrapServers: string;
  private readonly cluster: Address;
  private readonly windows = new Map<string, { counters: BigInt64Array; groups: string[] }>();

  private readonly lib: Librdkafka;

  /** @param libraryPath the result of `findLibrdkafka` */
  constructor(libraryPath: string, logger: Logger) {
    const lib = loadLibrdkafka(libraryPath);
    this.lib = lib;
    const client = createClient(lib, 'producer', { 'client.id': 'embedded-broker' }, 0, {
      clientCreated: () => {},
      queueCreated: () => {},
      clientGivenUp: () => {},
    });
    this.cluster = lib.mockClusterNew(client, 1);
    lib.mockRebalanceDelay(this.cluster, 0);
    this.bootstrapServers = String(lib.mockBootstraps(this.cluster));
    logger.info(`Embedded broker listening at ${this.bootstrapServers}; it keeps about 5 MB a topic, in memory, until the worker ends`);
  }

  /** Creates a topic with one partition, unless it exists. */
  private createTopic(topic: string): void {
    const code = this.lib.mockTopicCreate(this.cluster, topic, 1, 1);
    if (code !== RESP_ERR.NO_ERROR && code !== RESP_ERR.TOPIC_ALREADY_EXISTS)
      throw kafkaError(this.lib, code, `Could not create topic ${topic}`);
  }

  /** The window in which a source counts what it has produced to a topic; creates the topic. */
  windowOfSource(topic: string): RetentionWindow {
    return { topic, counters: this.windowOf(topic).counters, slot: 0, limitBytes: WINDOW_BYTES };
  }

  /**
   * The window in which a group counts what it has delivered of a topic; creates the topic.
   * @throws ConnectError if there are too many groups
   */
  windowOfGroup(topic: string, group: string): RetentionWindow {
    const { counters, groups } = this.windowOf(topic);
    let slot = groups.indexOf(group) + 1;
    if (slot === 0) {
      slot = groups.push(group);
      if (slot > MAX_GROUPS)
        throw new ConnectError(
          'ConnectException',
          `The embedded broker takes at most ${MAX_GROUPS} sinks for topic ${topic}. Use a real broker.`,
        );
      Atomics.store(counters, slot, 0n);
    }
    return { topic, counters, slot, limitBytes: WINDOW_BYTES };
  }

  private windowOf(topic: string): { counters: BigInt64Array; groups: string[] } {
    let window = this.windows.get(topic);
    if (!window) {
      this.createTopic(topic);
      window = { counters: new BigInt64Array(new SharedArrayBuffer(8 * (1 + MAX_GROUPS))).fill(UNUSED_SLOT), groups: [] };
      window.counters[0] = 0n;
      this.windows.set(topic, window);
    }
    return window;
  }
}
