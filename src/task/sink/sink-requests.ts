/** What a sink task asks for through its context, kept until the loop does it. */

import { toDelayMs } from '../../api/config-types';
import type { ErrantRecordReporter, PartitionOffset, SinkTaskContext, TopicPartition } from '../../api/sink';
import { ConnectError } from '../../errors';
import type { RecordInlet } from '../../kafka/clients/record-inlet';
import { formatTaskId } from '../../thread/messages';
import type { TaskHost } from '../shared/task-host';

type Consumer = Pick<RecordInlet, 'assignment' | 'pause' | 'resume'>;

const isSame = (p: TopicPartition, q: TopicPartition): boolean => p.topic === q.topic && p.partition === q.partition;

export class SinkRequests {
  private rewinds: PartitionOffset[] = [];
  private paused: TopicPartition[] = [];
  private timeoutMs: number | null = null;
  /** True while all partitions are paused, which a task does not undo. */
  allPaused = false;

  /**
   * @param requestCommit has the next round commit
   * @param wakeUp has the next round come now: a task may also ask while nothing of it is called
   */
  constructor(
    private readonly consumer: Consumer,
    private readonly requestCommit: () => void,
    private readonly wakeUp: () => void,
  ) {}

  /** What the task gets to ask with. */
  context(
    { spec, metrics, pluginLogger }: Pick<TaskHost, 'spec' | 'metrics' | 'pluginLogger'>,
    errantRecordReporter: ErrantRecordReporter | null,
  ): SinkTaskContext {
    return {
      props: spec.taskProps,
      taskId: formatTaskId(spec.id),
      logger: pluginLogger,
      metrics: metrics.openPlugin(),
      assignment: () => this.consumer.assignment(),
      offset: (partition, offset) => this.rewind(partition, offset),
      timeout: timeoutMs => {
        this.timeoutMs = timeoutMs;
      },
      pause: (...partitions) => {
        this.checkMayChange('pause', partitions);
        this.paused.push(...partitions);
        this.consumer.pause(partitions);
      },
      resume: (...partitions) => {
        this.checkMayChange('resume', partitions);
        this.paused = this.paused.filter(p => !partitions.some(q => isSame(p, q)));
        if (!this.allPaused) this.consumer.resume(partitions);
      },
      requestCommit: () => {
        this.requestCommit();
        this.wakeUp();
      },
      errantRecordReporter,
    };
  }

  /** Below 0 are special offsets of librdkafka, the end of a partition among them. */
  private rewind({ topic, partition }: TopicPartition, offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new ConnectError('IllegalArgumentException', `seek offset must be a whole number that is not negative: ${offset}`);
    this.rewinds.push({ topic, partition, offset });
    this.wakeUp();
  }

  /** True if the task wants to go on from other offsets. */
  get wantsRewind(): boolean {
    return this.rewinds.length > 0;
  }

  /** The offsets to go on from. @throws IllegalStateException for a partition that this task has not, as in Java */
  takeRewinds(): readonly PartitionOffset[] {
    const rewinds = this.rewinds.splice(0);
    const foreign = this.foreignOf(rewinds);
    if (foreign)
      throw new ConnectError('IllegalStateException', `No current assignment for partition ${foreign.topic}-${foreign.partition}`);
    return rewinds;
  }

  /** How long to wait at most until the next `put`, if the task has said since the last one; in ms. */
  takeTimeoutMs(): number | null {
    const { timeoutMs } = this;
    this.timeoutMs = null;
    return timeoutMs !== null && timeoutMs > 0 ? toDelayMs(timeoutMs) : null;
  }

  /** What the task has paused by itself. */
  get pausedPartitions(): readonly TopicPartition[] {
    return this.paused;
  }

  /** Partitions are gone: when they come back, nobody has paused them, or sent them elsewhere. */
  forget(partitions: readonly TopicPartition[]): void {
    this.paused = this.paused.filter(p => !partitions.some(q => isSame(p, q)));
    this.rewinds = this.rewinds.filter(p => !partitions.some(q => isSame(p, q)));
  }

  private checkMayChange(what: 'pause' | 'resume', partitions: readonly TopicPartition[]): void {
    if (!this.foreignOf(partitions)) return;
    throw new ConnectError('IllegalWorkerStateException', `SinkTasks may not ${what} partitions that are not currently assigned to them.`);
  }

  /** The first of these that this task has not. */
  private foreignOf(partitions: readonly TopicPartition[]): TopicPartition | undefined {
    const assigned = this.consumer.assignment();
    return partitions.find(p => !assigned.some(q => isSame(p, q)));
  }
}
