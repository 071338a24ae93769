/** One task instance with one client: start, poll, send, report offsets, stop. When the client breaks, another attempt follows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceBatch, SourceTask, SourceTaskContext } from '../api/source';
import { isTextBatch } from '../api/source';
import { ConnectError, isRetriable } from '../errors';
import type { KafkaProducer } from '../kafka/producer';
import type { OffsetEntry } from '../thread/messages';
import type { TaskCounters } from '../thread/task-counters';
import type { AnsweredCounts } from './source-counts';
import { isRefusalOrTimeout } from './source-healing';
import { SourceSender } from './source-sender';
import type { SourceServices } from './source-services';
import { StallWatch } from './stall-watch';
import type { TaskHost } from './task-host';
import type { TopicCreation } from './topic-creation';
import { yieldToEventLoop } from './wake';

const PAUSED_LOOK_MS = 1000;
const SETTLING_LOOK_MS = 10;
const LAST_COMMIT_MS = 100;

/** Is told how the attempt gets on. */
export interface AttemptListener {
  /** Offsets behind acknowledged records, as they are reported. */
  onAcknowledged(entries: readonly OffsetEntry[]): void;
  /** A broker has acknowledged records. */
  onDelivered(): void;
  /** The counters have moved. */
  onCounted(): void;
  /** Offsets are about to be reported: a moment to look whether the counters balance. */
  onReport(): void;
  /** @param busy true if records went out @param drained true if there is nothing to do for now */
  onProgress(busy: boolean, drained: boolean): void;
}

export class SourceAttempt {
  private readonly host: TaskHost;
  private readonly producer: KafkaProducer;
  private readonly sender: SourceSender;
  private readonly stalls: StallWatch;
  /** True while a report of offsets waits for dead letters: nothing more is read, or it would wait for ever. */
  private settling = false;
  private polling = new AbortController();
  private saved: ((error: Error | null) => void) | null = null;

  /**
   * @param offsets where the task is to begin
   * @throws ConfigException, KafkaException when the producer cannot be made
   */
  constructor(
    private readonly task: SourceTask,
    private readonly services: SourceServices,
    private readonly offsets: readonly OffsetEntry[],
    private readonly listener: AttemptListener,
  ) {
    const { host, chain, converters, maxInFlight } = services;
    this.host = host;
    this.producer = services.createProducer();
    this.sender = new SourceSender(
      task,
      this.producer,
      chain,
      converters,
      host.errors,
      {
        waitForRoom: timeoutMs => this.waitForRoom(timeoutMs),
        interrupted: () => this.interrupted(),
        onTopic: topic => services.reportTopic(topic),
        topicReady: topic => this.topicReady(topic),
      },
      host.spec.retentionWindows,
      maxInFlight,
      host.logger,
    );
    this.sender.answers.keepsRecords = services.letters !== null;
    this.stalls = new StallWatch(
      {
        inFlight: () => this.producer.inFlight,
        oldest: () => this.sender.submitted.oldest(),
        topics: () => services.topics,
        topicState: topic => this.producer.topicState(topic),
      },
      host.logger,
    );
    host.wake.onWake = () => this.takeDeliveries();
  }

  /** Records and bytes handed over so far. */
  get records(): number {
    return this.sender.records;
  }

  get bytes(): number {
    return this.sender.bytes;
  }

  counters(): TaskCounters {
    return this.sender.counts.counters();
  }

  answered(): AnsweredCounts {
    return this.sender.counts.answered();
  }

  /** False if what is under way would be lost with the client, since the task cannot read it again. */
  get canRewind(): boolean {
    return this.producer.inFlight === 0 || (this.task.canRewind?.() ?? true);
  }

  /**
   * Runs until the task is to stop, or the client is broken; `finish` must follow in any case.
   * @returns what has broken the client, null otherwise
   * @throws what fails the task
   */
  async run(): Promise<ConnectError | null> {
    await this.task.start(this.host.spec.taskProps, this.context());
    this.warmUp();
    if (!this.services.paused) this.host.post({ type: 'state', state: 'RUNNING' });
    while (!this.interrupted()) await this.iterate();
    return this.sender.broken;
  }

