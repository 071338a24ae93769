/**
 * The one door to Kafka clients. Whoever needs one says what for (purposes.ts); here the settings are merged, translated, and named in the
 * log where they have no effect, and the client is made.
 */
import type { Logger } from '../../log';
import type { TopicRecord } from '../admin/topic-reader';
import type { ClientLedger } from '../native/client';
import { loadLibrdkafka } from '../native/librdkafka';
import { maxRequestSizeBytes } from '../settings/client-config';
import type { ClientKind } from '../settings/client-key';
import { transactionalSettings, transactionTimeoutMs } from '../settings/transactional-settings';
import { ADMINS, type ClientOrigin, MEMBER, PRODUCERS, type Purpose, READER } from './purposes';
import type { GroupInlet } from './record-inlet';
import type { TopicOutlet } from './record-outlet';
import { TopicAdmins, type TopicCalls } from './topic-admins';
import { type TranslatedSettings, translated } from './translated-settings';

// Each is loaded when one is made: a task has a producer or a consumer, and seldom any other.
const topicAdminModule = (): typeof import('../admin/topic-admin') => require('../admin/topic-admin');
const topicReaderModule = (): typeof import('../admin/topic-reader') => require('../admin/topic-reader');
const consumerModule = (): typeof import('../consumer/consumer') => require('../consumer/consumer');
const producerModule = (): typeof import('../producer/producer') => require('../producer/producer');

/** Loads the code of a client before one is made. */
export function loadClient(kind: 'producer' | 'consumer'): void {
  if (kind === 'producer') producerModule();
  else consumerModule();
}

/** What clients need from their thread. */
export interface ClientEnvironment {
  /** What `findLibrdkafka` has found. */
  readonly libraryPath: string;
  /** Frees the clients when nobody uses them any more, or the thread has ended. */
  readonly ledger: ClientLedger;
  /** librdkafka writes one byte there when there is something to serve; null for nobody who sleeps. */
  readonly wakeFd: number | null;
  /** Is told of settings without an effect, and what the clients have to say. */
  readonly logger: Logger;
}

/** Producers with the same settings, made one after the other. */
export interface Producers {
  /** The size in bytes above which they take no record (`max.request.size`). */
  readonly maxRequestSizeBytes: number;
  /** Most records under way. */
  readonly maxInFlight: number;
  /** `transaction.timeout.ms`; 0 without transactions. */
  readonly transactionTimeoutMs: number;
  /** Makes one. @throws ConfigException, KafkaException */
  create(): TopicOutlet;
}

/** The member of a group that a sink task is, and what its settings say to the task. */
export interface GroupMember {
  readonly consumer: GroupInlet;
  /** `max.poll.interval.ms`. */
  readonly maxPollIntervalMs: number;
  /** `metadata.max.age.ms`. */
  readonly metadataMaxAgeMs: number;
  /** `max.poll.records`, and whether the user has set it. */
  readonly maxPollRecords: number;
  readonly isMaxPollRecordsGiven: boolean;
}

export class KafkaClients {
  constructor(
    private readonly environment: ClientEnvironment,
    private readonly origin: ClientOrigin,
  ) {}

  /**
   * @param transactionalId has them write in transactions
   * @throws ConfigException
   */
  producers(purpose: keyof typeof PRODUCERS, transactionalId?: string): Producers {
    const { libraryPath, ledger, wakeFd, logger } = this.environment;
    const { props, settings: common } = this.translated('producer', PRODUCERS[purpose]);
    if (PRODUCERS[purpose].warns && transactionalId !== undefined && props['transactional.id'] !== undefined)
      logger.warn(
        'producer setting transactional.id has no effect: with exactly-once each task has an id of its own, made from worker.uuid',
      );
    const timeoutMs = transactionalId === undefined ? 0 : transactionTimeoutMs(props);
    const settings = transactionalId === undefined ? common : transactionalSettings(common, transactionalId, timeoutMs);
    return {
      maxRequestSizeBytes: maxRequestSizeBytes(common),
      maxInFlight: Number(common['queue.buffering.max.messages']) + 1,
      transactionTimeoutMs: timeoutMs,
      create: () => new (producerModule().KafkaProducer)(loadLibrdkafka(libraryPath), settings, ledger, wakeFd, logger),
    };
  }

  /** A member of the group of a sink connector; it joins with its first subscription. @throws ConfigException, KafkaException */
  member(): GroupMember {
    const { libraryPath, ledger, wakeFd, logger } = this.environment;
    const { props, settings, maxPollRecords } = this.translated('consumer', MEMBER);
    return {
      consumer: new (consumerModule().KafkaConsumer)(loadLibrdkafka(libraryPath), settings, ledger, wakeFd, logger),
      maxPollIntervalMs: Number(settings['max.poll.interval.ms']),
      metadataMaxAgeMs: Number(settings['topic.metadata.refresh.interval.ms']),
      maxPollRecords,
      isMaxPollRecordsGiven: 'max.poll.records' in props,
    };
  }

  /** @param logger gets what the clients have to say, if it is not the usual one @throws ConfigException */
  admins(purpose: keyof typeof ADMINS, logger = this.environment.logger): TopicAdmins {
    const { libraryPath, ledger } = this.environment;
    const { settings, apiTimeoutMs } = this.translated('admin', ADMINS[purpose]);
    const create = (): TopicCalls =>
      new (topicAdminModule().TopicAdmin)(loadLibrdkafka(libraryPath), settings, apiTimeoutMs, ledger, logger);
    return new TopicAdmins(create, settings['bootstrap.servers'] ?? '');
  }

  /**
   * Reads a topic that exists from its beginning to the end that it has now, as `readWholeTopic` does.
   * @throws what the brokers refuse; ConfigException; AbortError when the signal comes
   */
  readTopic(topic: string, signal: AbortSignal, onRecord: (record: TopicRecord) => void): Promise<void> {
    const { libraryPath, ledger, logger } = this.environment;
    const { settings } = this.translated('consumer', READER);
    return topicReaderModule().readWholeTopic(topic, { lib: loadLibrdkafka(libraryPath), settings, ledger, logger, signal }, onRecord);
  }

  private translated(kind: ClientKind, purpose: Purpose): TranslatedSettings {
    return translated(kind, purpose, this.origin, this.environment.logger);
  }
}
