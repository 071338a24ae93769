/** What an attempt of a source task does besides when it writes exactly once: offsets from and to their topic, deliveries of transactions. */
import { ConnectError, type ErrorCode, toError } from '../../../errors';
import { ensureOffsetsTopic, OFFSETS_SLOT } from '../../../kafka/admin/offsets-topic';
import type { DeliveryListener, TopicOutlet } from '../../../kafka/clients/record-outlet';
import { canonicalKey } from '../../../offsets/offset-key';
import type { OffsetEntry } from '../../../thread/messages';
import { yieldToEventLoop } from '../../shared/wake';
import type { SourceSender } from '../source-sender';
import type { ExactlyOnceServices, SourceServices } from '../source-services';
import { mergeOffsets, readOffsetsTopic } from './offsets-topic';
import { SourceTransactions } from './source-transactions';
import { TransactionBoundaries } from './transaction-boundaries';

const SERVE_WAIT_MS = 5;
/** Committed offsets go to the offset file at most so often: it is a cache, which nothing depends on. */
const REPORT_EVERY_MS = 500;
/** How long the brokers get to say whether somebody has taken over. */
const FENCE_ANSWER_MS = 3000;
const FENCES: readonly ErrorCode[] = ['ProducerFencedException', 'InvalidProducerEpochException'];

/** What is called back. */
export interface ExactlyOnceListener {
  takeDeliveries(): void;
  /** Offsets are committed that were not reported yet. */
  onReportDue(): void;
  /** A transaction was committed. */
  onCommitted(): Promise<void>;
}

