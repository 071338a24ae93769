/**
 * Records in columns: what goes from a source to the broker, and from the broker to a sink, without an object for each record. What a
 * column cannot say in bulk it says as values, one object each, so that every record has its place here. Model: the record batches of
 * Apache Arrow.
 */
import type { SourceOffset, SourcePartition } from '../record/record';
import type { Schema } from '../schema/schema';
import type { ByteColumn } from './byte-column';
import type { RowColumn } from './row-column';
import { Runs } from './runs';

/** Partition of a record that the partitioner chooses for. */
export const PARTITION_UNASSIGNED = -1;
/** Timestamp of a record that has none. */
export const NO_TIMESTAMP = -1;

/** Keys or values of many records. */
export type Column =
  /** Null for every record, without a schema. */
  | { readonly kind: 'none' }
  /** Bytes of the optional BYTES schema, as they lie on a topic. */
  | { readonly kind: 'bytes'; readonly bytes: ByteColumn }
  /** Texts of the required STRING schema, in proper UTF-8. */
  | { readonly kind: 'text'; readonly texts: ByteColumn }
  /** Rows of one STRUCT schema. */
  | { readonly kind: 'rows'; readonly rows: RowColumn }
  | ValueColumn;

/** Anything: a value of Connect for each record, with its schema, null for none. */
export interface ValueColumn {
  readonly kind: 'values';
  readonly schemas: readonly (Schema | null)[];
  readonly values: readonly unknown[];
}

/** The headers of many records, one after the other. */
export interface HeaderColumn {
  /** For each record where its headers end; they begin where those of the record before end. */
  readonly ends: Int32Array;
  readonly keys: readonly string[];
  readonly values: Column;
}

/** The offset behind a record of a batch, by its position; null for none. */
export type OffsetAt = (position: number) => SourceOffset | null;

/**
 * What a source hands over. The task owns all of it and leaves it untouched until the next `poll`, `stop` or error; `offsetAt` is kept
 * until the records are acknowledged, so it should hold no more than it needs.
 */
export interface RecordBatch {
  readonly kind: 'batch';
  readonly count: number;
  readonly topics: Runs<string>;
  /** `PARTITION_UNASSIGNED` leaves one to the partitioner; null leaves all. */
  readonly partitions: Int32Array | null;
  /**
   * Epoch milliseconds, `NO_TIMESTAMP` for none; null for none at all. `now`: when the batch is handed over, which costs nothing where
   * nobody looks at it.
   */
  readonly timestamps: Float64Array | 'now' | null;
  readonly headers: HeaderColumn | null;
  readonly key: Column;
  readonly value: Column;
  readonly sources: Runs<SourcePartition>;
  /** For each record the number that `offsetAt` turns into its source offset, ascending; null where that is its place in the batch. */
  readonly positions: Float64Array | null;
  readonly offsetAt: OffsetAt;
}

export const NO_COLUMN: Column = { kind: 'none' };

/** A batch whose records have values only, go to one topic and come from one source partition; with what it is given instead. */
export function valueBatch(
  topic: string,
  value: Column,
  count: number,
  source: SourcePartition,
  offsetAt: OffsetAt,
  more: Partial<RecordBatch> = {},
): RecordBatch {
  return {
    kind: 'batch',
    count,
    topics: Runs.of(topic, count),
    partitions: null,
    timestamps: null,
    headers: null,
    key: NO_COLUMN,
    value,
    sources: Runs.of(source, count),
    positions: null,
    offsetAt,
    ...more,
  };
}
