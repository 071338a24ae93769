/**
 * What has become of the records of a task, as REST, the log and `--drain` show it: a view of the metrics that it has reported. Every
 * record that was read is in exactly one of the other counts.
 */
import { CELL_OF, NO_CELLS } from './cells';
import type { PluginReport } from './plugin-metrics';
import type { CountedMetric } from './task-catalogue';

/** Where a record is to go, or for sinks where it comes from. */
export interface PendingPlace {
  /** Null where it has not come that far yet. */
  readonly topic: string | null;
  /** Null where only the Kafka client knows. */
  readonly partition: number | null;
}

/** The record that has waited longest for its acknowledgement. */
export interface OldestPending extends PendingPlace {
  /** Since when it is under way, in epoch milliseconds. */
  readonly sinceMs: number;
}

/** What a task reports of itself. */
export interface TaskReport {
  /** As `Cells.take` gives them. */
  readonly cells: Float64Array;
  /** Of the record that has waited longest; null where none waits. */
  readonly oldest: PendingPlace | null;
  /** Metrics that the plugin has registered itself; null where there are none. */
  readonly plugin: PluginReport | null;
}

/** Counts since this run of the task began; a restarted task begins with 0. */
export interface TaskCounters {
  /** Sources: records polled. Sinks: messages fetched, less those that were given back to be fetched again. */
  readonly read: number;
  /** Sources: delivered to Kafka. Sinks: put, and not reported as bad since. */
  readonly acknowledged: number;
  /** Dropped by a transformation. */
  readonly filtered: number;
  /** Failed and tolerated, and safe in a dead letter topic or file. */
  readonly deadLettered: number;
  /** Failed and tolerated, and left out without a dead letter. */
  readonly skipped: number;
  /** Under way. At the end of a run: read again by the next one. */
  readonly pending: number;
  /** The pending record that has waited longest for brokers, or for the sink; absent if none waits. */
  readonly oldestPending?: OldestPending;
  /** Sources: what could not be read; absent if everything could. */
  readonly unread?: UnreadBytes;
}

/** Data that was gone before a source could read it. Not part of the other counts, which count records. */
export interface UnreadBytes {
  /** Bytes whose number is known. */
  readonly bytes: number;
  /** How often something was lost whose size is not known. */
  readonly unknown: number;
}

/**
 * The counters of a task.
 * @param cells as they were reported @param oldest where the record is that has waited longest, if one waits
 */
export function countersOf(cells: Readonly<Float64Array>, oldest: PendingPlace | null): TaskCounters {
  const cell = (name: CountedMetric): number => cells[CELL_OF[name]] as number;
  const [bytes, unknown] = [cell('unreadBytes'), cell('unreadUnknown')];
  return {
    read: cell('recordsRead'),
    acknowledged: cell('recordsAcknowledged'),
    filtered: cell('recordsFiltered'),
    deadLettered: cell('recordsDeadLettered'),
    skipped: cell('recordsSkipped'),
    pending: cell('recordsPending'),
    ...(oldest && { oldestPending: { ...oldest, sinceMs: cell('oldestPendingSince') } }),
    ...(bytes + unknown > 0 && { unread: { bytes, unknown } }),
  };
}

/** Counters of a task that has read nothing. */
export const NO_COUNTS: TaskCounters = countersOf(NO_CELLS, null);

/** Records that were read and are in none of the counts; negative if some are in two. 0 unless there is a bug. */
export function missingRecords({ read, acknowledged, filtered, deadLettered, skipped, pending }: TaskCounters): number {
  return read - (acknowledged + filtered + deadLettered + skipped + pending);
}

/**
 * `Task src-0: read 3 = acknowledged 1 + filtered 1 + dead-lettered 0 + skipped 0 + pending 1`; `≠` where it does not balance. Where a
 * record waits, it goes on with `, the oldest of topic t partition 0 for 12 s`; where a source could not read all, with
 * `; NOT READ: 12 bytes, and 1 times an unknown number`.
 * @param nowMs epoch milliseconds
 */
export function formatCounters(task: string, counters: TaskCounters, nowMs: number): string {
  const { read, acknowledged, filtered, deadLettered, skipped, pending, oldestPending, unread } = counters;
  const sign = missingRecords(counters) === 0 ? '=' : '≠';
  return (
    `Task ${task}: read ${read} ${sign} acknowledged ${acknowledged} + filtered ${filtered} + ` +
    `dead-lettered ${deadLettered} + skipped ${skipped} + pending ${pending}${oldestPending ? describeOldest(oldestPending, nowMs) : ''}` +
    (unread ? `; NOT READ: ${unread.bytes} bytes${unread.unknown > 0 ? `, and ${unread.unknown} times an unknown number` : ''}` : '')
  );
}

function describeOldest({ topic, partition, sinceMs }: OldestPending, nowMs: number): string {
  const place = topic === null ? '' : ` of topic ${topic}${partition === null ? '' : ` partition ${partition}`}`;
  return `, the oldest${place} for ${Math.round(ageMs(sinceMs, nowMs) / 1000)} s`;
}

/** How long ago that was, in ms; 0 if the clock was set back since. */
export function ageMs(sinceMs: number, nowMs: number): number {
  return Math.max(0, nowMs - sinceMs);
}
