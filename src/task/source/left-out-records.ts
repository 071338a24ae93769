/**
 * Records of a source that the producer does not take, or that no topic can take: each is left out, as `errors.*` say, or fails the task.
 */
import { topicNameProblem } from '../../data/topic-name';
import { ConnectError } from '../../errors';
import type { ErrorHandler } from '../../pipeline/error-handler';
import { type FailedRecord, sourcePlace } from '../../pipeline/failed-record';
import type { RecordAcks } from './record-acks';
import type { SubmittedRecords } from './submitted-records';

/** The class that Java names for a record that the producer could not deliver. */
const PRODUCER_CLASS = 'org.apache.kafka.connect.runtime.WorkerSourceTask';

export class LeftOutRecords {
  /** The last topic whose name was looked at, and is one. */
  private possibleTopic = '';

  constructor(
    private readonly submitted: SubmittedRecords,
    private readonly acks: RecordAcks,
    private readonly errors: ErrorHandler,
  ) {}

  /** Reports the record of a slot and counts it. @throws ConnectException where none may be left out */
  skip(error: Error, slot: number): void {
    this.errors.skipOrThrow({ stage: 'KAFKA_PRODUCE', className: PRODUCER_CLASS, error, original: () => this.originalOf(slot) });
  }

  /** The same of a record that was not sent: that is its answer. @throws ConnectException where none may be left out */
  leaveOut(error: ConnectError, slot: number): void {
    this.skip(error, slot);
    this.submitted.acknowledge(slot);
    this.acks.leftOut(slot);
  }

  /**
   * Leaves records out for a topic that no broker could make: waiting for it would never end.
   * @returns how many
   * @throws ConnectException where none may be left out
   */
  leaveOutFor(topic: string, slots: Int32Array): number {
    this.submitted.handedOver(topic, slots, slots.length);
    const error = new ConnectError('InvalidTopicException', `Invalid topics: [${topic}]`);
    for (const slot of slots) this.leaveOut(error, slot);
    return slots.length;
  }

  /** True unless no topic can have this name. */
  isPossible(topic: string): boolean {
    if (topic === this.possibleTopic) return true;
    if (topicNameProblem(topic) !== undefined) return false;
    this.possibleTopic = topic;
    return true;
  }

  private originalOf(slot: number): FailedRecord {
    const record = this.acks.recordAt(slot);
    if (record) return { type: 'source', record };
    const { topic, partition, offset } = this.submitted.placeOf(slot);
    return { type: 'text', text: 'source record is a line', place: sourcePlace(topic, partition, offset) };
  }
}
