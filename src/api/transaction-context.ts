/** How a source task says itself where transactions end (org.apache.kafka.connect.source.TransactionContext). */
import type { SourceRecord } from '../data/record/record';

/** For tasks of connectors with `transaction.boundary=connector`, on a worker with exactly-once. */
export interface TransactionContext {
  /** Has the transaction committed after this record, or without one after the batch that `poll` returns next. */
  commitTransaction(record?: SourceRecord): void;
  /**
   * Has the transaction aborted after this record, or after the next batch: readers never see its records. Their offsets are committed
   * all the same, so that they do not come again.
   */
  abortTransaction(record?: SourceRecord): void;
}
