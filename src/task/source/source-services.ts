/** What the runs of a source task share: settings, plugins, dead letters, and what the main thread wants of the task. */
import type { ExactlyOnceSettings } from '../../config/keys/exactly-once';
import type { SourceRecord } from '../../data/record/record';
import { ConnectError } from '../../errors';
import type { Producers } from '../../kafka/clients/kafka-clients';
import type { ColumnChain } from '../../pipeline/column-chain';
import { TransformationChain } from '../../pipeline/transformation-chain';
import { formatTaskId, type OffsetEntry } from '../../thread/messages';
import type { DeadLetters } from '../dead-letters/dead-letters';
import { isRefusalOrTimeout } from '../shared/producer-healing';
import { createTaskConverters, postPlugins, type TaskConverters } from '../shared/task-converters';
import type { TaskHost } from '../shared/task-host';
import { OffsetCodec } from './offset-codec';
import { SourceProgress } from './source-progress';
import { createTopicCreation, type TopicCreation } from './topic-creation';

/** What exactly-once tasks have besides. */
export interface ExactlyOnceServices {
  readonly settings: ExactlyOnceSettings;
  /** `transaction.timeout.ms`. */
  readonly timeoutMs: number;
  /** True once the topic of offsets is known to be there. */
  isTopicReady: boolean;
  /** What this task has committed last, by canonical key. */
  readonly committed: Map<string, OffsetEntry>;
  /** What its last transaction was to commit. */
  attempted: readonly OffsetEntry[];
}

export class SourceServices {
  readonly codec: OffsetCodec;
  readonly chain: TransformationChain<SourceRecord>;
  /** The chain on whole batches; null where it is empty, or knows records only. */
  readonly columns: ColumnChain | null;
  readonly converters: TaskConverters;
  /** Null where topics are left to the brokers. */
  readonly topicCreation: TopicCreation | null;
  /** For the records of the task. */
  readonly producers: Producers;
  /** Where failed records go; null if they go nowhere. */
  letters: DeadLetters | null = null;
  paused: boolean;
  stopping = false;
  /** True once a broker has acknowledged a record of this task. */
  hasDelivered = false;
  /** Where a run is to begin: what was stored at the start, and what was reported since. */
  readonly offsets: Map<string, OffsetEntry>;
  readonly progress: SourceProgress;
  /** Topics that records were sent to. */
  readonly topics = new Set<string>();
  /** Null unless the worker writes exactly once. */
  readonly exactlyOnce: ExactlyOnceServices | null;
  private readonly stop = new AbortController();
  private readonly overdue = new AbortController();

  /** @throws ConfigException, KafkaException for settings that will not do */
  constructor(readonly host: TaskHost) {
    const { spec, plugins, logger } = host;
    this.paused = spec.paused;
    this.offsets = new Map(spec.storedOffsets.map(entry => [entry[0], entry]));
    this.progress = new SourceProgress(host);
    this.topicCreation = createTopicCreation(host);
    this.codec = new OffsetCodec(plugins, spec.id.connector);
    const { exactlyOnce } = spec.settings;
    this.producers = host.kafka.producers('records', exactlyOnce?.transactionalId);
    this.exactlyOnce = exactlyOnce && this.exactlyOnceServices(exactlyOnce);
    this.converters = createTaskConverters(spec, plugins, logger);
    this.chain = new TransformationChain({ stages: spec.settings.stages, plugins, logger });
    postPlugins(host, this.converters, this.chain);
    this.columns = this.chain.columns();
  }

  /** Aborted when the task is to stop; ends what waits for brokers. */
  get stopSignal(): AbortSignal {
    return this.stop.signal;
  }

  /** The task is to stop. @param deadlineMs by when; null: it has failed, and gets as long as a flush may take */
  beginStop(deadlineMs: number | null): void {
    const { stopDeadline, flushTimeoutMs } = this.host;
    this.stopping = true;
    stopDeadline.set(deadlineMs ?? Date.now() + flushTimeoutMs);
    this.host.errors.stop();
    this.stop.abort();
    setTimeout(() => this.overdue.abort(), stopDeadline.waitOf(flushTimeoutMs)()).unref();
  }

  /** `connector-0`. */
  get taskId(): string {
    return formatTaskId(this.host.spec.id);
  }

  private exactlyOnceServices(settings: ExactlyOnceSettings): ExactlyOnceServices {
    this.host.logger.info(
      `Records and offsets are written exactly once: transactional id ${settings.transactionalId}, offsets in topic ${settings.offsetsTopic}`,
    );
    const { transactionTimeoutMs: timeoutMs } = this.producers;
    return { settings, timeoutMs, isTopicReady: false, committed: new Map(), attempted: [] };
  }

  /**
   * Looks for a topic, and makes it.
   * @param atOnce whether a stop ends that at once, or only when what is under way must be given up
   * @returns what has kept it from that and may pass; null if the topic is there, or the task is to stop
   * @throws ConnectException if there can be no such topic
   */
  async makeTopicReady(topic: string, atOnce: boolean): Promise<ConnectError | null> {
    try {
      await this.topicCreation?.ensure(topic, atOnce ? this.stopSignal : this.overdue.signal);
      return null;
    } catch (error) {
      if (this.stopping) return null;
      this.host.logger.warn(
        `WorkerSourceTask{id=${this.taskId}} Failed to send record to topic '${topic}' due to an unrecoverable exception`,
      );
      // Of a task that has delivered before, only what may pass is taken for a broken client.
      if (this.hasDelivered && error instanceof ConnectError && isRefusalOrTimeout(error)) return error;
      throw error;
    }
  }

  /** Offsets are reported: behind them the next run goes on. */
  goOnFrom(entries: readonly OffsetEntry[]): void {
    for (const entry of entries) this.offsets.set(entry[0], entry);
  }

  /** Notes that records go to a topic. */
  reportTopic(topic: string): void {
    if (this.topics.has(topic)) return;
    this.topics.add(topic);
    this.host.post({ type: 'topic-active', topic });
  }
}
