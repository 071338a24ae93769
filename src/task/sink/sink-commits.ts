/** Commits of what a sink task has delivered: when they are due, what they wait for, what becomes of them. */
import type { PartitionOffset, SinkTask, TopicPartition } from '../../api/sink';
import type { ConnectError } from '../../errors';
import type { GroupInlet } from '../../kafka/clients/record-inlet';
import { countCommit } from '../../metrics/counting';
import type { DeadLetters } from '../dead-letters/dead-letters';
import type { TaskHost } from '../shared/task-host';
import { yieldToEventLoop } from '../shared/wake';
import { DeliveredOffsets } from './delivered-offsets';

const COMMIT_POLL_MS = 10;

export class SinkCommits {
  readonly offsets = new DeliveredOffsets();
  /** When the next commit is due. */
  dueMs: number;
  /** Since when a commit has no answer; null if there is none under way. */
  private beganMs: number | null = null;
  private toldLate = false;
  /** Answers to commits from before the last revocation do not count: somebody else may have committed since. */
  private generation = 0;
  /** What has to be acknowledged before the offsets behind it; null if there is nothing. */
  letters: DeadLetters | null = null;

  /** @param onFlushFailed has the consumer go back to what was committed */
  constructor(
    private readonly task: SinkTask,
    private readonly consumer: Pick<GroupInlet, 'assignment' | 'commit' | 'serveCommits'>,
    private readonly host: TaskHost,
    private readonly onFlushFailed: () => void,
  ) {
    this.dueMs = Date.now() + host.flushIntervalMs;
  }

  /** True while a commit that is due waits for dead letters: then nothing more is put, or it would wait for ever. */
  get waiting(): boolean {
    return this.letters !== null && this.letters.pending > 0 && Date.now() >= this.dueMs;
  }

  /** When to look again, if something is to be committed. */
  dueInMs(nowMs: number, hasBatch: boolean): number {
    if (this.beganMs !== null) return this.toldLate ? Number.POSITIVE_INFINITY : this.beganMs + this.host.flushTimeoutMs - nowMs;
    return !this.waiting && (this.offsets.changed || hasBatch) ? this.dueMs - nowMs : Number.POSITIVE_INFINITY;
  }

  /** Starts a commit if it is due; its result comes with a later `serve` of the consumer. */
  async beginIfDue(): Promise<void> {
    if (this.beganMs !== null) this.tellLate(this.beganMs);
    if (Date.now() < this.dueMs || this.beganMs !== null || this.waiting) return;
    this.dueMs = Date.now() + this.host.flushIntervalMs;
    const startedMs = performance.now();
    const offsets = await this.committable();
    if (offsets.length === 0) return;
    this.beganMs = Date.now();
    this.toldLate = false;
    this.commit(offsets, startedMs, () => {
      this.beganMs = null;
    });
  }

  /** @param startedMs when it began, by `performance.now()` @param onAnswer called first when it has ended */
  private commit(offsets: readonly PartitionOffset[], startedMs: number, onAnswer: () => void): void {
    const { generation } = this;
    void this.consumer.commit(offsets).then(error => {
      onAnswer();
      if (generation === this.generation) this.answered(offsets, error, performance.now() - startedMs);
      else this.host.metrics.cells.add('sinkRecordOffsetCommitSkipTotal');
      this.host.metrics.changed();
    });
  }

  private tellLate(beganMs: number): void {
    if (this.toldLate || Date.now() - beganMs < this.host.flushTimeoutMs) return;
    this.toldLate = true;
    this.host.logger.warn(`Commit of offsets timed out after ${this.host.flushTimeoutMs} ms; still waiting for it.`);
  }

  /** Partitions are gone. */
  forget(partitions: readonly TopicPartition[]): void {
    this.generation++;
    this.offsets.forget(partitions);
  }

  /** Commits and waits for the answer; for revocations and the end. Nothing is committed without its dead letters. */
  async commitNow(): Promise<void> {
    const beganMs = Date.now();
    const tookMs = (): number => Date.now() - beganMs;
    const leftMs = this.host.stopDeadline.waitOf(this.host.flushTimeoutMs);
    if (this.letters && !(await this.letters.settle(leftMs))) {
      this.host.logger.warn(
        `Dead letters were not acknowledged in time (${tookMs()} ms), so no offsets are committed: records since the ` +
          'last commit will be delivered again.',
      );
      return;
    }
    const startedMs = performance.now();
    const offsets = await this.committable();
    if (offsets.length === 0) return;
    let answered = false;
    this.commit(offsets, startedMs, () => {
      answered = true;
    });
    for (await yieldToEventLoop(); !answered && leftMs() > 0; await yieldToEventLoop()) {
      await this.host.wake.wait(COMMIT_POLL_MS);
      this.consumer.serveCommits();
    }
    if (!answered) this.host.logger.warn(`Commit of offsets timed out after ${tookMs()} ms; these records will be delivered again.`);
  }

  private answered(offsets: readonly PartitionOffset[], error: ConnectError | undefined, tookMs: number): void {
    const { cells } = this.host.metrics;
    countCommit(cells, error ? null : tookMs);
    if (error) {
      this.host.logger.error(`Commit of offsets failed: ${error.message}; it will be tried again.`);
      return;
    }
    cells.add('sinkRecordOffsetCommitCompletionTotal');
    this.offsets.committed(offsets);
  }

  /** Flushes the task. When that fails, the consumer goes back to what was committed, as Java does. */
  private async committable(): Promise<readonly PartitionOffset[]> {
    const assignment = this.consumer.assignment();
    const offsets = this.offsets.uncommitted(assignment);
    if (offsets.length === 0) return [];
    this.host.metrics.cells.add('sinkRecordOffsetCommitSeqNum');
    try {
      // Java allows null for "none".
      if (this.task.preCommit) return this.offsets.allowed((await this.task.preCommit(offsets)) ?? [], assignment, this.host.logger);
      await this.task.flush?.(offsets);
      return this.offsets.changes(offsets);
    } catch (error) {
      this.host.logger.error('Offset commit failed, rewinding to last committed offsets', error);
      countCommit(this.host.metrics.cells, null);
      this.onFlushFailed();
      return [];
    }
  }
}
