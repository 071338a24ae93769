/** The life of a sink task on its thread: join the group, fetch, convert, put, commit, leave. */
import { keyOfPartition, type PartitionOffset, type SinkTask, type TopicPartition } from '../../api/sink';
import { ConnectError, isRetriable, toEnvelope } from '../../errors';
import type { GroupInlet, GroupListener } from '../../kafka/clients/record-inlet';
import type { PendingPlace } from '../../metrics/task-counters';
import { formatTaskId } from '../../thread/messages';
import type { DeadLetterTopic } from '../dead-letters/dead-letter-topic';
import { createTaskConverters } from '../shared/task-converters';
import type { TaskHost, TaskLoop } from '../shared/task-host';
import { yieldToEventLoop } from '../shared/wake';
import { ErrantRecords } from './errant-records';
import { PutSchedule } from './put-schedule';
import { SinkCommits } from './sink-commits';
import { SinkDelivery } from './sink-delivery';
import { SinkDrain } from './sink-drain';
import { SinkRequests } from './sink-requests';
import { TopicSubscription } from './topic-subscription';

// Most tasks have none.
const deadLettersModule = (): typeof import('../dead-letters/dead-letter-queue') => require('../dead-letters/dead-letter-queue');

const COMMIT_POLL_MS = 10;

export class SinkLoop implements TaskLoop, GroupListener {
  private readonly consumer: GroupInlet;
  private readonly subscription: TopicSubscription;
  private readonly delivery: SinkDelivery;
  private readonly commits: SinkCommits;
  private letters: DeadLetterTopic | null = null;
  private readonly errant: ErrantRecords | null;
  /** Ends what waits for brokers when the task stops. */
  private readonly stopped = new AbortController();
  private readonly pollEveryMs: number;
  private paused: boolean;
  private consumerPaused = false;
  private stopping = false;
  private failure: Error | null = null;
  private drainWanted = false;
  private readonly drained: SinkDrain;
  private readonly requests: SinkRequests;
  private readonly schedule: PutSchedule;

  /** @throws ConfigException, KafkaException when converters or the consumer cannot be made */
  constructor(
    private readonly task: SinkTask,
    private readonly host: TaskHost,
  ) {
    const { spec, plugins, logger } = host;
    this.paused = spec.paused;
    host.metrics.look = () => this.look();
    const member = host.kafka.member();
    this.consumer = member.consumer;
    this.pollEveryMs = Math.ceil(member.maxPollIntervalMs / 3);
    this.subscription = new TopicSubscription(spec.settings.sinkTopics ?? { topics: [], regex: null }, member.metadataMaxAgeMs);
    this.drained = new SinkDrain(this.consumer, this.subscription);
    const { errors } = host;
    const hasQueue = spec.settings.deadLetterQueue !== null;
    const converters = createTaskConverters(spec, plugins, logger);
    this.errant = hasQueue || errors.logs ? new ErrantRecords(errors, converters) : null;
    this.commits = new SinkCommits(task, this.consumer, host, () => {
      if (!this.stopping) this.goBackToCommitted();
    });
    const commitSoon = (): void => {
      this.commits.dueMs = 0;
    };
    this.requests = new SinkRequests(this.consumer, commitSoon, () => host.wake.notify());
    this.schedule = new PutSchedule(`WorkerSinkTask{id=${formatTaskId(spec.id)}}`, host.flushIntervalMs, logger);
    this.delivery = new SinkDelivery(task, this.consumer, host, {
      converters,
      errant: this.errant,
      keepsOriginals: hasQueue || errors.logsRecords,
      // what waits for a commit, or for other offsets, must not wait for ever
      mayFetchAhead: () => !this.stopping && !this.paused && !this.commits.waiting && !this.requests.wantsRewind,
      maxPollRecords: member.isMaxPollRecordsGiven ? member.maxPollRecords : (task.recordsPerPut?.() ?? member.maxPollRecords),
    });
  }

  /** Runs until `stop` or an error. Never throws: a failure is posted, and the task is stopped in order all the same. */
  async run(): Promise<void> {
    try {
      await this.openDeadLetters();
      await this.task.start(this.host.spec.taskProps, this.requests.context(this.host, this.errant?.report ?? null));
      this.subscription.refresh(this.consumer);
      if (!this.paused) this.host.post({ type: 'state', state: 'RUNNING' });
      while (!this.stopping) await this.iterate();
    } catch (error) {
      this.fail(error);
    }
    await this.finish();
  }

