/** What became of records, for the task's `commitRecord`, and for reports of those that fail. */
import type { RecordMetadata, SourceTask } from '../../api/source';
import type { SourceRecord } from '../../data/record/record';
import type { Logger } from '../../log';

export class RecordAcks {
  /** Records under way by slot, and where they go; only for tasks that want to hear of them. */
  private readonly underWay = new Map<number, { readonly record: SourceRecord; readonly topic: string }>();
  private answered: [SourceRecord, RecordMetadata | null][] = [];
  /** True if records are kept until they are answered, whether the task wants to hear of them or not. */
  keepsRecords = false;
  /** True if the task hears of its records only when their transaction is committed. */
  waitForCommits = false;

  constructor(
    private readonly task: SourceTask,
    private readonly logger: Logger,
  ) {}

  /** A record goes its way. */
  sent(record: SourceRecord, slot: number, topic: string): void {
    if (this.task.commitRecord || this.keepsRecords) this.underWay.set(slot, { record, topic });
  }

  /** The record in a slot, if it was kept. */
  recordAt(slot: number): SourceRecord | undefined {
    return this.underWay.get(slot)?.record;
  }

  /** A record that was left out before it was sent. */
  dropped(record: SourceRecord): void {
    if (this.task.commitRecord) this.answered.push([record, null]);
  }

  /** A broker has acknowledged a record: that is its place. */
  acknowledged(slot: number, partition: number, offset: number): void {
    const sent = this.underWay.get(slot);
    if (sent) this.answer(slot, sent.record, { topic: sent.topic, partition, offset });
  }

  /** A record under way was left out. */
  leftOut(slot: number): void {
    const sent = this.underWay.get(slot);
    if (sent) this.answer(slot, sent.record, null);
  }

  private answer(slot: number, record: SourceRecord, metadata: RecordMetadata | null): void {
    this.underWay.delete(slot);
    this.answered.push([record, metadata]);
  }

  /**
   * Tells the task of its records that have got their answers, apart from the round that brought them: it may take its time.
   * @param committed true if their transaction was just committed
   */
  tellTask(committed = false): void {
    if (this.answered.length === 0 || (this.waitForCommits && !committed)) return;
    const { answered } = this;
    this.answered = [];
    for (const [record, metadata] of answered) {
      try {
        this.task.commitRecord?.(record, metadata);
      } catch (error) {
        this.logger.error('Exception thrown while calling task.commitRecord()', error);
      }
    }
  }
}
