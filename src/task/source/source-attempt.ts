/** One task instance with one client: start, poll, send, report offsets, stop. When the client breaks, another attempt follows. */
import type { SourceBatch, SourceTask } from '../../api/source';
import { isRowBatch, isTextBatch } from '../../api/source';
import { ConnectError, type ErrorCode } from '../../errors';
import type { DeliveryListener, TopicOutlet } from '../../kafka/clients/record-outlet';
import type { OffsetEntry } from '../../thread/messages';
import type { TaskCounters } from '../../thread/task-counters';
import { endsWithin } from '../../waiting';
import type { TaskHost } from '../shared/task-host';
import { yieldToEventLoop } from '../shared/wake';
import type { AttemptListener } from './attempt-listener';
import { ExactlyOnceDelivery } from './exactly-once/source-exactly-once';
import type { SourceTransactions } from './exactly-once/source-transactions';
import { PlaceNotes } from './place-notes';
import { createSourceContext } from './source-context';
import type { AnsweredCounts } from './source-counts';
import { SourcePolls } from './source-polls';
import { type ReportHost, SourceReports } from './source-reports';
import { SourceSender } from './source-sender';
import type { SourceServices } from './source-services';
import { StallWatch } from './stall-watch';

/** Errors that the next client would have again. */
const FAULTS_OF_TASKS: readonly ErrorCode[] = ['DataException', 'RecordTooLargeException', 'ConnectException', 'ConfigException'];
const PAUSED_LOOK_MS = 1000;
const SETTLING_LOOK_MS = 10;