  private fail(error: unknown): void {
    this.host.post({ type: 'failed', error: toEnvelope(error) });
    this.failure = error as Error;
  }

  private look(): PendingPlace | null {
    const { cells } = this.host.metrics;
    const { all, most } = this.commits.offsets.behind();
    cells.set('sinkRecordPartitionCount', this.consumer.assignment().length);
    cells.set('sinkRecordActiveCount', all + this.delivery.underWay);
    cells.set('sinkRecordLagMax', most);
    return this.delivery.look();
  }

  private async openDeadLetters(): Promise<void> {
    const { deadLetterQueue } = this.host.spec.settings;
    if (!deadLetterQueue) return;
    const { letters, reporter } = await deadLettersModule().openDeadLetterQueue(this.host, deadLetterQueue, this.stopped.signal);
    this.letters = letters;
    this.commits.letters = letters;
    this.host.errors.reportTo(reporter);
    this.host.wake.onWake = () => {
      const { pending } = letters;
      letters.poll();
      if (letters.pending < pending) this.host.metrics.changed();
    };
  }

  private async iterate(): Promise<void> {
    await this.consumer.serve(this);
    const failure = this.failure ?? this.delivery.failure ?? this.letters?.failure;
    if (failure) throw failure;
    this.applyPause();
    this.subscription.refreshIfDue(this.consumer);
    this.applyRewinds();
    await this.commits.beginIfDue();
    const busy = await this.deliver();
    this.reportProgress(busy);
    if (busy) await yieldToEventLoop();
    else await this.host.wake.wait(this.idleWaitMs());
  }

  /** Sleeps until the next thing that is due; the consumer must be polled every third of its poll interval. */
  private idleWaitMs(): number {
    const now = Date.now();
    if (this.requests.wantsRewind) return 1;
    const due = [this.pollEveryMs, this.consumer.dueInMs, this.subscription.dueInMs(now), this.drainWanted ? 20 : this.pollEveryMs];
    const ready = this.delivery.state === 'ready';
    if (ready) due.push(this.schedule.retryInMs(now));
    else if (this.delivery.state === 'idle' && !this.commits.waiting) due.push(this.schedule.emptyInMs(now));
    due.push(this.commits.dueInMs(now, ready));
    return Math.max(1, Math.min(...due));
  }

  private applyPause(): void {
    if (this.paused === this.consumerPaused) return;
    this.consumerPaused = this.paused;
    this.requests.allPaused = this.paused;
    this.consumer.setPaused(this.paused);
    if (!this.paused) this.consumer.pause(this.requests.pausedPartitions);
    if (this.paused) this.commits.dueMs = 0;
    this.host.post({ type: 'state', state: this.paused ? 'PAUSED' : 'RUNNING' });
  }

  /** Fetches and puts one batch, or puts the last one again, or nothing if it is time for that. @returns true if there was something */
  private async deliver(): Promise<boolean> {
    const { delivery, schedule } = this;
    if (delivery.state === 'idle' && (this.paused || this.commits.waiting || !delivery.fetch())) {
      if (schedule.emptyInMs(Date.now()) > 0 || this.commits.waiting) return false;
      delivery.fetchNothing();
    }
    // What was fetched behind a failure must not be put: it would be committed, and what the failure has hidden never come.
    if (delivery.state !== 'ready' || this.failure || schedule.retryInMs(Date.now()) > 0) return false;
    try {
      await delivery.put();
    } catch (error) {
      if (!isRetriable(error)) throw new ConnectError('ConnectException', 'Exiting WorkerSinkTask due to unrecoverable exception.', error);
      schedule.refused(error, this.requests.takeTimeoutMs());
      return false;
    }
    schedule.taken(this.requests.takeTimeoutMs());
    return delivery.done(this.commits.offsets) > 0;
  }

  private applyRewinds(): void {
    if (this.requests.wantsRewind && this.delivery.state === 'idle') this.goOnFrom(this.requests.takeRewinds());
  }

  /** The task wants it so; also a flush that fails goes back no further, and no less far. */
  private goOnFrom(offsets: readonly PartitionOffset[]): void {
    this.rewind(offsets);
    this.commits.offsets.returnTo(offsets);
  }

