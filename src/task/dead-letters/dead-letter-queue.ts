/**
 * The dead letter queue of a sink task: failed records go to a topic as they were (`errors.deadletterqueue.` settings;
 * org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter). Unlike in Java no offset is committed before the letters in
 * front of it are acknowledged, and a letter that cannot be written fails the task.
 */
import type { DeadLetterQueueSettings } from '../../config/tasks/task-settings';
import { ConnectError, javaClassName, toError } from '../../errors';
import type { TopicOutlet } from '../../kafka/clients/record-outlet';
import { getLogger, taskContext } from '../../log';
import type { FailureReporter } from '../../pipeline/error-handler';
import type { TaskHost } from '../shared/task-host';
import { deadLetterOf } from './dead-letter';
import { DeadLetterTopic } from './dead-letter-topic';

/** As in Java. */
const PARTITIONS = 1;
const CLASS_NAME = 'org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter';

/** The dead letter queue of a sink. @throws ConfigException; ConnectException if there can be no such topic */
export async function openDeadLetterQueue(
  host: TaskHost,
  { topic, replicationFactor, withContext }: DeadLetterQueueSettings,
  signal: AbortSignal,
): Promise<{ letters: DeadLetterTopic; reporter: FailureReporter }> {
  const { id } = host.spec;
  const letters = await openDeadLetterTopic(host, topic, replicationFactor, signal);
  const report: FailureReporter['report'] = async (failure, interruption) => {
    const original = failure.original();
    // Sinks have no other records.
    if (original.type !== 'consumed') return { delivered: Promise.resolve() };
    return letters.send(deadLetterOf(original.record, failure, id, withContext), interruption);
  };
  return { letters, reporter: { report } };
}

/**
 * Makes the topic if it is not there, and the producer that writes to it.
 * @param replicationFactor -1 for the default of the brokers
 * @throws ConnectException with Java's text; ConfigException, KafkaException if a client cannot be made
 */
export async function openDeadLetterTopic(
  host: TaskHost,
  topic: string,
  replicationFactor: number,
  signal: AbortSignal,
): Promise<DeadLetterTopic> {
  try {
    await makeTopic(host, topic, replicationFactor, signal);
  } catch (thrown) {
    const error = toError(thrown);
    const inFuture = new ConnectError('ExecutionException', `${javaClassName(error)}: ${error.message}`, error);
    throw new ConnectError('ConnectException', `Could not initialize dead letter queue with topic=${topic}`, inFuture);
  }
  const producers = host.kafka.producers('dead letters');
  const createProducer = (): TopicOutlet => {
    const producer = producers.create();
    producer.warmUp(topic);
    return producer;
  };
  return new DeadLetterTopic(topic, createProducer, host.wake, host.logger);
}

async function makeTopic(host: TaskHost, topic: string, replicationFactor: number, signal: AbortSignal): Promise<void> {
  const { spec } = host;
  // The embedded broker, which alone has windows, cannot be asked; it makes topics when records come.
  if (spec.retentionWindows.length > 0) return;
  const log = getLogger(CLASS_NAME, taskContext(spec.id));
  await host.kafka.admins('dead letter topic', log).use(async admin => {
    if ((await admin.describeTopic(topic, signal)) === undefined) return;
    log.info(`Topic ${topic} doesn't exist. Will attempt to create topic.`);
    const error = await admin.createTopic({ name: topic, partitions: PARTITIONS, replicationFactor, configs: {} }, signal);
    if (error && error.code !== 'TopicExistsException') throw error;
  });
}
