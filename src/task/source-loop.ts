/** The life of a source task on its thread: start, poll, send, report offsets, stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceBatch, SourceTask, SourceTaskContext } from '../api/source';
import { isTextBatch } from '../api/source';
import type { SourceRecord } from '../data/record';
import { isRetriable, toEnvelope } from '../errors';
import { maxRequestSizeBytes, producerProps, translateClientProps } from '../kafka/client-config';
import { loadLibrdkafka } from '../kafka/librdkafka';
import { KafkaProducer } from '../kafka/producer';
import { TransformationChain } from '../pipeline/transformation-chain';
import { formatTaskId } from '../thread/messages';
import type { DeadLetters } from './dead-letters';
import { OffsetCodec } from './offset-codec';
import { ProgressReporter } from './progress-reporter';
import { createSourceDeadLetters } from './source-dead-letters';
import { SourceSender } from './source-sender';
import { StallWatch } from './stall-watch';
import { TaskBalance } from './task-balance';
import { createTaskConverters } from './task-converters';
import type { TaskHost, TaskLoop } from './task-host';
import { createTopicCreation, type TopicCreation } from './topic-creation';
import { yieldToEventLoop } from './wake';

const PAUSED_LOOK_MS = 1000;
const SETTLING_LOOK_MS = 10;
const LAST_COMMIT_MS = 100;
/**
 * How long librdkafka lets records wait for a topic that does not exist (30 s by default). Java waits for ever; here the task fails
 * after half an hour, and the log says why long before. More than 2,147,483 would overflow in librdkafka and mean no wait at all.
 */
const TOPIC_WAIT_MS = 1_800_000;

export class SourceLoop implements TaskLoop {
  private readonly codec: OffsetCodec;
  private readonly producer: KafkaProducer;
  private readonly chain: TransformationChain<SourceRecord>;
  private readonly sender: SourceSender;
  /** Null where topics are left to the brokers. */
  private readonly topicCreation: TopicCreation | null;
  /** Ends what waits for brokers when the task stops. */
  private readonly stopped = new AbortController();
  /** Where failed records go; null if they go nowhere. */
  private letters: DeadLetters | null = null;
  /** True while a report of offsets waits for dead letters: nothing more is read, or it would wait for ever. */
  private settling = false;
  private paused: boolean;
  private stopping = false;
  private polling = new AbortController();
  private drained = false;
  private readonly topics = new Set<string>();
  private readonly progress: ProgressReporter;
  private readonly balance: TaskBalance;
  private readonly maxRequestSizeBytes: number;
  private readonly stalls: StallWatch;
  private saved: ((error: Error | null) => void) | null = null;

  /** @throws ConfigException, KafkaException when converters or the producer cannot be made */
  constructor(
    private readonly task: SourceTask,
    private readonly host: TaskHost,
  ) {
    const { spec, plugins, logger } = host;
    this.paused = spec.paused;
    this.progress = new ProgressReporter(() =>
      host.post({ type: 'progress', records: this.sender.records, bytes: this.sender.bytes, counters: this.sender.counts.counters() }),
    );
    this.balance = new TaskBalance(spec.id, logger, () => this.sender.counts.counters());
    this.topicCreation = createTopicCreation(host);
    this.codec = new OffsetCodec(plugins, spec.id.connector);
    const client = translateClientProps('producer', producerProps(spec.workerProps, spec.connectorProps, spec.id));
    for (const warning of client.warnings) logger.warn(warning);
    const settings = { ...client.settings, 'topic.metadata.propagation.max.ms': String(TOPIC_WAIT_MS) };
    this.producer = new KafkaProducer(loadLibrdkafka(spec.libraryPath), settings, host.ledger, spec.wakePipe.writeFd, logger);
    this.stalls = new StallWatch(
      {
        inFlight: () => this.producer.inFlight,
        topics: () => this.topics,
        topicState: topic => this.producer.topicState(topic),
      },
      logger,
    );
    this.maxRequestSizeBytes = maxRequestSizeBytes(client.settings);
    const maxInFlight = Number(client.settings['queue.buffering.max.messages']) + 1;
    const converters = createTaskConverters(spec, plugins, logger);
    this.chain = new TransformationChain({ props: spec.connectorProps, plugins, logger });
    this.sender = new SourceSender(
      task,
      this.producer,
      this.chain,
      converters,
      host.errors,
      {
        waitForRoom: timeoutMs => this.waitForRoom(timeoutMs),
        interrupted: () => this.interrupted(),
        onTopic: topic => this.reportTopic(topic),
        topicReady: topic => this.topicReady(topic),
      },
      spec.retentionWindows,
      maxInFlight,
      logger,
    );
    host.wake.onWake = () => this.takeDeliveries();
  }

