/** How far a source task is, over all its runs. */
import type { PendingPlace } from '../../metrics/task-counters';
import type { TaskHost } from '../shared/task-host';
import { addTotals, NO_TOTALS, type SourceTotals } from './source-counts';

/** What is counted of a run. */
export interface CountedRun {
  /** Records and bytes handed over so far. */
  readonly records: number;
  readonly bytes: number;
  readonly counts: {
    /** Records without an answer. */
    readonly active: number;
    /** What became of its records; those that have no answer are pending. */
    totals(): SourceTotals;
    /** The same less what has no answer, which another run will read once more. */
    answered(): SourceTotals;
  };
  /** The record that has waited longest; null where none waits. */
  oldest(): (PendingPlace & { readonly sinceMs: number }) | null;
}

export class SourceProgress {
  /** Null before the first run, and while the task waits for the next one. */
  private run: CountedRun | null = null;
  /** Of earlier runs. */
  private earlier = { records: 0, bytes: 0, totals: NO_TOTALS };
  private drained = false;

  constructor(private readonly host: TaskHost) {
    host.metrics.look = () => this.look();
  }

  /** Brings the levels up to date, and what is a sum over runs. */
  private look(): PendingPlace | null {
    const { run, earlier } = this;
    const { errors, metrics } = this.host;
    const { cells } = metrics;
    const { read, acknowledged, filtered, written, pending } = addTotals(earlier.totals, run?.counts.totals() ?? NO_TOTALS);
    cells.set('recordsRead', read);
    cells.set('recordsAcknowledged', acknowledged);
    cells.set('recordsFiltered', filtered);
    cells.set('recordsDeadLettered', errors.deadLettered);
    cells.set('recordsSkipped', errors.skipped);
    cells.set('recordsPending', pending + errors.reporting);
    cells.set('recordsMoved', earlier.records + (run?.records ?? 0));
    cells.set('bytesMoved', earlier.bytes + (run?.bytes ?? 0));
    cells.set('sourceRecordWriteTotal', written);
    cells.set('sourceRecordActiveCount', run?.counts.active ?? 0);
    const oldest = run?.oldest() ?? null;
    cells.set('oldestPendingSince', oldest?.sinceMs ?? 0);
    return oldest && { topic: oldest.topic, partition: oldest.partition };
  }

  begin(run: CountedRun): void {
    this.run = run;
  }

  /** Another run follows, which will read again what this one has had no answer for. */
  leave(run: CountedRun): void {
    const { records, bytes, totals } = this.earlier;
    this.earlier = { records: records + run.records, bytes: bytes + run.bytes, totals: addTotals(totals, run.counts.answered()) };
    this.run = null;
  }

  /** A count has changed. */
  changed(): void {
    this.host.metrics.changed();
  }

  /** Counts bytes that the task could not read; null for an unknown number. */
  countUnread(bytes: number | null): void {
    const { cells } = this.host.metrics;
    if (bytes === null) cells.add('unreadUnknown');
    else cells.add('unreadBytes', bytes);
    this.changed();
  }

  /** @param busy true if records went out @param drained true if there is nothing to do for now */
  turned(busy: boolean, drained: boolean): void {
    if (busy) this.changed();
    if (!this.host.spec.draining || drained === this.drained) return;
    this.drained = drained;
    this.host.metrics.flush();
    this.host.post({ type: 'drained', drained });
  }

  /** The last word, and a line in the log. */
  close(): Promise<void> {
    return this.host.metrics.close();
  }
}
