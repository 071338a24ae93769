/** The way of values that nothing transforms, without a record for each: packed by the task or by the converter, handed over in one call. */

import type { ByteColumn } from '../../data/batch/byte-column';
import type { SourcePartition } from '../../data/record/record';
import { ConnectError } from '../../errors';
import { MAX_BATCH_MESSAGES, type RecordOutlet, type Rejection } from '../../kafka/clients/record-outlet';
import type { SourceCounts } from './source-counts';
import type { OffsetAt, SubmittedRecords } from './submitted-records';

/** Values on their way to a topic, without keys. */
export interface PackedValues {
  readonly topic: string;
  readonly values: ByteColumn;
  readonly sourcePartition: SourcePartition;
  /** By what `offsetAt` knows each value; null where that is its place in the batch. */
  readonly positions: Float64Array | null;
  readonly offsetAt: OffsetAt;
  /** Place in the batch of the first value. */
  readonly first: number;
}

/** What the lane needs from the sender. */
export interface LaneHost {
  /** Waits until a record may be submitted. @returns false when the task was interrupted meanwhile */
  waitForSlots(): Promise<boolean>;
  /** How many records may be sent now, at least one; 0 when the task was interrupted meanwhile. */
  waitForRoom(topic: string, bytesEach: number): Promise<number>;
  /** Waits for deliveries after a full queue. @returns false when the task was interrupted */
  waitForDeliveries(): Promise<boolean>;
  /** What the producer has handled; nothing if it takes no records any more. */
  handOver(send: () => number): number;
  /** Counts a value that is left out. @throws ConnectException where none may be */
  skip(error: ConnectError, slot: number): void;
  /** Records went to a topic. */
  sent(topic: string, records: number, bytes: number): void;
}

export class BulkLane {
  private readonly rejections: Rejection[] = [];
  private readonly slots = new Int32Array(MAX_BATCH_MESSAGES);

  constructor(
    private readonly producer: Pick<RecordOutlet, 'sendTexts'>,
    private readonly submitted: SubmittedRecords,
    private readonly counts: SourceCounts,
    private readonly host: LaneHost,
  ) {}

  /** Hands values over. Resolves with true when librdkafka has copied all of them, with false when the task is interrupted. */
  async send(batch: PackedValues): Promise<boolean> {
    const { topic, values } = batch;
    const bytesEach = Math.ceil(values.sizeOf(0, values.count) / Math.max(1, values.count));
    for (let from = 0; from < values.count; ) {
      if (!(await this.host.waitForSlots())) return false;
      const room = await this.host.waitForRoom(topic, bytesEach);
      if (room === 0) return false;
      const count = Math.min(room, this.submitted.room, values.count - from, MAX_BATCH_MESSAGES);
      if (!(await this.sendSome(batch, from, count))) return false;
      from += count;
    }
    return true;
  }

  /**
   * Hands over values for which there is room; a full queue, which room has not foreseen, is waited for.
   * @returns false when the task was interrupted meanwhile
   */
  private async sendSome(
    { topic, values, sourcePartition, positions, offsetAt, first }: PackedValues,
    from: number,
    count: number,
  ): Promise<boolean> {
    const { slots } = this;
    this.submitted.submitBatch(sourcePartition, positions, offsetAt, first + from, count, slots);
    this.submitted.handedOver(topic, slots, count);
    this.counts.unsent -= count;
    for (let sent = 0; sent < count; ) {
      const begin = sent;
      sent += this.host.handOver(() =>
        this.producer.sendTexts(topic, values, from + sent, count - sent, slots.subarray(sent), this.rejections),
      );
      if (sent === begin && !(await this.host.waitForDeliveries())) return false;
    }
    this.host.sent(topic, count - this.rejections.length, values.sizeOf(from, count));
    for (const { index, error } of this.rejections.splice(0)) {
      const place = first + index;
      const offset = JSON.stringify(offsetAt(positions === null ? place : (positions[place] as number)), (_, value) =>
        typeof value === 'bigint' ? Number(value) : value,
      );
      const message = `${error.message}: a record of ${values.lengths[index]} bytes before source offset ${offset}`;
      const slot = slots[index - from] as number;
      this.host.skip(new ConnectError(error.code, message, error), slot);
      this.submitted.acknowledge(slot);
    }
    return true;
  }
}
