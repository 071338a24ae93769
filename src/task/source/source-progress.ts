/** How far a source task is, over all its runs: told to the main thread, and looked at for records that are in none of the counts. */
import type { TaskCounters } from '../../thread/task-counters';
import { ProgressReporter } from '../shared/progress-reporter';
import { TaskBalance } from '../shared/task-balance';
import type { TaskHost } from '../shared/task-host';
import type { AnsweredCounts } from './source-counts';

/** What is counted of a run. */
export interface CountedRun {
  /** Records and bytes handed over so far. */
  readonly records: number;
  readonly bytes: number;
  /** The counts less what has no answer. */
  readonly counts: { answered(): AnsweredCounts };
  /** What has become of its records. */
  counters(): TaskCounters;
}

export class SourceProgress {
  private readonly reporter: ProgressReporter;
  private readonly balance: TaskBalance;
  /** Null before the first run, and while the task waits for the next one. */
  private run: CountedRun | null = null;
  /** Records and bytes of earlier runs, and what became of them. */
  private earlier = { records: 0, bytes: 0 };
  private answered: AnsweredCounts = { read: 0, acknowledged: 0, filtered: 0 };
  /** What sources had to leave unread: bytes, and how often their number is not known. */
  private readonly unread = { bytes: 0, unknown: 0 };
  private drained = false;

  constructor(private readonly host: TaskHost) {
    this.reporter = new ProgressReporter(() => {
      host.post({
        type: 'progress',
        records: this.earlier.records + (this.run?.records ?? 0),
        bytes: this.earlier.bytes + (this.run?.bytes ?? 0),
        counters: this.counters(),
      });
      this.balance.check();
    });
    this.balance = new TaskBalance(host.spec.id, host.logger, () => this.counters());
  }

  private counters(): TaskCounters {
    const { read, acknowledged, filtered } = this.answered;
    const { deadLettered, skipped, reporting } = this.host.errors;
    const now = this.run?.counters() ?? { read: 0, acknowledged: 0, filtered: 0, deadLettered, skipped, pending: reporting };
    const counters = { ...now, read: read + now.read, acknowledged: acknowledged + now.acknowledged, filtered: filtered + now.filtered };
    return this.unread.bytes + this.unread.unknown > 0 ? { ...counters, unread: { ...this.unread } } : counters;
  }

  begin(run: CountedRun): void {
    this.run = run;
  }

  /** Another run follows, which will read again what this one has had no answer for. */
  leave(run: CountedRun): void {
    this.earlier = { records: this.earlier.records + run.records, bytes: this.earlier.bytes + run.bytes };
    const { read, acknowledged, filtered } = run.counts.answered();
    const before = this.answered;
    this.answered = { read: before.read + read, acknowledged: before.acknowledged + acknowledged, filtered: before.filtered + filtered };
    this.run = null;
  }

  /** A count has changed. */
  changed(): void {
    this.reporter.changed();
  }

  /** Counts bytes that the task could not read; null for an unknown number. */
  countUnread(bytes: number | null): void {
    if (bytes === null) this.unread.unknown++;
    else this.unread.bytes += bytes;
    this.changed();
  }

  /** @param busy true if records went out @param drained true if there is nothing to do for now */
  turned(busy: boolean, drained: boolean): void {
    if (busy) this.changed();
    if (!this.host.spec.draining || drained === this.drained) return;
    this.drained = drained;
    this.reporter.flush();
    this.host.post({ type: 'drained', drained });
  }

  /** The last word, and a line in the log. */
  async close(): Promise<void> {
    await this.balance.close();
    this.reporter.flush();
  }
}
