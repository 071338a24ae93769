/** A sink task at work without a worker: partitions, records and commits come to it as from a worker. */
import { ByteColumn, javaText, type PartitionOffset, type Props, type SinkRecord, type SinkTask, type TopicPartition } from '../../api';
import { demand, within } from '../check';
import { FakeSinkContext, nameOf } from './sink-context';

export class SinkRun {
  readonly context: FakeSinkContext;
  /** Records that the task has reported. */
  readonly reported: SinkRecord[] = [];
  /** The next offset of each partition that the task has. */
  private readonly next = new Map<string, PartitionOffset>();
  private phase: 'new' | 'started' | 'stopped' = 'new';

  /**
   * @param limitMs how long any call may take
   * @param tolerant whether there is a reporter of bad records, which takes every one, as with `errors.tolerance=all`
   */
  constructor(
    readonly task: SinkTask,
    readonly props: Props,
    private readonly limitMs: number,
    tolerant = false,
  ) {
    this.context = new FakeSinkContext(props, tolerant ? async record => void this.reported.push(record) : null);
  }

  async start(): Promise<void> {
    this.phase = 'started';
    this.task.recordsPerPut?.();
    await this.call('start', this.task.start(this.props, this.context));
  }

  async open(partitions: readonly TopicPartition[]): Promise<void> {
    this.context.assign(partitions);
    await this.call('open', this.task.open?.(partitions));
  }

  /** Delivers records, but for those before the offset from which the task wants to go on. */
  async put(records: readonly SinkRecord[]): Promise<void> {
    const wanted = records.filter(record => record.kafkaOffset >= (this.context.wantedOffsets.get(nameOf(partitionOf(record))) ?? 0));
    await this.call('put', this.task.put(wanted));
    this.note(records);
  }

  /** Delivers the texts of values in columns, as the worker does where nothing needs records. */
  async putTexts(records: readonly SinkRecord[]): Promise<void> {
    const value = new ByteColumn(records.length, 16);
    for (const record of records) value.append(record.value === null ? null : Buffer.from(javaText(record.value)));
    await this.call('putBatch', this.task.putBatch?.({ count: records.length, value }));
    // The worker uses it again.
    value.bytes.fill(0);
    this.note(records);
  }

  private note(records: readonly SinkRecord[]): void {
    for (const record of records) {
      const offset = Math.max(record.kafkaOffset + 1, this.next.get(nameOf(partitionOf(record)))?.offset ?? 0);
      this.next.set(nameOf(partitionOf(record)), { ...partitionOf(record), offset });
    }
  }

  /** What the worker does before it commits. @returns the offsets that it commits then, and those that it has offered */
  async commit(): Promise<{ readonly offered: readonly PartitionOffset[]; readonly committed: readonly PartitionOffset[] }> {
    const offered = [...this.next.values()];
    if (this.task.preCommit) return { offered, committed: await this.call('preCommit', this.task.preCommit(offered)) };
    await this.call('flush', this.task.flush?.(offered));
    return { offered, committed: offered };
  }

  async close(partitions: readonly TopicPartition[]): Promise<void> {
    await this.call('close', this.task.close?.(partitions));
    this.context.takeAway(partitions);
    for (const partition of partitions) this.next.delete(nameOf(partition));
  }

  /** Once, and only after `start`, as by a worker. */
  async stop(): Promise<void> {
    if (this.phase !== 'started') return;
    this.phase = 'stopped';
    try {
      await this.call('stop', this.task.stop());
    } finally {
      this.context.metrics.close();
    }
  }

  private call<T>(what: string, promise: T | Promise<T>): Promise<T> {
    return within(this.limitMs, what, promise);
  }
}

const partitionOf = ({ originalTopic, originalKafkaPartition }: SinkRecord): TopicPartition => ({
  topic: originalTopic,
  partition: originalKafkaPartition,
});

/** @throws Error for offsets beyond what was put, or of partitions of which nothing was */
export function demandWithin(committed: readonly PartitionOffset[], offered: readonly PartitionOffset[]): void {
  const known = new Map(offered.map(offset => [nameOf(offset), offset.offset]));
  for (const offset of committed) {
    const most = known.get(nameOf(offset));
    demand(most !== undefined, `preCommit answers with ${nameOf(offset)}, of which nothing was put`);
    demand(
      offset.offset <= most,
      `preCommit answers with offset ${offset.offset} of ${nameOf(offset)}, of which was put up to ${most} only`,
    );
  }
}
