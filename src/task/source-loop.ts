/** The life of a source task on its thread: start, poll, send, report offsets, stop. */
import type { SourceBatch, SourceTask, SourceTaskContext } from '../api/source';
import { isTextBatch } from '../api/source';
import { isRetriable, toEnvelope } from '../errors';
import { maxRequestSizeBytes, producerProps, translateClientProps } from '../kafka/client-config';
import { loadLibrdkafka } from '../kafka/librdkafka';
import { KafkaProducer } from '../kafka/producer';
import { formatTaskId } from '../thread/messages';
import { OffsetCodec } from './offset-codec';
import { ProgressReporter } from './progress-reporter';
import { SourceSender } from './source-sender';
import { createTaskConverters } from './task-converters';
import type { TaskHost, TaskLoop } from './task-host';
import { Wake, yieldToEventLoop } from './wake';

const PAUSED_LOOK_MS = 1000;

export class SourceLoop implements TaskLoop {
  private readonly wake: Wake;
  private readonly codec: OffsetCodec;
  private readonly producer: KafkaProducer;
  private readonly sender: SourceSender;
  private paused: boolean;
  private stopping = false;
  private polling = new AbortController();
  private drained = false;
  private readonly topics = new Set<string>();
  private readonly progress: ProgressReporter;

  /** @throws ConfigException, KafkaException when converters or the producer cannot be made */
  constructor(
    private readonly task: SourceTask,
    private readonly host: TaskHost,
  ) {
    const { spec, plugins, logger } = host;
    this.paused = spec.paused;
    this.progress = new ProgressReporter(() =>
      host.post({ type: 'progress', records: this.sender.records, bytes: this.sender.bytes, skipped: host.errors.skipped }),
    );
    this.codec = new OffsetCodec(plugins, spec.id.connector);
    this.wake = new Wake(spec.wakePipe.readFd, () => this.takeDeliveries());
    const client = translateClientProps('producer', producerProps(spec.workerProps, spec.connectorProps, spec.id));
    for (const warning of client.warnings) logger.warn(warning);
    this.producer = new KafkaProducer(loadLibrdkafka(spec.libraryPath), client.settings, host.ledger, spec.wakePipe.writeFd, logger);
    this.maxRequestSizeBytes = maxRequestSizeBytes(client.settings);
    const maxInFlight = Number(client.settings['queue.buffering.max.messages']) + 1;
    this.sender = new SourceSender(
      task,
      this.producer,
      createTaskConverters(spec, plugins, logger),
      host.errors,
      {
        waitForRoom: timeoutMs => this.wake.wait(timeoutMs),
        interrupted: () => this.interrupted(),
        onTopic: topic => this.reportTopic(topic),
      },
      spec.retentionWindows,
      maxInFlight,
    );
  }

  private readonly maxRequestSizeBytes: number;

  /** Runs until `stop` or an error. Never throws: a failure is posted, and the task is stopped in order all the same. */
  async run(): Promise<void> {
    try {
      await this.task.start(this.host.spec.taskProps, this.context());
      this.warmUp();
      if (!this.paused) this.host.post({ type: 'state', state: 'RUNNING' });
      while (!this.stopping) await this.iterate();
    } catch (error) {
      this.host.logger.error(
        `WorkerSourceTask{id=${formatTaskId(this.host.spec.id)}} Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted`,
        error,
      );
      this.host.post({ type: 'failed', error: toEnvelope(error) });
    } finally {
      await this.finish();
    }
  }

  private context(): SourceTaskContext {
    const { spec, errors } = this.host;
    return {
      props: spec.taskProps,
      offsetStorageReader: this.codec.reader(spec.storedOffsets),
      taskId: formatTaskId(spec.id),
      signal: () => this.polling.signal,
      maxRequestSizeBytes: this.maxRequestSizeBytes,
      skipOrThrow: error =>
        errors.skipOrThrow({ stage: 'TASK_POLL', className: spec.taskProps['task.class'] ?? '', error, describe: () => error.message }),
      draining: spec.draining,
    };
  }

  /** The connection is made while the task opens its file. */
  private warmUp(): void {
    const topic = this.host.spec.connectorProps.topic;
    if (topic) this.producer.warmUp(topic);
  }

  private async iterate(): Promise<void> {
    if (this.paused) {
      await this.waitWhilePaused();
      return;
    }
    const batch = await this.poll();
    if (batch) await (isTextBatch(batch) ? this.sender.sendTexts(batch) : this.sender.sendRecords(batch));
    this.takeDeliveries();
    this.interrupted();
    this.reportProgress(batch !== null);
    await yieldToEventLoop();
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
    while (this.paused && !this.stopping) await this.wake.wait(PAUSED_LOOK_MS);
    if (!this.stopping) this.host.post({ type: 'state', state: 'RUNNING' });
  }

  /** True when the loop is to end. @throws the producer's failure */
  private interrupted(): boolean {
    if (this.sender.failure) throw this.sender.failure;
    return this.stopping;
  }

  private takeDeliveries(): void {
    this.producer.poll(this.sender);
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
    const drained = !busy && this.sender.submitted.pending === 0 && (this.task.drained?.() ?? true);
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
    this.wake.notify();
  }

  stop(): void {
    this.stopping = true;
    this.interruptPoll();
  }

  /** Has a waiting `poll` come back; the next one gets a fresh signal. */
  private interruptPoll(): void {
    this.polling.abort();
    this.polling = new AbortController();
    if (this.stopping) this.polling.abort();
    this.wake.notify();
  }

  reportOffsets(final = false): void {
    this.takeDeliveries();
    const entries = this.sender.submitted.takeCommittable().map(offset => this.codec.encode(offset));
    const acknowledged = this.sender.submitted.takeAcknowledged();
    this.host.post({ type: 'offsets', entries, acknowledged, pending: this.sender.submitted.pending, final });
  }

  /** Offsets of the last report are safe. */
  async offsetsSaved(error: Error | null): Promise<void> {
    if (error) return;
    try {
      await this.task.commit?.();
    } catch (thrown) {
      this.host.logger.error('Exception thrown while calling task.commit()', thrown);
    }
  }

  /** Waits for what is in flight as long as a flush may take, reports the last offsets, lets everything go. */
  private async finish(): Promise<void> {
    const deadlineMs = Date.now() + this.host.flushTimeoutMs;
    while (this.sender.submitted.pending > 0 && !this.sender.failure && Date.now() < deadlineMs) {
      await this.wake.wait(Math.min(100, Math.max(1, deadlineMs - Date.now())));
      this.takeDeliveries();
    }
    if (this.sender.submitted.pending > 0) {
      this.host.logger.warn(
        `${this.sender.submitted.pending} records were not acknowledged in time; they will be sent again after the next start.`,
      );
    }
    this.reportOffsets(true);
    this.progress.flush();
    try {
      await this.task.stop();
    } catch (error) {
      this.host.logger.warn('Could not stop task', error);
    }
    this.producer.release();
    this.wake.close();
  }
}