  /** Runs until `stop` or an error. Never throws: a failure is posted, and the task is stopped in order all the same. */
  async run(): Promise<void> {
    try {
      await this.openDeadLetters();
      await this.task.start(this.host.spec.taskProps, this.context());
      this.warmUp();
      if (!this.paused) this.host.post({ type: 'state', state: 'RUNNING' });
      while (!this.stopping) await this.iterate();
    } catch (error) {
      this.host.post({ type: 'failed', error: toEnvelope(error) });
    } finally {
      await this.finish();
    }
  }

  private async openDeadLetters(): Promise<void> {
    const made = await createSourceDeadLetters(this.host, this.stopped.signal);
    if (!made) return;
    this.letters = made.letters;
    this.sender.keepsRecords = true;
    this.host.errors.reportTo(made.reporter);
  }

  private context(): SourceTaskContext {
    const { spec, errors } = this.host;
    return {
      props: spec.taskProps,
      offsetStorageReader: this.codec.reader(spec.storedOffsets),
      taskId: formatTaskId(spec.id),
      signal: () => this.polling.signal,
      maxRequestSizeBytes: this.maxRequestSizeBytes,
      skipOrThrow: error => {
        errors.skipOrThrow({
          stage: 'TASK_POLL',
          className: spec.taskProps['task.class'] ?? '',
          error,
          original: () => ({ type: 'text', text: error.message }),
        });
        this.sender.counts.leftOut();
        this.progress.changed();
      },
      draining: spec.draining,
    };
  }

  /**
   * The connection is made while the task opens its file. A transformation may send the records to quite another topic, and to ask a
   * broker for a topic may create it, with the broker's defaults.
   */
  private warmUp(): void {
    const { topic } = this.host.spec.connectorProps;
    if (topic) this.producer.warmUp(this.chain.isEmpty && !this.topicCreation ? topic : null);
  }

  private topicReady(topic: string): true | Promise<boolean> {
    return !this.topicCreation || this.topicCreation.isReady(topic) || this.makeReady(this.topicCreation, topic);
  }

  private async makeReady(topicCreation: TopicCreation, topic: string): Promise<boolean> {
    try {
      await topicCreation.ensure(topic, this.stopped.signal);
    } catch (error) {
      if (this.stopping) return false;
      const task = `WorkerSourceTask{id=${formatTaskId(this.host.spec.id)}}`;
      this.host.logger.warn(`${task} Failed to send record to topic '${topic}' due to an unrecoverable exception`);
      throw error;
    }
    this.producer.warmUp(topic);
    return true;
  }

  private async iterate(): Promise<void> {
    if (this.paused) {
      await this.waitWhilePaused();
      return;
    }
    if (this.settling) {
      await this.host.wake.wait(SETTLING_LOOK_MS);
      this.interrupted();
      return;
    }
    const batch = await this.poll();
    if (batch) await (isTextBatch(batch) ? this.sender.sendTexts(batch) : this.sender.sendRecords(batch));
    this.takeDeliveries();
    this.sender.commitRecords();
    this.stalls.look();
    this.interrupted();
    this.reportProgress(batch !== null);
    await yieldToEventLoop();
  }

  private async waitForRoom(timeoutMs: number): Promise<void> {
    await this.host.wake.wait(timeoutMs);
    this.stalls.look();
  }

  private async poll(): Promise<SourceBatch | null> {
    try {
      return await this.task.poll();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      this.host.logger.warn('Caught a retriable exception while polling; polling again', error);
      return null;
    }
  }

  private async waitWhilePaused(): Promise<void> {
    this.host.post({ type: 'state', state: 'PAUSED' });
    while (this.paused && !this.stopping) await this.host.wake.wait(PAUSED_LOOK_MS);
    if (!this.stopping) this.host.post({ type: 'state', state: 'RUNNING' });
  }

  /** True when the loop is to end. @throws the producer's failure */
  private interrupted(): boolean {
    const failure = this.sender.failure ?? this.letters?.failure;
    if (failure) throw failure;
    return this.stopping;
  }

