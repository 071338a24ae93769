/** Memory for records on their way from the task to the producer, used again for each batch of a run. */
import { ByteColumn } from '../../../data/batch/byte-column';
import { MAX_BATCH_MESSAGES, type Rejection } from '../../../kafka/clients/record-outlet';
import { PackedRecords } from '../../../kafka/producer/packed-records';

export class SendBuffers {
  /** Records in the form that the producer takes. */
  readonly packed = new PackedRecords();
  /** Values that a converter has made of a batch of texts or rows. */
  readonly encoded = new ByteColumn(1, 0);
  /** Slots of values that go out without a record for each. */
  readonly slots = new Int32Array(MAX_BATCH_MESSAGES);
  /** What the producer has refused of the last records; emptied by who has sent them. */
  readonly rejections: Rejection[] = [];
}
