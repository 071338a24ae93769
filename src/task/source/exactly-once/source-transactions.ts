/**
 * The transactions of an exactly-once source task: records and the offsets behind them are committed together, or not at all. What goes
 * wrong breaks the client; the next attempt begins where the last committed transaction has ended.
 */
import { ConnectError } from '../../../errors';
import { writeOffsets } from '../../../kafka/admin/offsets-topic';
import type { OutletTransactions, RecordOutlet } from '../../../kafka/clients/record-outlet';
import type { OffsetEntry } from '../../../thread/messages';
import { yieldToEventLoop } from '../../shared/wake';
import type { Ending, TransactionBoundaries } from './transaction-boundaries';

/** What a transaction needs of the attempt around it. */
export interface TransactionHost {
  /** Bytes handed over so far. */
  bytes(): number;
  /** The offsets behind all that was submitted, or only behind what is acknowledged without a gap. */
  offsets(which: 'submitted' | 'acknowledged'): readonly OffsetEntry[];
  /** Waits until dead letters are safe. @returns false if they are not */
  settleLetters(): Promise<boolean>;
  /** Serves deliveries. @param wait true to wait a little for more @throws what has broken the client, or that the time is up */
  serve(wait: boolean): Promise<void>;
  /** The transaction is through, with these offsets. */
  onCommitted(entries: readonly OffsetEntry[]): Promise<void>;
  /** The transaction was given up because the task wants it so. */
  onGivenUp(): void;
  /** What is purged from now on until `false` is meant to be. */
  setAborting(aborting: boolean): void;
}

export class SourceTransactions {
  private opened: { readonly sinceMs: number; readonly bytes: number } | null = null;
  /** A commit may be wanted at two places; the second waits for the first. */
  private ending: Promise<void> = Promise.resolve();

  constructor(
    private readonly calls: OutletTransactions,
    private readonly producer: Pick<RecordOutlet, 'sendRecords' | 'inFlight'>,
    readonly boundaries: TransactionBoundaries,
    private readonly topic: string,
    private readonly timeoutMs: number,
    private readonly host: TransactionHost,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Fences whoever has the same transactional id, and aborts what it has left open. */
  init(): Promise<void> {
    return this.calls.init(() => this.host.serve(true));
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
    this.opened = { sinceMs: this.nowMs(), bytes: this.host.bytes() };
  }

  /** How long the next poll may take before `end`, in ms; undefined if it does not matter. */
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
    return { sinceMs, bytes: this.host.bytes() - bytes };
  }

  /** Commits what was handed over, with the offsets behind it. */
  commit(which: 'submitted' | 'acknowledged'): Promise<void> {
    this.ending = this.ending.then(() => this.commitNow(which));
    return this.ending;
  }

  private async commitNow(which: 'submitted' | 'acknowledged'): Promise<void> {
    if (!this.opened) return;
    // An offset behind a dead letter that is not safe would lose the record.
    if (!(await this.host.settleLetters())) throw new ConnectError('ConnectException', 'Dead letters were not written in time');
    const entries = this.host.offsets(which);
    await this.sendAndCommit(entries);
  }

  private async sendAndCommit(entries: readonly OffsetEntry[]): Promise<void> {
    await writeOffsets(this.producer, this.topic, entries, () => this.host.serve(true));
    await yieldToEventLoop();
    while (this.producer.inFlight > 0) await this.host.serve(true);
    await this.calls.commit(() => this.host.serve(false));
    this.opened = null;
    await this.host.onCommitted(entries);
  }

  /** Commits offsets for which there are no records, with those that are open. */
  async commitOffsets(): Promise<void> {
    if (!this.boundaries.mayEndAnywhere) return;
    this.begin();
    await this.commit('submitted');
  }

  /** Gives up what was handed over, as the task wants it. Its offsets are committed all the same, in a transaction of their own. */
  private async abort(): Promise<void> {
    const entries = this.host.offsets('submitted');
    this.host.setAborting(true);
    try {
      await this.calls.abort(() => this.host.serve(true));
      await this.host.serve(true);
    } finally {
      this.host.setAborting(false);
    }
    this.opened = null;
    this.host.onGivenUp();
    if (entries.length === 0) return;
    this.begin();
    await this.sendAndCommit(entries);
  }

  /** Gives up what is open, so that readers need not wait for its timeout. Never throws. */
  async abandon(): Promise<void> {
    if (!this.opened) return;
    this.host.setAborting(true);
    await this.giveUp(() => this.host.serve(true)).catch(() => undefined);
    this.opened = null;
  }

  /** Has the brokers abort what is open, after an error too. @param between runs while they are waited for @throws what they answer */
  async giveUp(between: () => Promise<void>): Promise<void> {
    if (this.opened) await this.calls.abort(between);
  }
}