  private context(): SourceTaskContext {
    const { spec, errors } = this.host;
    return {
      props: spec.taskProps,
      offsetStorageReader: this.services.codec.reader(this.offsets),
      taskId: this.services.taskId,
      signal: () => this.polling.signal,
      maxRequestSizeBytes: this.services.maxRequestSizeBytes,
      skipOrThrow: error => {
        errors.skipOrThrow({
          stage: 'TASK_POLL',
          className: spec.taskProps['task.class'] ?? '',
          error,
          original: () => ({ type: 'text', text: error.message }),
        });
        this.sender.counts.leftOut();
        this.listener.onCounted();
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
    if (topic) this.producer.warmUp(this.services.chain.isEmpty && !this.services.topicCreation ? topic : null);
  }

  private topicReady(topic: string): true | Promise<boolean> {
    const { topicCreation } = this.services;
    return !topicCreation || topicCreation.isReady(topic) || this.makeReady(topicCreation, topic);
  }

  private async makeReady(topicCreation: TopicCreation, topic: string): Promise<boolean> {
    try {
      await topicCreation.ensure(topic, this.services.stopSignal);
    } catch (error) {
      if (this.services.stopping) return false;
      this.host.logger.warn(
        `WorkerSourceTask{id=${this.services.taskId}} Failed to send record to topic '${topic}' due to an unrecoverable exception`,
      );
      // Of a task that has delivered before, only what may pass is taken for a broken client.
      if (!this.services.hasDelivered || !(error instanceof ConnectError) || !isRefusalOrTimeout(error)) throw error;
      this.sender.onFailure(error);
      return false;
    }
    this.producer.warmUp(topic);
    return true;
  }

  private async iterate(): Promise<void> {
    if (this.services.paused) {
      await this.waitWhilePaused();
      return;
    }
    if (this.settling) {
      await this.host.wake.wait(SETTLING_LOOK_MS);
      return;
    }
    const batch = await this.poll();
    this.sender.submitted.nowMs = Date.now();
    if (batch) await (isTextBatch(batch) ? this.sender.sendTexts(batch) : this.sender.sendRecords(batch));
    this.takeDeliveries();
    this.sender.answers.tellTask();
    this.stalls.look();
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
    while (this.services.paused && !this.interrupted()) await this.host.wake.wait(PAUSED_LOOK_MS);
    if (!this.services.stopping) this.host.post({ type: 'state', state: this.services.paused ? 'PAUSED' : 'RUNNING' });
  }

  /** True when the attempt is to end. @throws what fails the task */
  private interrupted(): boolean {
    const failure = this.sender.failure ?? this.services.letters?.failure;
    if (failure) throw failure;
    return this.services.stopping || this.sender.broken !== null;
  }

  private takeDeliveries(): void {
    const { inFlight } = this.producer;
    const letters = this.services.letters?.pending ?? 0;
    this.producer.poll(this.sender);
    this.services.letters?.poll();
    const answered = this.producer.inFlight < inFlight;
    if (answered || inFlight === 0) this.stalls.moved();
    if (answered && this.sender.hasDelivered) this.listener.onDelivered();
    if (answered || (this.services.letters?.pending ?? 0) < letters) this.listener.onCounted();
    if (this.sender.failure || this.sender.broken) this.polling.abort();
    this.reportProgress(false);
  }

  private reportProgress(busy: boolean): void {
    const { letters } = this.services;
    const drained = !busy && this.sender.submitted.pending === 0 && !letters?.pending && (this.task.drained?.() ?? true);
    this.listener.onProgress(busy, drained);
  }

  /** Has a waiting `poll` come back; the next one gets a fresh signal. */
  interruptPoll(): void {
    this.polling.abort();
    this.polling = new AbortController();
    if (this.services.stopping || this.sender.broken) this.polling.abort();
    this.host.wake.notify();
  }

  /** Posts what may be committed, as soon as no dead letter stands before it. */
  reportOffsets(): void {
    if (this.services.letters?.pending) void this.reportSettled();
    else this.postOffsets(false);
  }

  private async reportSettled(): Promise<void> {
    this.settling = true;
    await this.services.letters?.settle(this.host.flushTimeoutMs);
    this.settling = false;
    this.postOffsets(false);
  }

  /** Offsets behind a dead letter that is not safe are kept back: the record is to come again. */
  private postOffsets(final: boolean): void {
    this.takeDeliveries();
    this.listener.onReport();
    const { letters, codec } = this.services;
    const { submitted } = this.sender;
    const safe = !letters || (letters.pending === 0 && !letters.failure);
    const entries = safe ? submitted.takeCommittable().map(offset => codec.encode(offset)) : [];
    this.listener.onAcknowledged(entries);
    this.host.post({ type: 'offsets', entries, acknowledged: submitted.takeAcknowledged(), pending: submitted.pending, final });
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

  /**
   * Waits for what is in flight as long as a flush may take, reports the last offsets, stops the task, lets the client go. Never throws.
   * @param another true if another attempt follows
   */
  async finish(another: boolean): Promise<void> {
    const deadlineMs = Date.now() + this.host.flushTimeoutMs;
    while (this.producer.inFlight > 0 && !this.sender.failure && !this.sender.broken && Date.now() < deadlineMs) {
      await this.host.wake.wait(Math.min(100, Math.max(1, deadlineMs - Date.now())));
      this.takeDeliveries();
    }
    this.sender.answers.tellTask();
    if (this.producer.inFlight > 0) {
      const when = another ? 'with the next producer' : 'after the next start';
      this.host.logger.warn(`${this.producer.inFlight} records were not acknowledged in time; they will be sent again ${when}.`);
    }
    await this.services.letters?.settle(Math.max(0, deadlineMs - Date.now()));
    await this.commitLast(deadlineMs);
    try {
      await this.task.stop();
    } catch (error) {
      this.host.logger.warn('Could not stop task', error);
    }
    this.host.wake.onWake = () => {};
    if (another) this.producer.giveUp();
    else this.producer.release();
  }
}
