/**
 * The dead letter queue of a sink task: failed records go to a topic as they were (`errors.deadletterqueue.` settings;
 * org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter). Unlike in Java no offset is committed before the letters in
 * front of it are acknowledged, and a letter that cannot be written fails the task.
 */
import { parseType } from '../api/config-def';
import { ConnectError, javaClassName, toError } from '../errors';
import { adminProps, dlqProducerProps, translateClientProps } from '../kafka/client-config';
import { loadLibrdkafka } from '../kafka/librdkafka';
import { KafkaProducer } from '../kafka/producer';
import { TopicAdmin } from '../kafka/topic-admin';
import { getLogger } from '../log';
import type { FailureReporter, Report } from '../pipeline/error-handler';
import type { RecordFailure } from '../pipeline/failed-record';
import { deadLetterOf } from './dead-letter';
import { DeadLetterTopic } from './dead-letter-topic';
import type { TaskHost } from './task-host';

/** As in Java, which says 3 in `errors.deadletterqueue.topic.replication.factor`, too. */
const PARTITIONS = 1;
const DEFAULT_REPLICATION_FACTOR = 3;
const CLASS_NAME = 'org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter';

export class DeadLetterQueue implements FailureReporter {
  readonly letters: DeadLetterTopic;
  private readonly topic: string;
  private readonly withContext: boolean;
  private readonly replicationFactor: number;
  private readonly producer: KafkaProducer;

  /** @throws ConfigException, KafkaException if the producer cannot be made */
  constructor(
    private readonly host: TaskHost,
    topic: string,
  ) {
    const { spec, ledger, logger, wake } = host;
    const props = spec.connectorProps;
    this.topic = topic;
    this.withContext = parseType(CONTEXT_HEADERS, props[CONTEXT_HEADERS] ?? 'false', 'BOOLEAN') === true;
    this.replicationFactor = Number(parseType(REPLICATION_FACTOR, props[REPLICATION_FACTOR] ?? DEFAULT_REPLICATION_FACTOR, 'SHORT'));
    const client = translateClientProps('producer', dlqProducerProps(spec.workerProps, props, spec.id));
    for (const warning of client.warnings) logger.warn(warning);
    this.producer = new KafkaProducer(loadLibrdkafka(spec.libraryPath), client.settings, ledger, spec.wakePipe.writeFd, logger);
    this.letters = new DeadLetterTopic(topic, this.producer, wake);
  }

  /** Makes the topic if it is not there. @throws ConnectException with Java's text */
  async open(signal: AbortSignal): Promise<void> {
    const { spec, ledger } = this.host;
    const client = translateClientProps('admin', adminProps(spec.workerProps, spec.connectorProps, 'connector-dlq-adminclient-'));
    const log = getLogger(CLASS_NAME, `[${spec.id.connector}|task-${spec.id.task}] `);
    const admin = new TopicAdmin(loadLibrdkafka(spec.libraryPath), client.settings, client.defaultApiTimeoutMs, ledger, log);
    try {
      if ((await admin.describeTopic(this.topic, signal)) !== undefined) {
        log.info(`Topic ${this.topic} doesn't exist. Will attempt to create topic.`);
        const made = { name: this.topic, partitions: PARTITIONS, replicationFactor: this.replicationFactor, configs: {} };
        const error = await admin.createTopic(made, signal);
        // Brokers that cannot be asked, such as the embedded one, make topics when records come.
        if (error && error.code !== 'TopicExistsException' && error.code !== 'UnsupportedVersionException') throw error;
      }
    } catch (thrown) {
      const error = toError(thrown);
      const inFuture = new ConnectError('ExecutionException', `${javaClassName(error)}: ${error.message}`, error);
      throw new ConnectError('ConnectException', `Could not initialize dead letter queue with topic=${this.topic}`, inFuture);
    }
    this.producer.warmUp(this.topic);
  }

  async report(failure: RecordFailure, signal: AbortSignal): Promise<Report | null> {
    const original = failure.original();
    if (original.type !== 'consumed') return { delivered: Promise.resolve() };
    return this.letters.send(deadLetterOf(original.record, failure, this.host.spec.id, this.withContext), signal);
  }
}

const CONTEXT_HEADERS = 'errors.deadletterqueue.context.headers.enable';
const REPLICATION_FACTOR = 'errors.deadletterqueue.topic.replication.factor';

/** The dead letter queue that a sink's settings ask for; null without one. */
export function createDeadLetterQueue(host: TaskHost): DeadLetterQueue | null {
  const topic = host.spec.connectorProps['errors.deadletterqueue.topic.name']?.trim();
  return topic ? new DeadLetterQueue(host, topic) : null;
}
