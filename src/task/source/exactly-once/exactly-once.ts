/** Exactly once: records and the offsets behind them go out in transactions, which end where the boundaries say. */
import type { SourceBatch } from '../../../api/source';
import { ConnectError, type ErrorCode, toError } from '../../../errors';
import { OFFSETS_SLOT } from '../../../kafka/admin/offsets-topic';
import type { OffsetEntry } from '../../../thread/messages';
import { endsWithin } from '../../../waiting';
import type { BatchPart, Beginning, Delivery } from '../delivery';
import type { SourceRun } from '../source-run';
import type { ExactlyOnceServices } from '../source-services';
import { CommittedOffsets } from './committed-offsets';
import { fencedBy, isFence } from './fences';
import { SourceTransactions } from './source-transactions';
import { TransactionBoundaries } from './transaction-boundaries';

/** Errors that the next client would have again. */
const FAULTS_OF_TASKS: readonly ErrorCode[] = ['DataException', 'RecordTooLargeException', 'ConnectException', 'ConfigException'];
const LOOK_MS = 5;
/** How long the brokers get to say whether somebody has taken over. */
const FENCE_ANSWER_MS = 3000;

export class ExactlyOnce implements Delivery {
  private readonly offsets: CommittedOffsets;
  private readonly boundaries: TransactionBoundaries;
  private readonly transactions: SourceTransactions;

  constructor(
    private readonly run: SourceRun,
    private readonly services: ExactlyOnceServices,
  ) {
    const { settings, timeoutMs } = services;
    this.offsets = new CommittedOffsets(run.services, services);
    this.boundaries = new TransactionBoundaries(settings.boundary, timeoutMs);
    this.transactions = new SourceTransactions(run, run.outlet.transactions(), this.boundaries, this.offsets, timeoutMs);
    run.acks.waitForCommits = true;
    run.counts.committed();
  }

  get isOpen(): boolean {
    return this.transactions.isOpen;
  }

  /** Takes the task over from whoever ran it before. */
  async open(): Promise<Beginning | null> {
    const offsets = await this.orBreak(async () => {
      await this.offsets.ensureTopic();
      await this.offsets.checkStillOurs();
      await this.transactions.init();
      return this.offsets.readOver([...this.run.services.offsets.values()]);
    });
    return offsets && { offsets, transactionContext: this.boundaries.context };
  }

  /** Does something with transactions; an error breaks the run, unless the task is to fail for it. @returns null after an error */
  private async orBreak<T>(act: () => T | Promise<T>): Promise<T | null> {
    const { run } = this;
    try {
      return await act();
    } catch (error) {
      if (run.services.stopping) return null;
      if (!(error instanceof ConnectError) || FAULTS_OF_TASKS.includes(error.code)) throw error;
      run.breakOff(error);
      run.interruptPoll();
      return null;
    }
  }

  partsOf(batch: SourceBatch): readonly BatchPart[] {
    return this.boundaries.partsOf(batch);
  }

  async before(): Promise<boolean> {
    await this.orBreak(() => this.transactions.begin());
    return !this.run.interrupted();
  }

  async after({ ending, endsBatch }: BatchPart): Promise<void> {
    if (ending) await this.orBreak(() => this.transactions.endIfDue(ending));
    if (endsBatch) await this.orBreak(() => this.transactions.endIfDue(this.boundaries.takeBatchEnding()));
  }

  /** The transaction is committed if the task has nothing for a while. */
  async idle(until: Promise<unknown> | null): Promise<void> {
    if (!until) {
      if (this.boundaries.mayEndAnywhere) await this.commit();
      return;
    }
    const patienceMs = this.transactions.patienceMs();
    if (patienceMs === undefined) return;
    const settled = until.catch(() => {});
    if (!(await endsWithin(patienceMs, settled))) await this.commit();
  }

  private async commit(): Promise<void> {
    await this.orBreak(() => this.transactions.commit('submitted'));
  }

  async keepPlaces(): Promise<void> {
    await this.orBreak(() => this.transactions.commitOffsets());
  }

  takeOffsets(): OffsetEntry[] {
    return this.offsets.takeUnreported();
  }

  /** The offset file is a copy, which nothing depends on. */
  async onSaved(): Promise<void> {}

  async explain(broken: ConnectError): Promise<ConnectError> {
    const { isOverdue } = this.transactions;
    const fence = isFence(broken) ? broken : await this.fenceBehind();
    if (fence === null) return broken;
    const { settings, timeoutMs } = this.services;
    if (!isOverdue) return fencedBy(settings.transactionalId, fence.message, fence);
    // Without the cause, which would say that somebody has taken over.
    return new ConnectError(
      'TimeoutException',
      `the transaction was open for longer than transaction.timeout.ms (${timeoutMs} ms), and the brokers have aborted it: ${fence.message}`,
    );
  }

  /** A fence that meets a commit has many names; when the transaction is given up, the brokers say plainly whose it is. */
  private async fenceBehind(): Promise<ConnectError | null> {
    const { run, transactions } = this;
    const { host } = run.services;
    const deadlineMs = Date.now() + FENCE_ANSWER_MS;
    transactions.purged = 'stays pending';
    try {
      await transactions.giveUp(async () => {
        run.takeDeliveries();
        if (Date.now() > deadlineMs || run.services.stopping) throw new ConnectError('TimeoutException', 'The brokers have not answered');
        await host.wake.wait(LOOK_MS);
      });
      return null;
    } catch (thrown) {
      const answer = toError(thrown);
      return answer instanceof ConnectError && isFence(answer) ? answer : null;
    }
  }

  /** What cannot be committed is given up. */
  async stop(leftMs: () => number): Promise<void> {
    const { run, transactions } = this;
    const { letters, host } = run.services;
    transactions.limit(leftMs);
    if (!run.broken && this.boundaries.mayEndAnywhere && (letters?.failure ?? null) === null) {
      const { failure } = run;
      // What was handed over before a record that has failed goes its way.
      run.failure = null;
      await transactions.commit('acknowledged').catch(error => host.logger.warn('The last transaction was not committed', error));
      run.failure = failure;
    }
    transactions.purged = 'stays pending';
    if (!run.broken) await transactions.abandon();
  }

  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void {
    if (error) this.onRefused(slot, error);
    else if (slot !== OFFSETS_SLOT) this.run.acknowledged(slot, partition, offset);
  }

  private onRefused(slot: number, error: ConnectError): void {
    if (slot === OFFSETS_SLOT || error.code === 'TimeoutException') this.run.breakOff(error);
    // The brokers take no transaction without one of its records, so that tolerance cannot help.
    else this.run.fail(new ConnectError('ConnectException', 'Unrecoverable exception from producer send callback', error));
  }

  onPurged(slot: number): void {
    const { run, transactions } = this;
    if (transactions.purged === 'fails') run.breakOff(new ConnectError('KafkaException', 'Records were given up with their transaction'));
    else if (transactions.purged === 'is dropped' && slot !== OFFSETS_SLOT) {
      run.counts.filtered++;
      run.submitted.acknowledge(slot);
      run.acks.leftOut(slot);
    }
  }

  onFailure(error: ConnectError): void {
    this.run.breakOff(error);
  }
}