  private takeDeliveries(): void {
    const { inFlight } = this.producer;
    const letters = this.letters?.pending ?? 0;
    this.producer.poll(this.sender);
    this.letters?.poll();
    const answered = this.producer.inFlight < inFlight;
    if (answered || inFlight === 0) this.stalls.moved();
    if (answered || (this.letters?.pending ?? 0) < letters) this.progress.changed();
    if (this.sender.failure) this.polling.abort();
    this.reportProgress(false);
  }

  private reportTopic(topic: string): void {
    if (this.topics.has(topic)) return;
    this.topics.add(topic);
    this.host.post({ type: 'topic-active', topic });
  }

  private reportProgress(busy: boolean): void {
    if (busy) this.progress.changed();
    const drained = !busy && this.sender.submitted.pending === 0 && !this.letters?.pending && (this.task.drained?.() ?? true);
    if (!this.host.spec.draining || drained === this.drained) return;
    this.drained = drained;
    this.progress.flush();
    this.host.post({ type: 'drained', drained });
  }

  pause(): void {
    this.paused = true;
    this.interruptPoll();
  }

  resume(): void {
    this.paused = false;
    this.host.wake.notify();
  }

  stop(): void {
    this.stopping = true;
    this.host.errors.stop();
    this.stopped.abort();
    this.interruptPoll();
  }

  /** Has a waiting `poll` come back; the next one gets a fresh signal. */
  private interruptPoll(): void {
    this.polling.abort();
    this.polling = new AbortController();
    if (this.stopping) this.polling.abort();
    this.host.wake.notify();
  }

  reportOffsets(): void {
    if (this.letters?.pending) void this.reportSettled();
    else this.postOffsets(false);
  }

  private async reportSettled(): Promise<void> {
    this.settling = true;
    await this.letters?.settle(this.host.flushTimeoutMs);
    this.settling = false;
    this.postOffsets(false);
  }

  /** Offsets behind a dead letter that is not safe are kept back: the record is to come again. */
  private postOffsets(final: boolean): void {
    this.takeDeliveries();
    this.balance.check();
    const safe = !this.letters || (this.letters.pending === 0 && !this.letters.failure);
    const entries = safe ? this.sender.submitted.takeCommittable().map(offset => this.codec.encode(offset)) : [];
    const acknowledged = this.sender.submitted.takeAcknowledged();
    this.host.post({ type: 'offsets', entries, acknowledged, pending: this.sender.submitted.pending, final });
  }

  /** Offsets of the last report are safe, or go into the next one. */
  async offsetsSaved(error: Error | null): Promise<void> {
    this.saved?.(error);
    if (error) {
      this.sender.submitted.giveBack();
      return;
    }
    try {
      await this.task.commit?.();
    } catch (thrown) {
      this.host.logger.error('Exception thrown while calling task.commit()', thrown);
    }
  }

  /** The last commit, before the task is stopped; the task hears of it if that does not take too long. */
  private async commitLast(deadlineMs: number): Promise<void> {
    const answered = new Promise<Error | null>(resolve => {
      this.saved = resolve;
    });
    this.postOffsets(true);
    await Promise.race([answered, sleep(Math.max(LAST_COMMIT_MS, deadlineMs - Date.now()))]);
    this.saved = null;
  }

  /** Waits for what is in flight as long as a flush may take, reports the last offsets, lets everything go. */
  private async finish(): Promise<void> {
    const deadlineMs = Date.now() + this.host.flushTimeoutMs;
    while (this.producer.inFlight > 0 && !this.sender.failure && Date.now() < deadlineMs) {
      await this.host.wake.wait(Math.min(100, Math.max(1, deadlineMs - Date.now())));
      this.takeDeliveries();
    }
    this.sender.commitRecords();
    if (this.producer.inFlight > 0) {
      this.host.logger.warn(
        `${this.producer.inFlight} records were not acknowledged in time; they will be sent again after the next start.`,
      );
    }
    await this.letters?.settle(Math.max(0, deadlineMs - Date.now()));
    await this.commitLast(deadlineMs);
    this.letters?.release();
    await this.balance.close();
    this.progress.flush();
    try {
      await this.task.stop();
    } catch (error) {
      this.host.logger.warn('Could not stop task', error);
    }
    this.chain.close();
    this.host.wake.onWake = () => {};
    this.producer.release();
  }
}
