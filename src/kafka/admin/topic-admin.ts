/**
 * Describes and creates topics, in the thread of a task (org.apache.kafka.connect.util.TopicAdmin). One call at a time: results, log lines
 * and errors share one queue, and late results are discarded.
 */
import { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { guarded } from '../../thread/gate';
import type { NewTopic, TopicCalls } from '../clients/topic-admins';
import { type ClientLedger, createClient, hopelessError, type LibrdkafkaSettings, logEvent, ownQueue, textOf } from '../native/client';
import { brokerError, kafkaError } from '../native/kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { RepeatFilter } from '../native/repeat-filter';
import { allElements, ERROR_TEXT_BYTES, firstElement, pointerTo, ResultPauses, startAdminCall, withName } from './admin-call';

/** rd_kafka_ResourceType_t: a topic. */
const TOPIC_RESOURCE = 2;

/** The result of a call; the error is about the topic. */
interface CallResult {
  readonly error: ConnectError | undefined;
}

export class TopicAdmin implements TopicCalls {
  private readonly client: Address;
  private readonly queue: Address;
  private readonly log: RepeatFilter;

  /**
   * @param apiTimeoutMs how long one call may take (`default.api.timeout.ms`)
   * @param ledger frees the client after the thread has ended
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    private readonly apiTimeoutMs: number,
    private readonly ledger: ClientLedger,
    logger: Logger,
  ) {
    this.log = new RepeatFilter(logger, Date.now, { client: 'admin', servers: settings['bootstrap.servers'] ?? '' });
    this.client = createClient(lib, 'producer', settings, 0, ledger);
    this.queue = ownQueue(ledger, () => lib.queueGetMain(this.client));
    guarded(() => lib.setLogQueue(this.client, 0));
  }

  describeTopic(name: string, signal: AbortSignal): Promise<ConnectError | undefined> {
    const start = (options: Address): void => {
      const names = withName(name, array => this.lib.topicNamesNew(array, 1));
      this.lib.describeTopics(this.client, names, options, this.queue);
      this.lib.topicNamesDestroy(names);
    };
    return this.call(start, signal, event => {
      const error = this.lib.describedTopicError(
        firstElement(count => this.lib.describedTopics(this.lib.describeTopicsResult(event), count)),
      );
      const code = error === 0 ? RESP_ERR.NO_ERROR : this.lib.errorCode(error);
      return code === RESP_ERR.NO_ERROR ? undefined : kafkaError(this.lib, code, String(this.lib.errorString(error)));
    });
  }

  createTopic(topic: NewTopic, signal: AbortSignal): Promise<ConnectError | undefined> {
    const request = guarded(() => this.newTopic(topic));
    const start = (options: Address): void => {
      this.lib.createTopics(this.client, pointerTo(request), 1, options, this.queue);
      this.lib.newTopicDestroy(request);
    };
    return this.call(start, signal, event => {
      const created = firstElement(count => this.lib.createdTopics(this.lib.createTopicsResult(event), count));
      const code = this.lib.createdTopicError(created);
      const text = this.lib.createdTopicErrorString(created) as unknown as string | null;
      return code === RESP_ERR.NO_ERROR ? undefined : brokerError(this.lib, code, text ?? '');
    });
  }

  async cleanupPolicy(name: string, signal: AbortSignal): Promise<string> {
    let policy = '';
    const start = (options: Address): void => {
      const resource = this.lib.configResourceNew(TOPIC_RESOURCE, name);
      this.lib.describeConfigs(this.client, pointerTo(resource), 1, options, this.queue);
      this.lib.configResourceDestroy(resource);
    };
    const error = await this.call(start, signal, event => {
      const resource = firstElement(count => this.lib.describedConfigs(this.lib.describeConfigsResult(event), count));
      const code = this.lib.configResourceError(resource);
      if (code !== RESP_ERR.NO_ERROR) return kafkaError(this.lib, code, String(this.lib.configResourceErrorString(resource)));
      const entries = allElements(count => this.lib.configEntries(resource, count));
      const entry = entries.find(candidate => String(this.lib.configEntryName(candidate)) === 'cleanup.policy');
      if (entry !== undefined) policy = String(this.lib.configEntryValue(entry));
      return undefined;
    });
    if (error) throw error;
    return policy;
  }

  giveUp(): void {
    this.ledger.clientGivenUp({ type: 'producer', address: this.client }, [this.queue]);
  }

  private newTopic({ name, partitions, replicationFactor, configs }: NewTopic): Address {
    const errorText = Buffer.alloc(ERROR_TEXT_BYTES);
    const topic = this.lib.newTopicNew(name, partitions, replicationFactor, errorText, ERROR_TEXT_BYTES);
    if (topic === 0) throw new ConnectError('InvalidTopicException', `${name}: ${textOf(errorText)}`);
    for (const [key, value] of Object.entries(configs)) this.lib.newTopicSetConfig(topic, key, value);
    return topic;
  }

  /** Waits for the result of a call without blocking the thread. Holds no native resource while it waits. */
  private async call(
    start: (options: Address) => void,
    signal: AbortSignal,
    read: (event: Address) => ConnectError | undefined,
  ): Promise<ConnectError | undefined> {
    const pauses = new ResultPauses(this.lib, this.client);
    guarded(() => startAdminCall(this.lib, this.client, this.apiTimeoutMs, start));
    for (;;) {
      const result = guarded(() => this.takeResult(read));
      if (result) return result.error;
      if (signal.aborted) throw new ConnectError('ConnectException', 'The task is stopping');
      guarded(() => pauses.askForBrokers());
      await pauses.pause();
    }
  }

  /** @returns undefined while there is none @throws a permanent error */
  private takeResult(read: (event: Address) => ConnectError | undefined): CallResult | undefined {
    for (let event = this.lib.queuePoll(this.queue, 0); event !== 0; event = this.lib.queuePoll(this.queue, 0)) {
      try {
        const type = this.lib.eventType(event);
        if (type === EVENT.LOG) logEvent(this.lib, event, this.log);
        else if (type === EVENT.ERROR) this.throwIfHopeless(event);
        else return { error: this.checked(event, read) };
      } finally {
        this.lib.eventDestroy(event);
      }
    }
    return undefined;
  }

  private throwIfHopeless(event: Address): void {
    const error = hopelessError(this.lib, this.client, event, this.log);
    if (error) throw error;
  }

  private checked(event: Address, read: (event: Address) => ConnectError | undefined): ConnectError | undefined {
    const code = this.lib.eventError(event);
    if (code !== RESP_ERR.NO_ERROR) throw kafkaError(this.lib, code, String(this.lib.eventErrorString(event)));
    return read(event);
  }
}
