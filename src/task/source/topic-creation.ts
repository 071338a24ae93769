/**
 * Makes topics of a source task before its first record goes there, as the connector's `topic.creation.` settings say (KIP-158;
 * AbstractWorkerSourceTask.maybeCreateTopic, TopicAdmin, TopicCreation). Each topic is looked for once in the life of a task.
 */
import type { TopicCreationGroup } from '../../config/keys/topic-creation';
import { ConnectError, type ErrorCode, javaClassName, toError } from '../../errors';
import { compileFullMatch } from '../../java/regex/regex';
import type { NewTopic, TopicCalls } from '../../kafka/clients/topic-admins';
import { getLogger, type Logger, taskContext } from '../../log';
import type { TaskHost } from '../shared/task-host';

/** What is asked of the brokers. */
export type Topics = Pick<TopicCalls, 'describeTopic' | 'createTopic' | 'giveUp'>;

/** Most tasks write to few topics, and all of them at once: then the client is no more needed. */
const REST_MS = 10_000;

/** Java's InvalidConfigurationException and the classes below it, whose text is shown as it is. */
const INVALID: readonly ErrorCode[] = ['InvalidConfigurationException', 'InvalidReplicationFactorException', 'InvalidTopicException'];
const UNAUTHORIZED: readonly ErrorCode[] = ['ClusterAuthorizationException', 'TopicAuthorizationException'];

export class TopicCreation {
  private readonly groups: readonly (TopicCreationGroup & { readonly matches: (topic: string) => boolean })[];
  private readonly ready = new Set<string>();
  private admin: Topics | null = null;
  private usedAtMs = 0;

  /**
   * @param openAdmin called when a topic is looked for, and there is no client from the topic before
   * @param bootstrapServers for messages
   */
  constructor(
    groups: readonly TopicCreationGroup[],
    private readonly openAdmin: () => Topics,
    private readonly bootstrapServers: string,
    private readonly logger: Logger,
  ) {
    this.groups = groups.map(group => ({ ...group, matches: matcherOf(group) }));
  }

  /** True if records may go to the topic. */
  isReady(topic: string): boolean {
    return this.ready.has(topic);
  }

  /** Topics may be gone: each is looked for again. */
  forgetAll(): void {
    this.ready.clear();
  }

  /** Gives the client up when it was not used for a while. To be called now and then, while no topic is looked for. */
  rest(nowMs = Date.now()): void {
    if (!this.admin || nowMs - this.usedAtMs < REST_MS) return;
    this.admin.giveUp();
    this.admin = null;
  }

  /** Looks for a topic and makes it if it is not there. @throws ConnectException with Java's text, which fails the task */
  async ensure(topic: string, signal: AbortSignal): Promise<void> {
    this.logger.info(`The task will send records to topic '${topic}' for the first time. Checking whether topic exists`);
    this.admin ??= this.openAdmin();
    if (await this.exists(this.admin, topic, signal)) this.logger.info(`Topic '${topic}' already exists.`);
    else await this.create(this.admin, topic, signal);
    this.usedAtMs = Date.now();
    this.ready.add(topic);
  }

  private async exists(admin: Topics, topic: string, signal: AbortSignal): Promise<boolean> {
    const error = await answerOf(admin.describeTopic(topic, signal));
    if (error === undefined) return true;
    const { code } = error;
    if (code === 'UnknownTopicOrPartitionException') return false;
    if (UNAUTHORIZED.includes(code))
      throw failure(`Not authorized to describe topic(s) '${topic}' on the brokers ${this.bootstrapServers}`, error);
    if (code === 'UnsupportedVersionException') {
      const reason = `since the brokers at ${this.bootstrapServers} do not support the DescribeTopics API.`;
      throw failure(`Unable to describe topic(s) '${topic}' ${reason}`, error);
    }
    if (code === 'TimeoutException') throw failure(`Timed out while describing topics '${topic}'`, error);
    throw failure(`Error while attempting to describe topics '${topic}'`, inFuture(error));
  }