export class SourceAttempt implements ReportHost {
  private readonly host: TaskHost;
  private readonly producer: TopicOutlet;
  private readonly sender: SourceSender;
  private readonly stalls: StallWatch;
  /** Null where records come at least once. */
  private readonly exactlyOnce: ExactlyOnceDelivery | null;
  private readonly deliveries: DeliveryListener;
  readonly reports: SourceReports;
  private readonly polls: SourcePolls;
  private readonly places: PlaceNotes;
  private hasStarted = false;

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
    const { host, chain, converters, producers } = services;
    this.host = host;
    this.producer = producers.create();
    this.polls = new SourcePolls(task, host.logger);
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
      producers.maxInFlight,
      host.logger,
    );
    this.places = new PlaceNotes(task, this.sender.submitted);
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
    const { exactlyOnce } = services;
    this.exactlyOnce =
      exactlyOnce &&
      new ExactlyOnceDelivery(services, exactlyOnce, this.producer, this.sender, {
        takeDeliveries: () => this.takeDeliveries(),
        onReportDue: () => this.reports.post(true),
        onCommitted: () => this.reports.tellTask(),
      });
    this.deliveries = this.exactlyOnce ?? this.sender;
    const takeCommitted = this.exactlyOnce && (() => this.exactlyOnce?.takeUnreported() ?? []);
    this.reports = new SourceReports(services, task, this.sender.submitted, takeCommitted, this);
    host.wake.onWake = () => this.takeDeliveries();
  }

  /** Records and bytes handed over so far. */
  get moved(): { readonly records: number; readonly bytes: number } {
    return this.sender;
  }

  counters(): TaskCounters {
    const counts = this.sender.counts.counters();
    const oldest = this.sender.submitted.oldest();
    if (!oldest) return counts;
    const { topic = null, sinceMs } = oldest;
    const partition = topic !== null && this.producer.knownPartitions(topic) === 1 ? 0 : null;
    return { ...counts, oldestPending: { topic, partition, sinceMs } };
  }

  answered(): AnsweredCounts {
    return this.sender.counts.answered();
  }

  /** False if something would be lost with this attempt: what is under way, or what the task has read and still holds, which only it knows. */
  get canRewind(): boolean {
    return !this.hasStarted || (this.task.canRewind?.() ?? true);
  }

  /**
   * Runs until the task is to stop, or the client is broken; `finish` must follow in any case.
   * @returns what has broken the client, null otherwise
   * @throws what fails the task
   */
  async run(): Promise<ConnectError | null> {
    const offsets = await this.open();
    if (offsets) {
      const context = createSourceContext(this.services, {
        offsets,
        signal: () => this.polls.signal,
        transactionContext: this.exactlyOnce?.transactions.boundaries.context ?? null,
        onLeftOut: () => this.sender.counts.leftOut(),
        onCounted: () => this.listener.onCounted(),
      });
      await this.task.start(this.host.spec.taskProps, context);
      this.hasStarted = true;
      this.warmUp();
      if (!this.services.paused) this.host.post({ type: 'state', state: 'RUNNING' });
      while (!this.services.stopping && !this.interrupted()) await this.iterate();
      await this.sendHeld();
    }
    const { broken } = this.sender;
    return broken && ((await this.exactlyOnce?.explain(broken)) ?? broken);
  }

  /** Where the task is to begin; null if that cannot be said. */
  private async open(): Promise<readonly OffsetEntry[] | null> {
    if (!this.exactlyOnce) return this.offsets;
    let offsets: readonly OffsetEntry[] | null = null;
    await this.orBreak(async exactlyOnce => {
      offsets = await exactlyOnce.open(this.offsets);
    });
    return offsets;
  }

  /** Does something with transactions; an error breaks the client, unless the task is to fail for it. */
  private async orBreak(act: (exactlyOnce: ExactlyOnceDelivery) => Promise<void>): Promise<void> {
    try {
      if (this.exactlyOnce) await act(this.exactlyOnce);
    } catch (error) {
      if (this.services.stopping) return;
      if (!(error instanceof ConnectError) || FAULTS_OF_TASKS.includes(error.code)) throw error;
      this.sender.onFailure(error);
      this.interruptPoll();
    }
  }

  /**
   * The connection is made while the task opens its file. A transformation may send the records to quite another topic, and to ask a
   * broker for a topic may create it, with the broker's defaults.
   */
  private warmUp(): void {
    const { topic } = this.host.spec.settings;
    if (topic !== null) this.producer.warmUp(this.services.chain.isEmpty && !this.services.topicCreation ? topic : null);
  }

  private topicReady(topic: string): true | Promise<boolean> {
    const { topicCreation } = this.services;
    return !topicCreation || topicCreation.isReady(topic) || this.makeReady(topic);
  }

  private async makeReady(topic: string): Promise<boolean> {
    const broken = await this.services.makeTopicReady(topic, this.canRewind);
    if (broken) this.sender.onFailure(broken);
    if (this.interrupted() || !this.services.topicCreation?.isReady(topic)) return false;
    this.producer.warmUp(topic);
    return true;
  }

  private async iterate(): Promise<void> {
    if (this.services.paused) {
      await this.waitWhilePaused();
      return;
    }
    if (this.reports.isSettling) {
      await this.host.wake.wait(SETTLING_LOOK_MS);
      return;
    }
    const batch = await this.poll();
    this.sender.submitted.nowMs = Date.now();
    if (batch) await this.sendBatch(batch);
    if (!this.interrupted() && this.places.areDue()) await this.keepPlaces();
    this.takeDeliveries();
    this.sender.answers.tellTask();
    this.services.topicCreation?.rest();
    this.stalls.look();
    this.reportProgress(batch !== null);
    await yieldToEventLoop();
  }

  /** What the task cannot read again goes out before it is stopped. */
  private async sendHeld(): Promise<void> {
    while (this.hasStarted && !this.canRewind && !this.interrupted()) {
      const held = await this.polls.nextHeld();
      if (!held) return;
      await this.sendBatch(held);
    }
  }

  private sendBatch(batch: SourceBatch): Promise<void> {
    const transactions = this.exactlyOnce?.transactions;
    return transactions ? this.sendInTransactions(batch, transactions) : this.send(batch);
  }

  private send(batch: SourceBatch): Promise<void> {
    if (isTextBatch(batch)) return this.sender.sendTexts(batch);
    return isRowBatch(batch) ? this.sender.sendRows(batch) : this.sender.sendRecords(batch);
  }

  /** The same in transactions, which may end within the batch. */
  private async sendInTransactions(batch: SourceBatch, transactions: SourceTransactions): Promise<void> {
    for (const { part, ending } of transactions.boundaries.portions(batch)) {
      await this.orBreak(async () => transactions.begin());
      if (this.interrupted()) return;
      await this.send(part);
      if (this.interrupted()) return;
      if (ending) await this.orBreak(() => transactions.endIfDue(ending));
    }
    await this.orBreak(() => transactions.endIfDue(transactions.boundaries.takeBatchEnding()));
  }

  private async waitForRoom(timeoutMs: number): Promise<void> {
    await this.host.wake.wait(timeoutMs);
    this.stalls.look();
    this.listener.onCounted();
  }

  /** The transaction is committed meanwhile if the task has nothing for a while. */
  private async poll(): Promise<SourceBatch | null> {
    const polled = this.polls.next();
    const transactions = this.exactlyOnce?.transactions;
    const patienceMs = transactions?.patienceMs();
    if (transactions && patienceMs !== undefined) {
      const settled = polled.catch(() => {});
      if (!(await endsWithin(patienceMs, settled))) await this.orBreak(() => transactions.commit('submitted'));
    }
    return polled;
  }

  private async waitWhilePaused(): Promise<void> {
    const transactions = this.exactlyOnce?.transactions;
    if (transactions?.boundaries.mayEndAnywhere) await this.orBreak(() => transactions.commit('submitted'));
    this.host.post({ type: 'state', state: 'PAUSED' });
    while (this.services.paused && !this.services.stopping && !this.interrupted()) await this.host.wake.wait(PAUSED_LOOK_MS);
    if (!this.services.stopping) this.host.post({ type: 'state', state: this.services.paused ? 'PAUSED' : 'RUNNING' });
  }

  /** True when nothing more is to be sent; at a stop not before its time is over if what was read cannot be read again. @throws what fails the task */
  private interrupted(): boolean {
    const failure = this.sender.failure ?? this.services.letters?.failure;
    if (failure) throw failure;
    if (this.sender.broken) return true;
    return this.services.stopping && (this.canRewind || Date.now() >= this.host.stopDeadline.untilMs(Number.POSITIVE_INFINITY));
  }

  /** Takes answers that have come; never waits. */
  takeDeliveries(): void {
    const { inFlight } = this.producer;
    const letters = this.services.letters?.pending ?? 0;
    this.producer.poll(this.deliveries);
    this.services.letters?.poll();
    const answered = this.producer.inFlight < inFlight;
    if (answered || inFlight === 0) this.stalls.moved();
    if (answered && this.sender.hasDelivered) this.listener.onDelivered();
    if (answered || (this.services.letters?.pending ?? 0) < letters) this.listener.onCounted();
    if (this.sender.failure || this.sender.broken) this.polls.end();
    this.reportProgress(false);
  }

  private async keepPlaces(): Promise<void> {
    if (this.exactlyOnce) await this.orBreak(({ transactions }) => transactions.commitOffsets());
    else await this.reports.keep(this.sender.records === 0 ? this.host.flushTimeoutMs : 0);
  }

  private reportProgress(busy: boolean): void {
    const { letters } = this.services;
    const isOpen = this.sender.submitted.pending > 0 || letters?.pending || this.exactlyOnce?.transactions.isOpen;
    // What a task has to read it knows only when it has started.
    const drained = !busy && !isOpen && this.hasStarted && (this.task.drained?.() ?? true);
    this.listener.onProgress(busy, drained);
  }

  /** Has a waiting `poll` come back; the next one gets a fresh signal. */
  interruptPoll(): void {
    this.polls.interrupt();
    if (this.services.stopping) this.exactlyOnce?.limit(this.host.stopDeadline.untilMs(Date.now()));
    if (this.services.stopping || this.sender.broken) this.polls.end();
    this.host.wake.notify();
  }

  onReported(entries: readonly OffsetEntry[]): void {
    this.listener.onAcknowledged(entries);
  }

  /**
   * Waits for what is in flight until the deadline of the stop, or as long as a flush may take, reports the last offsets, stops the
   * task, lets the client go. Never throws.
   * @param another true if another attempt follows
   */
  async finish(another: boolean): Promise<void> {
    const leftMs = this.host.stopDeadline.waitOf(this.host.flushTimeoutMs);
    while (this.producer.inFlight > 0 && !this.sender.failure && !this.sender.broken && leftMs() > 0) {
      await this.host.wake.wait(Math.min(100, Math.max(1, leftMs())));
      this.takeDeliveries();
    }
    this.sender.answers.tellTask();
    if (this.producer.inFlight > 0) {
      const when = another ? 'with the next producer' : 'after the next start';
      const next = this.canRewind ? `they will be sent again ${when}` : 'this source cannot read them again, so they may be lost';
      this.host.logger.warn(`${this.producer.inFlight} records were not acknowledged in time; ${next}.`);
    }
    await this.services.letters?.settle(leftMs);
    this.exactlyOnce?.limit(Date.now() + leftMs());
    await this.exactlyOnce?.close();
    await this.reports.reportLast(leftMs());
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
