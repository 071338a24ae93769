/**
 * The transactions of an exactly-once source task: records and the offsets behind them are committed together, or not at all. What goes
 * wrong breaks the run; the next one begins where the last committed transaction has ended.
 */
import { ConnectError } from '../../../errors';
import { writeOffsets } from '../../../kafka/admin/offsets-topic';
import type { OutletTransactions } from '../../../kafka/clients/record-outlet';
import { countCommit } from '../../../metrics/counting';
import type { OffsetEntry } from '../../../thread/messages';
import { yieldToEventLoop } from '../../shared/wake';
import type { Ending } from '../delivery';
import { postOffsets, tellTaskOfCommit } from '../source-reports';
import type { SourceRun } from '../source-run';
import type { CommittedOffsets } from './committed-offsets';
import type { TransactionBoundaries } from './transaction-boundaries';

const SERVE_WAIT_MS = 5;

/** What is done with the offsets of a transaction; `CommittedOffsets`, or what stands for it in tests. */
export type TransactionOffsets = Pick<CommittedOffsets, 'topic' | 'behind' | 'add' | 'isReportDue'>;

export class SourceTransactions {
  /** What becomes of a record that is given up with its transaction. */
  purged: 'fails' | 'is dropped' | 'stays pending' = 'fails';
  private opened: { readonly sinceMs: number; readonly bytes: number; readonly records: number } | null = null;
  /** A commit may be wanted at two places; the second waits for the first. */
  private ending: Promise<void> = Promise.resolve();
  /** How long brokers are waited for. */
  private leftMs: () => number;

  /** @param timeoutMs `transaction.timeout.ms` */
  constructor(
    private readonly run: SourceRun,
    private readonly calls: OutletTransactions,
    private readonly boundaries: TransactionBoundaries,
    private readonly offsets: TransactionOffsets,
    private readonly timeoutMs: number,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.leftMs = run.services.host.stopDeadline.waitOf(Number.POSITIVE_INFINITY);
  }

  /** The run ends: brokers get no more time than this. */
  limit(leftMs: () => number): void {
    this.leftMs = leftMs;
  }

  /** Fences whoever has the same transactional id, and aborts what it has left open. */
  init(): Promise<void> {
    return this.calls.init(async () => {
      if (this.run.services.stopping) throw stoppingError();
      await this.serve(true);
    });
  }

  get isOpen(): boolean {
    return this.opened !== null;
  }

  /** True if the brokers have aborted the transaction by now, since it was open for too long. */
  get isOverdue(): boolean {
    return this.opened !== null && this.nowMs() - this.opened.sinceMs >= this.timeoutMs;
  }

  /** Called before records are handed over. @throws ConnectError when the producer has failed */
  begin(): void {
    if (this.opened) return;
    this.calls.begin();
    const { bytes, records } = this.run;
    this.opened = { sinceMs: this.nowMs(), bytes, records };
  }

  /** How long the next poll may take before `commit`, in ms; undefined if it does not matter. */
  patienceMs(): number | undefined {
    return this.opened ? this.boundaries.patienceMs(this.size(this.opened), this.nowMs()) : undefined;
  }

  /** Called when whole batches were handed over: ends the transaction if it is time. */
  async endIfDue(ending: Ending): Promise<void> {
    if (!this.opened) return;
    if (ending === 'abort') await this.abort();
    else if (ending === 'commit' || this.boundaries.isFull(this.size(this.opened), this.nowMs())) await this.commit('submitted');
  }

  private size({ sinceMs, bytes }: { readonly sinceMs: number; readonly bytes: number }) {
    return { sinceMs, bytes: this.run.bytes - bytes };
  }

  /** Commits what was handed over, with the offsets behind it: behind all of it, or only behind what is acknowledged without a gap. */
  commit(which: 'submitted' | 'acknowledged'): Promise<void> {
    this.ending = this.ending.then(() => this.commitNow(which));
    return this.ending;
  }

  private async commitNow(which: 'submitted' | 'acknowledged'): Promise<void> {
    if (!this.opened) return;
    const { letters, host } = this.run.services;
    // An offset behind a dead letter that is not safe would lose the record.
    if (letters && !(await letters.settle(host.stopDeadline.waitOf(host.flushTimeoutMs))))
      throw new ConnectError('ConnectException', 'Dead letters were not written in time');
    await this.sendAndCommit(this.offsets.behind(this.run.submitted, which));
  }

  private async sendAndCommit(entries: readonly OffsetEntry[]): Promise<void> {
    const { outlet } = this.run;
    const beganMs = performance.now();
    await writeOffsets(outlet, this.offsets.topic, entries, () => this.serve(true));
    await yieldToEventLoop();
    while (outlet.inFlight > 0) await this.serve(true);
    await this.calls.commit(() => this.serve(false));
    this.count(performance.now() - beganMs);
    this.opened = null;
    await this.noteCommitted(entries);
  }

  /** A transaction is committed; in Java's counts that is a commit of offsets. */
  private count(tookMs: number): void {
    const { metrics } = this.run.services.host;
    const records = this.run.records - (this.opened?.records ?? this.run.records);
    metrics.cells.add('transactions');
    metrics.cells.add('transactionRecords', records);
    metrics.cells.note('transactionSizeMin', records);
    metrics.cells.note('transactionSizeMax', records);
    countCommit(metrics.cells, tookMs);
    metrics.changed();
  }

  private async noteCommitted(entries: readonly OffsetEntry[]): Promise<void> {
    const { run, offsets } = this;
    // All of it is acknowledged by now; what was taken with the transaction need not come again.
    run.submitted.takeCommittable();
    run.counts.committed();
    offsets.add(entries);
    run.acks.tellTask(true);
    await tellTaskOfCommit(run);
    if (offsets.isReportDue) postOffsets(run, true);
  }

  /** Serves deliveries. @param wait true to wait a little for more @throws what has broken the run, or that the time is up */
  private async serve(wait: boolean): Promise<void> {
    const { run } = this;
    run.takeDeliveries();
    if (run.broken) throw run.broken;
    if (run.failure) throw run.failure;
    if (this.leftMs() <= 0) throw stoppingError();
    await (wait ? run.services.host.wake.wait(SERVE_WAIT_MS) : yieldToEventLoop());
  }

  /** Commits offsets for which there are no records, with those that are open. */
  async commitOffsets(): Promise<void> {
    if (!this.boundaries.mayEndAnywhere) return;
    this.begin();
    await this.commit('submitted');
  }

  /** Gives up what was handed over, as the task wants it. Its offsets are committed all the same, in a transaction of their own. */
  private async abort(): Promise<void> {
    const entries = this.offsets.behind(this.run.submitted, 'submitted');
    this.purged = 'is dropped';
    try {
      await this.calls.abort(() => this.serve(true));
      await this.serve(true);
    } finally {
      this.purged = 'fails';
    }
    this.opened = null;
    this.run.counts.givenUp();
    if (entries.length === 0) return;
    this.begin();
    await this.sendAndCommit(entries);
  }

  /** Gives up what is open, so that readers need not wait for its timeout. Never throws. */
  async abandon(): Promise<void> {
    if (!this.opened) return;
    this.purged = 'is dropped';
    await this.giveUp(() => this.serve(true)).catch(() => undefined);
    this.opened = null;
  }

  /** Has the brokers abort what is open, after an error too. @param between runs while they are waited for @throws what they answer */
  async giveUp(between: () => Promise<void>): Promise<void> {
    if (this.opened) await this.calls.abort(between);
  }
}

const stoppingError = (): ConnectError => new ConnectError('TimeoutException', 'The task is stopping');