  private rewind(offsets: readonly PartitionOffset[]): void {
    this.consumer.seek(offsets);
    this.commits.offsets.rewind(offsets);
  }

  /**
   * Everything since the last commit is delivered again. The batch that waits to be put goes first: put after the rewind, it would
   * count as delivered, and be committed, before the records in front of it are.
   */
  private goBackToCommitted(): void {
    this.consumer.seek(this.delivery.abandon(false));
    this.rewind(this.commits.offsets.lastCommitted());
  }

  async onAssigned(partitions: readonly TopicPartition[]): Promise<void> {
    for (const topic of new Set(partitions.map(partition => partition.topic))) this.host.post({ type: 'topic-active', topic });
    await this.guard(async () => {
      if (partitions.length > 0) await this.task.open?.(partitions);
      this.goOnFrom(this.requests.takeRewinds());
    });
    this.host.metrics.changed();
  }

  async onRevoked(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    if (!lost) await this.commits.commitNow();
    await this.guard(() => this.task.close?.(partitions));
    this.commits.forget(partitions);
    this.requests.forget(partitions);
    // Partitions that stay, in a cooperative rebalance, lose their place in the batch: they are fetched again from there.
    const gone = new Set(partitions.map(keyOfPartition));
    this.consumer.seek(this.delivery.abandon(this.stopping).filter(offset => !gone.has(keyOfPartition(offset))));
  }

  onRefetch(from: PartitionOffset): void {
    this.commits.offsets.rewind([from]);
  }

  /** An error of the task inside a rebalance fails it after the rebalance. */
  private async guard(call: () => void | Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.failure ??= error as Error;
    }
  }

  onFailure(error: ConnectError): void {
    this.failure ??= new ConnectError('ConnectException', 'Unrecoverable exception from consumer', error);
    // It may come with a fetch, after which the loop would sleep.
    this.host.wake.notify();
  }

  private reportProgress(busy: boolean): void {
    if (this.drainWanted) this.checkDrained();
    if (busy) this.host.metrics.changed();
  }

  private checkDrained(): void {
    if (this.delivery.state !== 'idle' || this.letters?.pending || !this.drained.isFetched()) return;
    this.drainWanted = false;
    this.host.metrics.flush();
    this.host.post({ type: 'drained', drained: true });
  }

  drain(): void {
    this.drainWanted = true;
    this.drained.begin();
    this.host.wake.notify();
  }

  pause(): void {
    this.paused = true;
    this.host.wake.notify();
  }

  resume(): void {
    this.paused = false;
    this.host.wake.notify();
  }

  stop(deadlineMs: number | null): void {
    if (deadlineMs !== null) this.host.stopDeadline.set(deadlineMs);
    this.stopping = true;
    this.host.errors.stop();
    this.stopped.abort();
    this.host.wake.notify();
  }

  /** Leaves the group: the last revocation commits and closes the task's partitions. */
  private async finish(): Promise<void> {
    const { stopDeadline, flushTimeoutMs } = this.host;
    const lettersLeftMs = stopDeadline.waitOf(flushTimeoutMs);
    this.stopping = true;
    try {
      // An assignment that has come meanwhile is taken first: librdkafka may never answer one that is taken while it closes.
      await this.consumer.serve(this);
      this.consumer.beginClose();
      const leftMs = stopDeadline.waitOf(2 * flushTimeoutMs);
      while (!this.consumer.closed && leftMs() > 0) {
        await this.consumer.serve(this);
        if (!this.consumer.closed) await this.host.wake.wait(COMMIT_POLL_MS);
      }
    } catch (error) {
      this.host.logger.warn('Could not leave the consumer group cleanly', error);
    }
    await this.leaveDeadLetters(lettersLeftMs);
    await this.host.metrics.close();
    try {
      await this.task.stop();
    } catch (error) {
      this.host.logger.warn('Could not stop task', error);
    }
    this.host.metrics.closePlugin();
    this.delivery.close();
  }

  /** Also the letter of the record that has failed the task is written, if that can be done in time. */
  private async leaveDeadLetters(leftMs: () => number): Promise<void> {
    const { letters } = this;
    if (!letters) return;
    await letters.settle(leftMs);
    this.host.wake.onWake = () => {};
    letters.release();
  }
}