  private async create(admin: Topics, topic: string, signal: AbortSignal): Promise<void> {
    this.logger.info(`Creating topic '${topic}'`);
    const group = this.groups.find(candidate => candidate.matches(topic));
    if (!group) throw new ConnectError('IllegalStateException', `No topic creation group for '${topic}'`);
    const { partitions, replicationFactor, topicConfigs: configs } = group;
    const newTopic = { name: topic, partitions, replicationFactor, configs };
    const error = await answerOf(admin.createTopic(newTopic, signal));
    if (error === undefined) this.logger.info(`Created topic '${describe(newTopic)}' using creation group '${group.name}'`);
    else if (error.code === 'TopicExistsException') this.logger.info(`Found existing topic '${describe(newTopic)}'`);
    else throw this.refusal(newTopic, error);
  }

  /** Who may not create topics, or has brokers that cannot, must have the topic made by somebody else. */
  private refusal(newTopic: NewTopic, error: ConnectError): ConnectError {
    const { name } = newTopic;
    const { code } = error;
    this.logger.warn(`Request to create new topic '${name}' failed`);
    if (UNAUTHORIZED.includes(code) || code === 'UnsupportedVersionException') {
      return failure(
        `Task failed to create new topic ${describe(newTopic)}. Ensure that the task is authorized to create topics or that the ` +
          'topic exists and restart the task',
        error,
      );
    }
    if (INVALID.includes(code)) return failure(`Unable to create topic(s) '${name}': ${error.message}`, error);
    if (code === 'TimeoutException') {
      return failure(
        `Timed out while checking for or creating topic(s) '${name}'. This could indicate a connectivity issue, unavailable topic ` +
          'partitions, or if this is your first use of the topic it may have taken too long to create.',
        error,
      );
    }
    return failure(`Error while attempting to create/find topic(s) '${name}'`, inFuture(error));
  }
}

/** Whether the topic of a name belongs to the group. */
function matcherOf({ include, exclude }: TopicCreationGroup): (topic: string) => boolean {
  const [wanted, unwanted] = [include, exclude].map(patterns => patterns.map(compileFullMatch));
  return topic => unwanted?.some(regex => regex.test(topic)) !== true && wanted?.some(regex => regex.test(topic)) === true;
}

/**
 * The creation of topics of a source task; null if the worker or the connector wants none.
 * @throws ConfigException for settings of the client
 */
export function createTopicCreation(host: TaskHost): TopicCreation | null {
  const { id, settings } = host.spec;
  if (!settings.topicCreation) return null;
  const log = getLogger('org.apache.kafka.connect.util.TopicAdmin', taskContext(id));
  const admins = host.kafka.admins('topics', log);
  return new TopicCreation(settings.topicCreation, () => admins.open(), admins.bootstrapServers, host.logger);
}

/** The error of a topic, or of the whole call: Java's futures make no difference. */
async function answerOf(call: Promise<ConnectError | undefined>): Promise<ConnectError | undefined> {
  try {
    return await call;
  } catch (thrown) {
    const error = toError(thrown);
    return error instanceof ConnectError ? error : new ConnectError('RuntimeException', error.message, error);
  }
}

const failure = (message: string, cause: Error): ConnectError => new ConnectError('ConnectException', message, cause);

/** What a future of Java throws: the error in a wrapper. */
const inFuture = (error: ConnectError): ConnectError =>
  new ConnectError('ExecutionException', `${javaClassName(error)}: ${error.message}`, error);

/** As Java's NewTopic shows itself. */
function describe({ name, partitions, replicationFactor, configs }: NewTopic): string {
  const settings = Object.entries(configs).map(([key, value]) => `${key}=${value}`);
  return `(name=${name}, numPartitions=${partitions}, replicationFactor=${replicationFactor}, replicasAssignments=null, configs={${settings.join(', ')}})`;
}
