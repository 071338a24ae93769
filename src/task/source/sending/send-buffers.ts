/** Memory for records on their way from the task to the producer, used again for each batch of a run. */
import type { Rejection } from '../../../kafka/clients/record-outlet';
import { WireBatch } from '../../../kafka/producer/wire-batch';

export class SendBuffers {
  /** Records in the form that the producer takes. */
  readonly wire = new WireBatch();
  /** Bytes of a value, on the average of the last columns that were converted. */
  bytesEach = 0;
  /** What the producer has refused of the last records; emptied by who has sent them. */
  readonly rejections: Rejection[] = [];
}
