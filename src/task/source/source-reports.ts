/** Tells the main thread which offsets of an attempt may be kept, and the task when they are. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceTask } from '../../api/source';
import type { OffsetEntry } from '../../thread/messages';
import type { SourceServices } from './source-services';
import type { SubmittedRecords } from './submitted-records';

const LAST_COMMIT_MS = 100;

/** What reports need of the attempt. */
export interface ReportHost {
  takeDeliveries(): void;
  /** Offsets were reported. */
  onReported(entries: readonly OffsetEntry[]): void;
}

export class SourceReports {
  /** True while a report waits for dead letters: nothing more is read, or it would wait for ever. */
  isSettling = false;
  private saved: ((error: Error | null) => void) | null = null;

  /** @param takeCommitted offsets that are committed to their topic already; null where acknowledged ones are to be kept */
  constructor(
    private readonly services: SourceServices,
    private readonly task: SourceTask,
    private readonly submitted: SubmittedRecords,
    private readonly takeCommitted: (() => OffsetEntry[]) | null,
    private readonly host: ReportHost,
  ) {}

  /** Posts what may be kept, as soon as no dead letter stands before it. @param unasked true without a question of the main thread */
  report(unasked = false): void {
    if (this.services.letters?.pending) void this.reportSettled(unasked);
    else this.post(unasked);
  }

  private async reportSettled(unasked: boolean): Promise<void> {
    this.isSettling = true;
    const { stopDeadline, flushTimeoutMs } = this.services.host;
    await this.services.letters?.settle(stopDeadline.waitOf(flushTimeoutMs));
    this.isSettling = false;
    this.post(unasked);
  }

  /** Posts what may be kept. @param final true without a question */
  post(final: boolean): void {
    this.host.takeDeliveries();
    const { submitted } = this;
    const entries = this.takeCommitted?.() ?? this.takeAcknowledged();
    this.host.onReported(entries);
    const acknowledged = submitted.takeAcknowledged();
    this.services.host.post({ type: 'offsets', entries, acknowledged, pending: submitted.pending, final });
  }

  /** Offsets behind a dead letter that is not safe are kept back: the record is to come again. */
  private takeAcknowledged(): OffsetEntry[] {
    const { letters, codec } = this.services;
    const isSafe = !letters || (letters.pending === 0 && !letters.failure);
    return isSafe ? this.submitted.takeCommittable().map(offset => codec.encode(offset)) : [];
  }

  /** Offsets of the last report are safe, or go into the next one. */
  async onSaved(error: Error | null): Promise<void> {
    this.saved?.(error);
    if (this.takeCommitted) return;
    if (error) this.submitted.giveBack();
    else await this.tellTask();
  }

  /** Tells the task that offsets are safe. */
  async tellTask(): Promise<void> {
    try {
      await this.task.commit?.();
    } catch (thrown) {
      this.services.host.logger.error('Exception thrown while calling task.commit()', thrown);
    }
  }

  /**
   * Posts what may be kept, without a question.
   * @param timeoutMs how long to wait at most until it is safe, less if the task is to stop: before the first record, so that a kill right
   *   behind that one does not lose the place where the task began
   */
  async keep(timeoutMs: number): Promise<void> {
    const answered = new Promise<Error | null>(resolve => {
      this.saved = resolve;
    });
    this.report(true);
    await Promise.race([answered, sleep(timeoutMs, null, { signal: this.services.stopSignal }).catch(() => null)]);
    this.saved = null;
  }

  /** The last report, before the task is stopped; the task hears of it if that does not take too long. */
  async reportLast(leftMs: number): Promise<void> {
    const answered = new Promise<Error | null>(resolve => {
      this.saved = resolve;
    });
    this.post(true);
    await Promise.race([answered, sleep(Math.max(LAST_COMMIT_MS, leftMs))]);
    this.saved = null;
  }
}