export class ExactlyOnceDelivery implements DeliveryListener {
  readonly transactions: SourceTransactions;
  private readonly settings: ExactlyOnceServices;
  /** Committed offsets that the main thread has not been told of. */
  private unreported = new Map<string, OffsetEntry>();
  private reportedAtMs = 0;
  private purged: 'fails' | 'is dropped' | 'stays pending' = 'fails';
  private isOpening = false;
  /** Until when brokers are waited for, in epoch milliseconds. */
  private deadlineMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly services: SourceServices,
    settings: ExactlyOnceServices,
    producer: TopicOutlet,
    private readonly sender: SourceSender,
    private readonly listener: ExactlyOnceListener,
  ) {
    this.settings = settings;
    sender.answers.waitForCommits = true;
    sender.counts.committed();
    const { boundary, offsetsTopic } = settings.settings;
    this.transactions = new SourceTransactions(
      producer.transactions(),
      producer,
      new TransactionBoundaries(boundary, settings.timeoutMs),
      offsetsTopic,
      settings.timeoutMs,
      {
        bytes: () => sender.bytes,
        offsets: which => {
          settings.attempted = this.offsets(which);
          return settings.attempted;
        },
        settleLetters: async () => services.letters?.settle(services.host.stopDeadline.waitOf(services.host.flushTimeoutMs)) ?? true,
        serve: wait => this.serve(wait),
        onCommitted: entries => this.onCommitted(entries),
        onGivenUp: () => sender.counts.givenUp(),
        setAborting: aborting => {
          this.purged = aborting ? 'is dropped' : 'fails';
        },
      },
    );
  }

  /** Takes the task over from whoever ran it before. @returns where it is to begin @throws what the brokers refuse */
  async open(stored: readonly OffsetEntry[]): Promise<readonly OffsetEntry[]> {
    this.isOpening = true;
    await this.ensureTopic();
    await this.checkStillOurs();
    await this.transactions.init();
    const read = await this.readTopic();
    this.isOpening = false;
    this.note(read);
    return mergeOffsets(stored, read);
  }

  private async ensureTopic(): Promise<void> {
    const { settings, isTopicReady } = this.settings;
    if (isTopicReady) return;
    const { host, stopSignal } = this.services;
    await host.kafka.admins('offsets topic').use(admin => ensureOffsetsTopic(settings, admin, host.logger, stopSignal));
    this.settings.isTopicReady = true;
  }

  /** After a break: somebody with the same uuid may have taken over, and must not be fenced in turn. */
  private async checkStillOurs(): Promise<void> {
    const { committed, attempted, settings } = this.settings;
    if (committed.size === 0) return;
    const found = new Map((await this.readTopic()).map(([key, value]) => [canonicalKey(key), value]));
    // A commit without an answer may have gone through.
    const last = new Map(attempted.map(([key, value]) => [canonicalKey(key), value]));
    const changed = [...committed].find(
      ([key, [, value]]) => found.get(key) !== value && (!last.has(key) || found.get(key) !== last.get(key)),
    );
    if (changed) throw fencedBy(settings.transactionalId, `the offset of ${changed[1][0]} was changed by somebody else`);
  }

  private readTopic(): Promise<OffsetEntry[]> {
    const { spec, kafka } = this.services.host;
    return readOffsetsTopic(this.settings.settings.offsetsTopic, spec.id.connector, kafka, this.services.stopSignal);
  }

  private offsets(which: 'submitted' | 'acknowledged'): OffsetEntry[] {
    const { submitted } = this.sender;
    const offsets = which === 'submitted' ? submitted.submittedOffsets() : submitted.takeCommittable();
    return offsets.map(offset => this.services.codec.encode(offset));
  }

  private async serve(wait: boolean): Promise<void> {
    this.listener.takeDeliveries();
    if (this.sender.broken) throw this.sender.broken;
    if (this.sender.failure) throw this.sender.failure;
    if (Date.now() > this.deadlineMs || (this.isOpening && this.services.stopping))
      throw new ConnectError('TimeoutException', 'The task is stopping');
    await (wait ? this.services.host.wake.wait(SERVE_WAIT_MS) : yieldToEventLoop());
  }

  /** The task is to end: brokers get no more time than until then. */
  limit(deadlineMs: number): void {
    this.deadlineMs = Math.min(this.deadlineMs, deadlineMs);
  }

  private async onCommitted(entries: readonly OffsetEntry[]): Promise<void> {
    // All of it is acknowledged by now; what was taken with the transaction need not come again.
    this.sender.submitted.takeCommittable();
    this.sender.counts.committed();
    this.note(entries);
    for (const entry of entries) this.settings.committed.set(canonicalKey(entry[0]), entry);
    this.sender.answers.tellTask(true);
    await this.listener.onCommitted();
    if (Date.now() - this.reportedAtMs >= REPORT_EVERY_MS) this.listener.onReportDue();
  }

  private note(entries: readonly OffsetEntry[]): void {
    for (const entry of entries) this.unreported.set(canonicalKey(entry[0]), entry);
  }

  /** Committed offsets for the offset file. */
  takeUnreported(): OffsetEntry[] {
    const entries = [...this.unreported.values()];
    this.unreported = new Map();
    this.reportedAtMs = Date.now();
    return entries;
  }

  /** Ends what is open at the end of the attempt; what cannot be committed is given up. Never throws. */
  async close(): Promise<void> {
    const { transactions, sender } = this;
    if (!sender.broken && transactions.boundaries.mayEndAnywhere && (this.services.letters?.failure ?? null) === null) {
      const failure = sender.failure;
      // What was handed over before a record that has failed goes its way.
      sender.failure = null;
      await transactions
        .commit('acknowledged')
        .catch(error => this.services.host.logger.warn('The last transaction was not committed', error));
      sender.failure = failure;
    }
    this.purged = 'stays pending';
    if (!sender.broken) await transactions.abandon();
  }

  /** What has broken the client, in words for the user. */
  async explain(error: ConnectError): Promise<ConnectError> {
    const { isOverdue } = this.transactions;
    const fence = FENCES.includes(error.code) ? error : await this.fenceBehind();
    if (fence === null) return error;
    const { settings, timeoutMs } = this.settings;
    if (!isOverdue) return fencedBy(settings.transactionalId, fence.message, fence);
    // Without the cause, which would say that somebody has taken over.
    return new ConnectError(
      'TimeoutException',
      `the transaction was open for longer than transaction.timeout.ms (${timeoutMs} ms), and the brokers have aborted it: ${fence.message}`,
    );
  }

  /** A fence that meets a commit has many names; when the transaction is given up, the brokers say plainly whose it is. */
  private async fenceBehind(): Promise<ConnectError | null> {
    const deadlineMs = Date.now() + FENCE_ANSWER_MS;
    this.purged = 'stays pending';
    try {
      await this.transactions.giveUp(async () => {
        this.listener.takeDeliveries();
        if (Date.now() > deadlineMs || this.services.stopping) throw new ConnectError('TimeoutException', 'The brokers have not answered');
        await this.services.host.wake.wait(SERVE_WAIT_MS);
      });
      return null;
    } catch (thrown) {
      const answer = toError(thrown);
      return answer instanceof ConnectError && FENCES.includes(answer.code) ? answer : null;
    }
  }

  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void {
    if (error && (slot === OFFSETS_SLOT || error.code === 'TimeoutException')) this.sender.onFailure(error);
    // The brokers take no transaction without one of its records, so that tolerance cannot help.
    else if (error)
      this.sender.failure ??= new ConnectError('ConnectException', 'Unrecoverable exception from producer send callback', error);
    else if (slot !== OFFSETS_SLOT) this.sender.onDelivery(slot, undefined, partition, offset);
  }

  onPurged(slot: number): void {
    if (this.purged === 'fails') this.sender.onFailure(new ConnectError('KafkaException', 'Records were given up with their transaction'));
    else if (this.purged === 'is dropped' && slot !== OFFSETS_SLOT) {
      this.sender.counts.filtered++;
      this.sender.submitted.acknowledge(slot);
      this.sender.answers.answer(slot, null);
    }
  }

  onFailure(error: ConnectError): void {
    this.sender.onFailure(error);
  }
}

function fencedBy(transactionalId: string, reason: string, cause?: unknown): ConnectError {
  return new ConnectError(
    'ProducerFencedException',
    `Another worker has taken this task over: ${reason}. Its transactional id is ${transactionalId}. Stop one of the two workers and restart ` +
      'the task; or, if one is a copy of the other and both are wanted, give the copy its own worker.uuid (or delete its .worker-uuid file).',
    cause,
  );
}
