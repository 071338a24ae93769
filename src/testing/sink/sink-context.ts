/** What a sink task may ask of its worker, without a worker: it notes what is asked, and holds what the worker promises. */
import { ConnectError, type ErrantRecordReporter, getLogger, type Props, type SinkTaskContext, type TopicPartition } from '../../api';
import { FakePluginMetrics } from '../plugin-metrics';

export class FakeSinkContext implements SinkTaskContext {
  readonly taskId = 'testing-0';
  readonly logger = getLogger('testing', '[testing|task-0] ');
  readonly metrics = new FakePluginMetrics();
  /** Where the task wants to go on, by partition. */
  readonly wantedOffsets = new Map<string, number>();
  /** How long the task wants to wait before the next `put`, in ms. */
  readonly timeoutsMs: number[] = [];
  /** How often the task has asked for a commit. */
  requestedCommits = 0;
  /** Partitions of which nothing is to come for now. */
  readonly paused = new Set<string>();
  private assigned = new Map<string, TopicPartition>();

  constructor(
    readonly props: Props,
    readonly errantRecordReporter: ErrantRecordReporter | null = null,
  ) {}

  assignment(): readonly TopicPartition[] {
    return [...this.assigned.values()];
  }

  offset(partition: TopicPartition, offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new ConnectError('IllegalArgumentException', `The offset ${offset} of ${nameOf(partition)} is not a whole number from 0 on`);
    this.wantedOffsets.set(nameOf(this.own(partition)), offset);
  }

  timeout(timeoutMs: number): void {
    this.timeoutsMs.push(timeoutMs);
  }

  pause(...partitions: TopicPartition[]): void {
    for (const partition of partitions) this.paused.add(nameOf(this.own(partition)));
  }

  resume(...partitions: TopicPartition[]): void {
    for (const partition of partitions) this.paused.delete(nameOf(this.own(partition)));
  }

  requestCommit(): void {
    this.requestedCommits++;
  }

  /** What the worker does before `open`. */
  assign(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.assigned.set(nameOf(partition), partition);
  }

  /** What the worker does after `close`: nothing is known of these partitions any more. */
  takeAway(partitions: readonly TopicPartition[]): void {
    for (const name of partitions.map(nameOf)) {
      this.assigned.delete(name);
      this.wantedOffsets.delete(name);
      this.paused.delete(name);
    }
  }

  private own(partition: TopicPartition): TopicPartition {
    if (this.assigned.has(nameOf(partition))) return partition;
    throw new ConnectError('IllegalWorkerStateException', `The task does not have the partition ${nameOf(partition)}`);
  }
}

/** `topic-0`. */
export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
